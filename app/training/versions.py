"""What decides about a run's last digits besides its spec: programs, processor, and settings."""

from __future__ import annotations

import os
import platform
import re

import numpy as np
import torch

from app import __version__

# Variables by which oneDNN, MKL and torch choose other kernels, or fewer digits. Those that say how
# many threads there are do not belong here: a run has one.
CHOOSING = (
    "ATEN_CPU_CAPABILITY",
    "DNNL_DEFAULT_FPMATH_MODE",
    "DNNL_MAX_CPU_ISA",
    "MKL_CBWR",
    "MKL_DEBUG_CPU_TYPE",
    "MKL_ENABLE_INSTRUCTIONS",
    "ONEDNN_DEFAULT_FPMATH_MODE",
    "ONEDNN_MAX_CPU_ISA",
)


def versions(device: torch.device) -> dict[str, str]:
    """Names and values; two runs of one spec that agree in all of them give the same numbers.

    ``cpu`` are the instructions that torch's own kernels use. A library that is off, or that this
    build lacks, is ``off``.
    """
    build = torch.__config__.show()
    found = {
        "depthscope": __version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": platform.machine(),
        "cpu": torch.backends.cpu.get_cpu_capability(),
        "onednn": _named(build, r"MKL-DNN v(\S+)", on=_is_on("mkldnn")),
        "mkl": _named(build, r"Math Kernel Library Version (\S+)", on=_is_on("mkl")),
        "float32_matmul": torch.get_float32_matmul_precision(),
    }
    if device.type == "cuda":
        found["gpu"] = torch.cuda.get_device_name(device)
        found["cuda"] = str(torch.version.cuda)
        found["cudnn"] = str(torch.backends.cudnn.version())  # type: ignore[no-untyped-call]
    return found | {name: os.environ[name] for name in CHOOSING if name in os.environ}


def _is_on(library: str) -> bool:
    """Whether this build has torch.backends.<library>, and uses it."""
    backend = getattr(torch.backends, library)
    return bool(backend.is_available() and getattr(backend, "enabled", True))


def _named(build: str, version: str, *, on: bool) -> str:
    """The version of a library that torch was built with; ``on`` where it does not tell."""
    if not on:
        return "off"
    found = re.search(version, build)
    return found[1] if found else "on"
