"""Paths: a residual network's gradient as a sum over all ways through it, by their length.

Veit et al. 2016 (arXiv:1605.06431), sections 3 and 4.4. Each block is passed by its shortcut or
through its branch, so n blocks make 2^n paths, of which n over k go through k branches. The
gradient by what the first block reads is the sum of what comes back on each path; carried back
through the network by length, one tensor a length, the sums are exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from math import comb, isfinite, prod, sqrt

import torch
from torch import Tensor

from app.analyses.paths_plan import Paths
from app.events import Finding, Number
from app.spec import RunSpec
from app.training.evaluation import Evaluation
from app.training.setup import Setup
from models.net import Block, Net
from models.noise import generator
from models.skips.none import Plain

DOUBLE = 8  # bytes
MEMORY = 2**28  # bytes that examples may take together
KEPT = 8  # of each block, tensors as large as its output

Loss = Callable[[Tensor], Tensor]  # of the outputs


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

    In float64: the parts add up to the gradient to its rounding. In evaluation mode, so no example
    depends on another: they are gone through so many at a time as memory allows.
    """
    net = deepcopy(intact.net).double()
    examples = setup.train.spread(min(choice.examples, len(setup.train)))
    blocks = len(net.blocks)
    drawn = {length: _drawn(choice, length, blocks) for length in range(blocks + 1)}
    found: dict[int, _Length] = {}
    whole = difference = 0.0  # squared, as sums over examples
    left = len(examples)
    for inputs, answers in examples.chunks(_at_once(net)):
        left -= len(inputs)
        truth = answers.double() if answers.is_floating_point() else answers

        def loss(outputs: Tensor, truth: Tensor = truth) -> Tensor:
            return setup.task.loss(outputs, truth, reduction="sum") / len(examples)

        passed, last = _forward(net, loss, inputs.double())
        yield None
        lengths = yield from _carried(passed, last)
        gradient = _whole(net, loss, inputs.double())
        whole += _square(gradient)
        difference += _square(sum(lengths.values(), start=-gradient))
        for length, part in lengths.items():
            one = found.setdefault(length, _Length())
            one.square += _square(part)
            one.along += float((part * gradient).sum())
        for length, one in found.items():
            for through in drawn[length] if len(found) > 1 else ():
                one.singles[through] += _square(_single(passed, last, through))
                yield None
            if left == 0:
                yield Finding(step=0, what="length", values=one.values(length, blocks, whole))
    values = {"norm": _finite(sqrt(whole)), "difference": _ratio(sqrt(difference), sqrt(whole))}
    yield Finding(step=0, what="whole", values=values)


@dataclass
class _Length:
    """What comes back on the paths of one length, as sums over examples.

    ``square``: of the norm; ``along``: the product with the whole gradient; ``singles``: the
    squares of what each of the paths that were drawn brings.
    """

    square: float = 0.0
    along: float = 0.0
    singles: dict[frozenset[int], float] = field(default_factory=lambda: defaultdict(float))

    def values(self, length: int, blocks: int, whole: float) -> dict[str, Number]:
        """What is told of it; ``whole``: the square of the whole gradient's norm."""
        norms = [sqrt(square) for square in self.singles.values()]
        told: dict[str, float] = {
            "length": length,
            "paths": comb(blocks, length) if norms else 1,
            "norm": sqrt(self.square),
        }
        if norms:
            mean = sum(norms) / len(norms)
            told |= {"single": mean, "single_least": min(norms), "single_most": max(norms)}
        share = {"share": _ratio(self.along, whole)}
        return {name: _finite(value) for name, value in told.items()} | share


def _drawn(choice: Paths, length: int, blocks: int) -> list[frozenset[int]]:
    """Paths of a length, by the blocks whose branches they go through; each once."""
    draws = (
        torch.randperm(blocks, generator=generator(choice.seed, f"paths/{length}/{draw}"))
        for draw in range(choice.draws)
    )
    return list(dict.fromkeys(frozenset(drawn[:length].tolist()) for drawn in draws))


def _at_once(net: Net) -> int:
    """So many examples that what is carried back, and what blocks keep for it, fit in memory."""
    _, *sizes, _ = (prod(shape) for shape in net.shapes)
    carried = 2 * (len(sizes) + 1) * max(sizes)  # one tensor a length, before and after a block
    return max(1, MEMORY // (DOUBLE * (carried + KEPT * sum(sizes))))


def _forward(net: Net, loss: Loss, inputs: Tensor) -> tuple[list[Passed], Tensor]:
    """Every block as it was passed, a graph each; and the gradient by what the last gave."""
    with torch.no_grad():
        read = net.blocks[0].skip.open(net.stem(inputs))
    passed = []
    for block in net.blocks:
        read = read.detach().requires_grad_()
        passed.append(_pass(block, read))
        read = passed[-1].gave
    end = read.detach().requires_grad_()
    return passed, _gradient(loss(net.head(net.blocks[-1].skip.close(end))), end)


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


def _whole(net: Net, loss: Loss, inputs: Tensor) -> Tensor:
    """The same gradient by one backward pass through all of the network."""
    with torch.no_grad():
        stem = net.stem(inputs)
    stem.requires_grad_()
    stream = net.blocks[0].skip.open(stem)
    for block in net.blocks:
        stream = block(stream)
    return _gradient(loss(net.head(net.blocks[-1].skip.close(stream))), stem)


def _single(passed: Sequence[Passed], last: Tensor, through: frozenset[int]) -> Tensor:
    """What comes back on one path: through these branches, else by the shortcut."""
    gradient = last
    for index in reversed(range(len(passed))):
        part = passed[index].back(gradient)[index in through]
        if part is None:
            return torch.zeros(())
        gradient = part
    return gradient


def _square(gradient: Tensor) -> float:
    """Of the L2 norm."""
    return float(gradient.square().sum())


def _ratio(part: float, whole: float) -> Number:
    """A part of the whole, as JSON has it."""
    return _finite(part / whole) if whole else None


def _finite(value: float) -> Number:
    """A number as JSON has it: None where it is not finite."""
    return float(value) if isfinite(value) else None
