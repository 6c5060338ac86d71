"""Paths: a residual network's gradient as a sum over all ways through it, by their length.

Veit et al. 2016 (arXiv:1605.06431), sections 3 and 4.4. Each block is passed by its shortcut or
through its branch, so n blocks make 2^n paths, of which n over k go through k branches. The
gradient by what the first block reads is the sum of what comes back on each path; carried back
through the network by length, one tensor a length, the sums are exact.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from math import comb, isfinite

import torch
from torch import Tensor

from app.analyses.paths_plan import Paths
from app.events import Finding, Number
from app.spec import RunSpec
from app.training.evaluation import Evaluation
from app.training.setup import Setup
from app.training.task import Task
from models.net import Block, Net
from models.noise import generator
from models.skips.none import Plain


@dataclass(frozen=True)
class Passed:
    """A block that a batch went through: what it read, what it gave, and the start of each way.

    ``shortcut`` is None where nothing passes the branch by.
    """

    read: Tensor
    gave: Tensor
    branch: Tensor
    shortcut: Tensor | None

    def back(self, gradient: Tensor) -> tuple[Tensor | None, Tensor]:
        """The gradient by what the block reads, of this by what it gave: each way's part.

        None: nothing comes back through a shortcut.
        """
        if self.shortcut is None:
            return None, _gradient(self.gave, self.read, gradient)
        past, fx = torch.autograd.grad(
            self.gave, (self.shortcut, self.branch), gradient, retain_graph=True, allow_unused=True
        )
        if past is not None:
            past = _gradient(self.shortcut, self.read, past)
        return past, _gradient(self.branch, self.read, fx)


def _gradient(of: Tensor, by: Tensor, gradient: Tensor | None = None) -> Tensor:
    found: Tensor
    (found,) = torch.autograd.grad(of, by, gradient, retain_graph=True)
    return found


def paths(
    spec: RunSpec, setup: Setup, intact: Evaluation, choice: Paths
) -> Generator[Finding | None]:
    """The gradient of each length of path, the shortest first, then of all; None on the way.

    ``norm`` is that of the gradients of all ``paths`` of a length, added as vectors, and ``share``
    their part of the whole: <g_length, g> / |g|^2, which add up to 1. ``single`` is the mean norm
    of one path, of those that were drawn. ``difference``: how far the lengths' sum is from what one
    backward pass gives, as a part of it.

    In float64: the parts add up to the gradient to its rounding. In evaluation mode: with batch
    statistics of the batch the examples would depend on each other.
    """
    net = deepcopy(intact.net).double()
    count = min(choice.examples, len(setup.train))
    inputs, answers = next(setup.train.spread(count).chunks(count))
    inputs = inputs.double()
    answers = answers.double() if answers.is_floating_point() else answers
    passed, last = _forward(net, setup.task, inputs, answers)
    yield None
    lengths = yield from _carried(passed, last)
    whole = _whole(net, setup.task, inputs, answers)
    size = whole.norm().item()
    for length, gradient in lengths.items():
        singles = []
        for draw in range(choice.draws if len(lengths) > 1 else 0):
            draws = generator(choice.seed, f"paths/{length}/{draw}")
            through = torch.randperm(len(passed), generator=draws)[:length].tolist()
            singles.append(_single(passed, last, set(through)))
            yield None
        yield Finding(
            step=0,
            what="length",
            values={
                "length": length,
                "paths": _finite(comb(len(passed), length) if len(lengths) > 1 else 1),
                "norm": _finite(gradient.norm().item()),
                "share": _ratio((gradient * whole).sum().item(), size * size),
                **_spread(singles),
            },
        )
    total = sum(lengths.values(), torch.zeros_like(whole))
    yield Finding(
        step=0,
        what="whole",
        values={
            "norm": _finite(size),
            "difference": _ratio((total - whole).norm().item(), size),
        },
    )


def _forward(net: Net, task: Task, inputs: Tensor, answers: Tensor) -> tuple[list[Passed], Tensor]:
    """Every block as it was passed, a graph each; and the gradient by what the last gave."""
    with torch.no_grad():
        read = net.blocks[0].skip.open(net.stem(inputs))
    passed = []
    for block in net.blocks:
        read = read.detach().requires_grad_()
        passed.append(_pass(block, read))
        read = passed[-1].gave
    end = read.detach().requires_grad_()
    loss = task.loss(net.head(net.blocks[-1].skip.close(end)), answers)
    return passed, _gradient(loss, end)


def _pass(block: Block, read: Tensor) -> Passed:
    plain = isinstance(block.skip, Plain)
    with block.sites.recording(("branch", "shortcut")) as ways:
        gave = block(read)
    branch = ways[f"{block.name}.branch"]
    return Passed(read, gave, branch, None if plain else ways[f"{block.name}.shortcut"])


def _carried(passed: Sequence[Passed], last: Tensor) -> Generator[None, None, dict[int, Tensor]]:
    """The gradient by what the first block reads, by how many branches it came through."""
    lengths = {0: last}
    for block in reversed(passed):
        before: dict[int, Tensor] = {}
        for length, gradient in lengths.items():
            for longer, part in enumerate(block.back(gradient)):
                if part is not None:
                    at = length + longer
                    before[at] = before[at] + part if at in before else part
        lengths = before
        yield
    return dict(sorted(lengths.items()))


def _whole(net: Net, task: Task, inputs: Tensor, answers: Tensor) -> Tensor:
    """The same gradient by one backward pass through all of the network."""
    with torch.no_grad():
        stem = net.stem(inputs)
    stem.requires_grad_()
    stream = net.blocks[0].skip.open(stem)
    for block in net.blocks:
        stream = block(stream)
    loss = task.loss(net.head(net.blocks[-1].skip.close(stream)), answers)
    return _gradient(loss, stem)


def _single(passed: Sequence[Passed], last: Tensor, through: set[int]) -> float:
    """The norm of what comes back on one path: through these branches, else by the shortcut."""
    gradient = last
    for index in reversed(range(len(passed))):
        part = passed[index].back(gradient)[index in through]
        if part is None:
            return 0.0
        gradient = part
    return float(gradient.norm())


def _spread(norms: Sequence[float]) -> dict[str, Number]:
    """The mean norm of one path, the least and the greatest; nothing where none was drawn."""
    if not norms:
        return {}
    return {
        "single": _finite(sum(norms) / len(norms)),
        "single_least": _finite(min(norms)),
        "single_most": _finite(max(norms)),
    }


def _ratio(part: float, whole: float) -> Number:
    """A part of the whole, as JSON has it."""
    return _finite(part / whole) if whole else None


def _finite(value: float) -> Number:
    """A number as JSON has it: None where it is not finite."""
    return float(value) if isfinite(value) else None
