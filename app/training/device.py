"""Where a run computes, made repeatable."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from app.spec import RunSpec


def devices() -> tuple[str, ...]:
    """Where a run can compute here, as torch and a spec name it."""
    return ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",)


def device_of(spec: RunSpec) -> torch.device:
    """Where this spec computes; ``auto`` is CUDA where there is one.

    On CUDA, algorithms are deterministic and TF32 is off, so that one spec gives one curve.
    """
    name = devices()[-1] if spec.device == "auto" else spec.device
    if name == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS repeats only with it
        torch.use_deterministic_algorithms(True)
        torch.backends.cudnn.benchmark = False
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cuda.matmul.allow_tf32 = False
    return torch.device(name)


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute in one thread: with another number sums are added in another order."""
    before = torch.get_num_threads()
    if before != 1:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        if before != 1:
            torch.set_num_threads(before)
