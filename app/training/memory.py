"""How much memory a run needs, told before it starts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from pathlib import Path

import psutil
import torch
from torch import Tensor, UntypedStorage

from app.machine import runs_at_once
from app.spec import RunSpec
from app.training.peak import answering, kind
from app.training.underflow import at_once
from app.validation import BadField
from models.net import Net

FLOAT, DOUBLE = 4, 8  # bytes
TRACED = 3  # blocks alike that are gone through
CGROUP = Path("/sys/fs/cgroup")  # of the container, where this is one


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes that a run takes; an estimate.

    ``weights``: for them, their gradients and the optimizer, all along. ``step`` and
    ``evaluation`` take turns: one batch's activations, or what ``examples`` take that are
    evaluated at once.
    """

    weights: int
    step: int
    evaluation: int
    examples: int

    @property
    def total(self) -> int:
        """The most at any time."""
        return self.weights + max(self.step, self.evaluation)


def need(spec: RunSpec, net: Net, sites: Collection[str], examples: int) -> Need:
    """What a run needs whose evaluations go through so many ``examples`` at once.

    ``net`` is on the meta device: the batch's shape goes through it, and ``sites`` are recorded.
    Zeros are looked at again on a copy of the network in float64, with gradients of its own: once
    a step's activations are gone, but not what passed the sites and the gradients there.

    Raises:
        RuntimeError: what is to be added differs in shape; PyTorch's own words.
    """
    weights = sum(p.numel() for p in net.parameters())
    state = {"sgd": 1, "adam": 2}[spec.optimizer.name]
    copies = 4 + state  # weights, their gradients twice (autograd's and the flat one), old weights
    kept, passed = activations(net, spec.batch_size, sites)
    again = at_once(net, spec.batch_size) / spec.batch_size
    look = 2 * passed + ceil(DOUBLE / FLOAT * again * (kept + passed))
    return Need(
        weights=weights * (FLOAT * copies + DOUBLE * 2),
        step=max(kept + passed, look),
        evaluation=answering(net, examples),
        examples=examples,
    )


def activations(net: Net, batch: int, sites: Collection[str]) -> tuple[int, int]:
    """Bytes that a batch of so many leaves until its gradients are known, and of what passes sites.

    Autograd itself says what it keeps: its hooks see each tensor, on the meta device without any
    memory. What passes a site is kept besides. Of blocks alike, the first three are gone through:
    what each further one keeps is as much more as the third keeps more than the second, since a
    list of all that was written grows by one entry.
    """
    own = {_place(tensor) for tensor in (*net.parameters(), *net.buffers())}
    kept: dict[int, UntypedStorage] = {}

    def keep(tensor: Tensor) -> Tensor:
        if (place := _place(tensor)) not in own:
            kept[place] = tensor.untyped_storage()
        return tensor

    def sizes() -> tuple[int, int]:
        for signal in passed.values():
            keep(signal)
        return sum(one.nbytes() for one in kept.values()), sum(map(_nbytes, passed.values()))

    further = [0, 0]
    hooks = torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor)
    with hooks, net.sites.recording(sites) as passed:
        x = net.stem(torch.empty((batch, *net.example), device="meta"))
        stream = net.blocks[0].skip.open(x)
        for _, alike in groupby(net.blocks, kind):
            grown = [sizes()]
            for number, block in enumerate(alike, 1):
                if number <= TRACED:
                    stream = block(stream)
                    grown.append(sizes())
                    continue
                for n in range(2):
                    second, third = grown[2][n] - grown[1][n], grown[3][n] - grown[2][n]
                    further[n] += third + (number - TRACED) * (third - second)
                if isinstance(stream, list):
                    stream = [*stream, stream[-1]]
        net.head(net.blocks[-1].skip.close(stream))
    found = sizes()
    return found[0] + further[0], found[1] + further[1]


def _nbytes(tensor: Tensor) -> int:
    return tensor.nbytes


def _place(tensor: Tensor) -> int:
    """What tells memory apart on a device without addresses."""
    return int(tensor.untyped_storage()._cdata)


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


def check(need: Need, free: int) -> None:
    """Refuse what would not fit, by the setting that takes the most.

    Runs may start at the same moment, and none sees yet what the others will take: each may take
    its share. One that is already under way has taken from what is free.

    Raises:
        BadField: more than nine tenths of this run's share of what is free would be needed.
    """
    runs = runs_at_once()
    if need.total <= 0.9 * free / runs:
        return
    if need.weights > max(need.step, need.evaluation):
        field, most, less = "net.width", "for the weights", "a smaller width or depth"
    elif need.step >= need.evaluation:
        field, most, less = "batch_size", "for a batch", "a smaller batch, width or depth"
    else:
        most = f"to evaluate {need.examples} examples at once"
        field, less = "net.width", "a smaller width or depth"
    shared = f", to be shared by {runs} runs" if runs > 1 else ""
    raise BadField(
        field,
        f"needs about {_gib(need.total)} of memory with this depth and width, "
        f"most of it {most}, and only {_gib(free)} is free{shared}",
        f"allowed: {less}",
    )


def _gib(size: int) -> str:
    return f"{size / 2**30:,.1f} GiB"
