"""How much memory a run needs, told before it starts."""

from __future__ import annotations

from math import prod
from pathlib import Path

import psutil
import torch

from app.spec import BadField, RunSpec
from models.net import Net

FLOAT = 4  # bytes
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
CGROUP_USED = Path("/sys/fs/cgroup/memory.current")


def needed(spec: RunSpec, net: Net, shapes: list[tuple[int, ...]]) -> int:
    """Bytes for weights, gradients, optimizer state and one batch's activations; an estimate.

    ``shapes`` are one example's at the output of every part of ``net``.
    """
    weights = sum(p.numel() for p in net.parameters())
    state = {"sgd": 1, "adam": 2}[spec.optimizer.name]
    copies = 4 + state  # weights, their gradients twice (autograd's and the flat one), old weights
    outputs = dict(zip(net.parts, map(prod, shapes), strict=True))
    per_layer = 2 if spec.net.norm == "none" else 3  # the layer's, the norm's, the activation's
    kept = sum(outputs[layer.part] * per_layer for layer in net.layers())
    flow = sum(outputs.values())
    return FLOAT * (weights * copies + spec.batch_size * (kept + flow))


def available(device: torch.device) -> int:
    """Bytes free on the device: of the card, or of the machine and its container."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return int(free)
    free = psutil.virtual_memory().available
    if CGROUP_LIMIT.exists() and CGROUP_USED.exists():
        limit = CGROUP_LIMIT.read_text().strip()
        if limit != "max":
            free = min(free, int(limit) - int(CGROUP_USED.read_text()))
    return int(free)


def check(needs: int, free: int) -> None:
    """Refuse what would not fit.

    Raises:
        BadField: more than nine tenths of what is free would be needed.
    """
    if needs > 0.9 * free:
        raise BadField(
            "batch_size",
            f"with this depth and width training needs about {_gib(needs)}, "
            f"and {_gib(free)} are free",
            "allowed: a smaller batch, width or depth",
        )


def _gib(size: int) -> str:
    return f"{size / 2**30:,.1f} GiB"
