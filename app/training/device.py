"""Where a run computes, made repeatable."""

from __future__ import annotations

import os

import torch

from app.mistakes import BadField


def choose(name: str) -> torch.device:
    """The device of this name; ``auto`` is CUDA where there is one.

    On CUDA, algorithms are deterministic and TF32 is off, so that one spec gives one curve.

    Raises:
        BadField: CUDA was asked for and is not there.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda":
        if not torch.cuda.is_available():
            raise BadField("device", "there is no CUDA device here", "allowed: auto, cpu")
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS repeats only with it
        torch.use_deterministic_algorithms(True)
        torch.backends.cudnn.benchmark = False
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cuda.matmul.allow_tf32 = False
    return torch.device(name)
