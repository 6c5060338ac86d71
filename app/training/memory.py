"""How much memory a run needs, told before it starts."""

from __future__ import annotations

from math import prod
from pathlib import Path

import psutil
import torch

from app.machine import runs_at_once
from app.mistakes import BadField
from app.spec import RunSpec
from models.net import Net

FLOAT = 4  # bytes
CGROUP = Path("/sys/fs/cgroup")  # of the container, where this is one


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
    free = int(psutil.virtual_memory().available)
    limit = CGROUP / "memory.max"
    if limit.exists() and (most := limit.read_text().strip()) != "max":
        free = min(free, int(most) - _used(CGROUP))
    return max(0, free)


def _used(cgroup: Path) -> int:
    """Bytes that a container holds on to: all that it has but cached files nobody uses."""
    lines = (cgroup / "memory.stat").read_text().splitlines()
    cached = dict(line.split() for line in lines)["inactive_file"]
    return int((cgroup / "memory.current").read_text()) - int(cached)


def check(needs: int, free: int) -> None:
    """Refuse what would not fit.

    Runs may start at the same moment, and none sees yet what the others will take: each may take
    its share. One that is already under way has taken from what is free.

    Raises:
        BadField: more than nine tenths of this run's share of what is free would be needed.
    """
    runs = runs_at_once()
    if needs > 0.9 * free / runs:
        shared = f", for {runs} runs that may train at once" if runs > 1 else ""
        raise BadField(
            "batch_size",
            f"with this depth and width training needs about {_gib(needs)}, "
            f"and {_gib(free)} are free{shared}",
            "allowed: a smaller batch, width or depth",
        )


def _gib(size: int) -> str:
    return f"{size / 2**30:,.1f} GiB"
