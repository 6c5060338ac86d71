"""What a network is made of, read off its modules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import nn

from models.layers import Weighted
from models.net import Block, Head, Net, Part, Stem

MAIN = ("linear", "conv")  # kinds of layers on the main path, from stem through branches to head


@dataclass(frozen=True, slots=True)
class Layer:
    """A weighted layer: its stable name, the part that holds it, and its module.

    ``kind`` is ``linear`` or ``conv`` on the main path; elsewhere what it is there for:
    ``projection`` on a shortcut, ``gate``, or ``excitation`` of a branch. ``others`` are the
    modules that go with it: norm, activation. In a branch it is the layer ``number`` (from 1) of
    ``count``.
    """

    name: str
    part: str
    kind: str
    weighted: Weighted
    others: tuple[nn.Module, ...] = ()
    number: int = 0
    count: int = 0

    @property
    def main(self) -> bool:
        """Whether it lies on the main path, from stem through the branches to the head."""
        return self.kind in MAIN

    @property
    def last(self) -> bool:
        """Whether it is the last of its branch."""
        return self.number == self.count > 0

    @property
    def params(self) -> int:
        """Parameters with the bias and the norm's."""
        return sum(
            p.numel() for module in (self.weighted, *self.others) for p in module.parameters()
        )


def layers(net: Net) -> list[Layer]:
    """The weighted layers: the main path's in depth order, then those of tails and skips."""
    found = [layer for part in net.parts for layer in _layers(part)]
    return [layer for layer in found if layer.main] + [layer for layer in found if not layer.main]


def main_path(net: Net) -> list[int]:
    """Where the main path's weights stand among ``parameters()``, in depth order."""
    position = {id(param): n for n, param in enumerate(net.parameters())}
    return [position[id(layer.weighted.weight)] for layer in layers(net) if layer.main]


def _layers(part: Part) -> Iterator[Layer]:
    match part:
        case Stem():
            yield Layer(part.name, part.name, _kind(part.layer), part.layer, _modules(part.then))
        case Head():
            yield Layer(part.name, part.name, _kind(part.layer), part.layer, _modules(part.end))
        case Block():
            yield from _of_branch(part)
            yield from _of_tail(part)
            yield from _of_skip(part)


def _of_branch(block: Block) -> Iterator[Layer]:
    """Each layer with the modules of its number; the ends with what precedes and follows, too."""
    children = dict(block.branch.named_children())
    weighted = {name: one for name, one in children.items() if isinstance(one, Weighted)}
    for number, (name, layer) in enumerate(weighted.items(), 1):
        others = [one for key, one in children.items() if key[-1] == name[-1] and key != name]
        if number == 1:
            others += _modules(block.before)
        if number == len(weighted):
            others += _modules(block.after)
        yield Layer(
            f"{block.name}.{name}",
            block.name,
            _kind(layer),
            layer,
            tuple(others),
            number,
            len(weighted),
        )


def _of_tail(block: Block) -> Iterator[Layer]:
    for path, module in () if block.tail is None else block.tail.named_modules():
        if isinstance(module, Weighted):
            yield Layer(f"{block.name}.tail.{path}", block.name, "excitation", module)


def _of_skip(block: Block) -> Iterator[Layer]:
    for path, module in block.skip.named_modules():
        if isinstance(module, Weighted):
            holder = block.skip.get_submodule(path.rpartition(".")[0])
            others = _modules(holder, but=module) if isinstance(holder, nn.Sequential) else ()
            role = path.split(".")[0]
            kind = "projection" if role == "shortcut" else role
            yield Layer(f"{block.name}.{role}", block.name, kind, module, others)


def _modules(holder: nn.Module | None, but: nn.Module | None = None) -> tuple[nn.Module, ...]:
    return () if holder is None else tuple(one for one in holder.children() if one is not but)


def _kind(weighted: Weighted) -> str:
    return "linear" if isinstance(weighted, nn.Linear) else "conv"
