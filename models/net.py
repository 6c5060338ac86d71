"""A network: a stem, blocks in depth order, a head; and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.blocks import Basic, Head, Stem


@dataclass(frozen=True, slots=True)
class Layer:
    """A weighted layer: its stable name, the part that holds it, and its modules."""

    name: str
    part: str
    weighted: nn.Linear | nn.Conv2d
    norm: nn.Module | None
    on_shortcut: bool

    @property
    def kind(self) -> str:
        """``linear`` or ``conv`` on the main path, ``projection`` on a shortcut."""
        if self.on_shortcut:
            return "projection"
        return "linear" if isinstance(self.weighted, nn.Linear) else "conv"

    @property
    def params(self) -> int:
        """Parameters with the bias and the norm's."""
        modules = [self.weighted] if self.norm is None else [self.weighted, self.norm]
        return sum(p.numel() for module in modules for p in module.parameters())


class Net(nn.Module):
    """The parts ``stem``, ``block1`` to ``blockN`` and ``head``, each fed by the one before.

    Input is (batch, *example); output is (batch, classes) of logits.
    """

    def __init__(self, stem: Stem, blocks: list[Basic], head: Head) -> None:
        super().__init__()
        self.parts = nn.ModuleDict(
            {
                "stem": stem,
                **{f"block{n}": block for n, block in enumerate(blocks, 1)},
                "head": head,
            }
        )

    def forward(self, x: Tensor) -> Tensor:
        for part in self.parts.values():
            x = part(x)
        return x

    def trace(self, x: Tensor) -> list[Tensor]:
        """The output of every part, in depth order: where gradient flow is measured."""
        outputs = []
        for part in self.parts.values():
            x = part(x)
            outputs.append(x)
        return outputs

    def layers(self) -> list[Layer]:
        """The weighted layers: the main path's in depth order, then the shortcuts'."""
        found = [layer for name, part in self.parts.items() for layer in _layers(name, part)]
        return sorted(found, key=lambda layer: layer.on_shortcut)

    def main_path(self) -> list[int]:
        """Where the main path's weights stand among ``parameters()``, in depth order."""
        position = {id(param): n for n, param in enumerate(self.parameters())}
        return [
            position[id(layer.weighted.weight)] for layer in self.layers() if not layer.on_shortcut
        ]

    def shapes(self, example: tuple[int, ...]) -> list[tuple[int, ...]]:
        """The shape of one example at the output of every part, traced on torch's meta device.

        A block that does to the same shape what an earlier one did is not traced again, so that a
        thousand layers cost no more than a few. The network must be on the meta device.
        """
        seen: dict[object, Tensor] = {}
        x = torch.empty((2, *example), device="meta")
        shapes = []
        with torch.no_grad():
            for name, part in self.parts.items():
                known = (part.change, x.shape) if isinstance(part, Basic) else name
                x = seen[known] if known in seen else seen.setdefault(known, part(x))
                shapes.append(tuple(x.shape[1:]))
        return shapes


def _layers(part: str, module: nn.Module) -> Iterator[Layer]:
    for path, inner in module.named_modules(prefix=part):
        if not isinstance(inner, nn.Linear | nn.Conv2d):
            continue
        holder, _, last = path.rpartition(".")
        norm = None
        if last == "0":  # normed() put the layer and its norm into a Sequential
            norm = module.get_submodule(f"{holder.removeprefix(part + '.')}.1")
            path = holder
        yield Layer(
            name=path.removesuffix(".layer"),
            part=part,
            weighted=inner,
            norm=norm,
            on_shortcut=path.startswith(f"{part}.skip."),
        )
