"""Lesion: what becomes of a trained network's error without one of its blocks, or with two swapped.

Veit et al. 2016 (arXiv:1605.06431), section 4. Where a block has a skip, its branch is removed and
the block is what passes it by; a plain network's block is left out whole, if its input and output
have one shape.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence

import torch
from torch import Tensor, nn

from app.analyses.lesion_plan import Lesion, numbers
from app.events import Finding, Number
from app.spec import RunSpec
from app.training.evaluation import Evaluation, known, measure
from app.training.precise_norm import PreciseNorm
from app.training.setup import Setup
from models.net import Block, Net
from models.noise import generator
from models.skips.none import Plain

Lesions = Sequence[
    tuple[int, bool]
]  # the blocks that are gone through, and which lack their branch


class Lesioned(nn.Module):
    """A network that goes through these of its blocks alone, in this order; its own are shared."""

    def __init__(self, net: Net, lesions: Lesions) -> None:
        super().__init__()
        self.net = net
        self.lesions = lesions

    def forward(self, x: Tensor) -> Tensor:
        net = self.net
        stream = net.blocks[0].skip.open(net.stem(x))
        for index, bypassed in self.lesions:
            block = net.blocks[index]
            stream = block.bypass(stream) if bypassed else block(stream)
        logits: Tensor = net.head(net.blocks[-1].skip.close(stream))
        return logits


def lesion(
    spec: RunSpec, setup: Setup, intact: Evaluation, choice: Lesion
) -> Generator[Finding | None]:
    """Each removal, then each swap, then removals together at random; None after each batch."""
    net = intact.net
    statistics = known(spec, setup.train)
    for what, indices in _planned(spec, net, choice):
        named = tuple(net.blocks[index].name for index in indices)
        finding = Finding(step=0, what=what, blocks=named)
        lesions = _swap(net, indices) if what == "swap" else _remove(net, indices)
        if isinstance(lesions, str):
            yield finding.model_copy(update={"absent": lesions})
            continue
        lesioned = Lesioned(net, lesions)
        answer: Callable[[Tensor], Tensor] = torch.no_grad()(lesioned.forward)
        if choice.statistics == "estimated":
            answer = again = PreciseNorm(lesioned, statistics)
            yield from again.estimate()
        measured: dict[str, dict[str, Number]] = {}
        for name, examples in (("train", intact.train), ("test", intact.test)):
            error, loss = yield from measure(answer, examples, setup.task)
            measured[name] = {"loss": loss}
            if setup.task.wrong:
                measured[name]["error"] = error
        yield finding.model_copy(update=measured)


def _planned(spec: RunSpec, net: Net, choice: Lesion) -> Iterator[tuple[str, Sequence[int]]]:
    """What is done, and to which blocks: see ``lesion_plan.steps``."""
    count = len(net.blocks)
    for index in range(count):
        yield "remove", (index,)
    for index in range(count - 1 if choice.swaps == "yes" else 0):
        yield "swap", (index, index + 1)
    removable = [n for n in range(count) if not isinstance(_remove(net, (n,)), str)]
    for number in numbers(spec, choice):
        for draw in range(choice.draws):
            draws = generator(choice.seed, f"lesion/{number}/{draw}")
            drawn = torch.randperm(len(removable), generator=draws)[:number].tolist()
            yield "together", sorted(removable[n] for n in drawn)


def _remove(net: Net, indices: Sequence[int]) -> Lesions | str:
    """The network without these blocks; or why it can't be."""
    lesions = []
    for index, block in enumerate(net.blocks):
        plain = isinstance(block.skip, Plain)
        if index in indices and plain and block.place.changes:
            return f"{block.name} changes the shape, and nothing passes it by"
        if index not in indices or not plain:
            lesions.append((index, index in indices))
    return lesions


def _swap(net: Net, indices: Sequence[int]) -> Lesions | str:
    """The network with these neighbours swapped; or why it can't be."""
    one, other = (net.blocks[index] for index in indices)
    changing = [block.name for block in (one, other) if block.place.changes]
    if changing:
        return f"{' and '.join(changing)} {'change' if len(changing) > 1 else 'changes'} the shape"
    if _shapes(one) != _shapes(other):
        return f"{one.name} and {other.name} hold weights of different shapes"
    order = list(range(len(net.blocks)))
    order[indices[0]], order[indices[1]] = indices[1], indices[0]
    return [(index, False) for index in order]


def _shapes(block: Block) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in block.state_dict().items()}
