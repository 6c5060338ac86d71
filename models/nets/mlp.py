"""Multilayer perceptron of two-layer blocks."""

from __future__ import annotations

from functools import partial
from math import prod

from torch import nn

from models.blocks import ACTIVATION, Basic, Head, Stem, normed
from models.net import Net
from models.registry import SKIPS
from models.skips import Change
from models.spec import NetSpec


class MLP(Net):
    """Depth d: a stem, (d - 2) / 2 blocks of two layers, a head; all hidden layers one width."""

    def __init__(self, spec: NetSpec, example: tuple[int, ...], classes: int) -> None:
        width, activation = spec.width, ACTIVATION[spec.activation]
        layer = partial(_layer, norm=spec.norm)
        change = Change(
            width, width, downsample=spec.downsample, project=partial(layer, width, width)
        )
        skip = SKIPS[spec.skip].load()
        super().__init__(
            Stem(layer(prod(example), width), activation, flatten=True),
            [
                Basic(layer(width, width), layer(width, width), skip(change), activation, change)
                for _ in range((spec.depth - 2) // 2)
            ],
            Head(nn.Linear(width, classes)),
        )


def _layer(inside: int, outside: int, norm: str) -> nn.Module:
    return normed(nn.Linear(inside, outside, bias=norm == "none"), norm)
