"""Paths: a residual network's gradient as a sum over all ways through it, by their length.

Veit et al. 2016 (arXiv:1605.06431), sections 3 and 4.4. Each block is passed by its shortcut or
through its branch, so n blocks make 2^n paths, of which n over k go through k branches. The
gradient by what the first block reads is the sum of what comes back on each path; carried back
through the network by length, one tensor a length, the sums are exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from math import comb, hypot, inf, isfinite, prod

import torch
from torch import Tensor

from app.analyses.paths_plan import Paths
from app.events import Finding, Number
from app.spec import RunSpec
from app.training.evaluation import Evaluation
from app.training.memory import available
from app.training.setup import Setup
from models.net import Block, Net
from models.noise import generator
from models.skips.none import Plain

DOUBLE = 8  # bytes
MEMORY = 2**30  # bytes that examples may take together
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

    def past(self, gradient: Tensor) -> Tensor | None:
        """The part by what the block reads that comes through its shortcut; None: nothing does."""
        if self.shortcut is None:
            return None
        (part,) = torch.autograd.grad(
            self.gave, self.shortcut, gradient, retain_graph=True, allow_unused=True
        )
        return None if part is None else _gradient(self.shortcut, self.read, part)

    def through(self, gradient: Tensor) -> Tensor:
        """The part that comes through its branch; of a block without a shortcut it is all."""
        if self.shortcut is None:
            return _gradient(self.gave, self.read, gradient)
        return _gradient(self.branch, self.read, _gradient(self.gave, self.branch, gradient))

    def both(self, gradient: Tensor) -> tuple[Tensor | None, Tensor]:
        """Both parts, by one pass through what follows where they meet."""
        if self.shortcut is None:
            return None, self.through(gradient)
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
    found: dict[int, _Length] = {}
    whole = difference = 0.0  # norms
    left = len(examples)
    for inputs, answers in examples.chunks(_at_once(net, next(net.parameters()).device)):
        left -= len(inputs)
        truth = answers.double() if answers.is_floating_point() else answers

        def loss(outputs: Tensor, truth: Tensor = truth) -> Tensor:
            return setup.task.loss(outputs, truth, reduction="sum") / len(examples)

        gradient = _whole(net, loss, inputs.double())
        yield None
        passed, last = _forward(net, loss, inputs.double())
        yield None
        lengths = yield from _carried(passed, last)
        whole = hypot(whole, _norm(gradient))
        difference = hypot(difference, _norm(sum(lengths.values(), start=-gradient)))
        for length, part in lengths.items():
            one = found.setdefault(length, _Length())
            one.norm = hypot(one.norm, _norm(part))
            one.along += float((part * gradient).sum())
        del lengths
        for length, one in found.items():
            for through in _drawn(choice, length, blocks) if len(found) > 1 else ():
                norm = _norm(_single(passed, last, through))
                one.singles[through] = hypot(one.singles[through], norm)
                yield None
            if left == 0:
                yield Finding(step=0, what="length", values=one.values(length, blocks, whole))
    yield Finding(
        step=0,
        what="whole",
        values={"norm": _finite(whole), "difference": _ratio(difference, whole)},
    )


@dataclass
class _Length:
    """What comes back on the paths of one length, over the examples so far.

    ``norm``: of it; ``along``: its product with the whole gradient; ``singles``: the norms of what
    each of the paths that were drawn brings.
    """

    norm: float = 0.0
    along: float = 0.0
    singles: dict[frozenset[int], float] = field(default_factory=lambda: defaultdict(float))

    def values(self, length: int, blocks: int, whole: float) -> dict[str, Number]:
        """What is told of it; ``whole``: the whole gradient's norm."""
        norms = list(self.singles.values()) or [self.norm]  # of a plain network: all comes on one
        return {
            "length": length,
            "paths": _count(blocks, length) if self.singles else 1,
            "norm": _finite(self.norm),
            "share": _ratio(self.along / whole, whole) if whole else None,
            "single": _finite(sum(norms) / len(norms)),
            "single_least": _finite(min(norms)),
            "single_most": _finite(max(norms)),
        }


def _count(blocks: int, length: int) -> Number:
    """How many paths have a length; None where that is beyond a number's range."""
    try:
        return float(comb(blocks, length))
    except OverflowError:
        return None


def _drawn(choice: Paths, length: int, blocks: int) -> Iterator[frozenset[int]]:
    """Paths of a length, by the blocks whose branches they go through; each once."""
    seen = set()
    for draw in range(choice.draws):
        draws = generator(choice.seed, f"paths/{length}/{draw}")
        through = frozenset(torch.randperm(blocks, generator=draws)[:length].tolist())
        if through not in seen:
            seen.add(through)
            yield through


def _at_once(net: Net, device: torch.device) -> int:
    """So many examples that what is carried back, and what blocks keep for it, fit in memory.

    Half of what is free, and no more than MEMORY: others may begin at the same moment.
    """
    _, *sizes, _ = (prod(shape) for shape in net.shapes)
    carried = 2 * (len(sizes) + 1) * max(sizes)  # one tensor a length, before and after a block
    free = min(MEMORY, available(device) // 2)
    return max(1, free // (DOUBLE * (carried + KEPT * sum(sizes))))


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
            for longer, part in enumerate(block.both(gradient)):
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
        block = passed[index]
        part = block.through(gradient) if index in through else block.past(gradient)
        if part is None:
            return torch.zeros(())
        gradient = part
    return gradient


def _norm(gradient: Tensor) -> float:
    """L2, where squares would fall below float64's range, too."""
    most = float(gradient.abs().max())
    return most * float((gradient / most).norm()) if 0 < most < inf else most


def _ratio(part: float, whole: float) -> Number:
    """A part of the whole, as JSON has it."""
    return _finite(part / whole) if whole else None


def _finite(value: float) -> Number:
    """A number as JSON has it: None where it is not finite."""
    return float(value) if isfinite(value) else None
