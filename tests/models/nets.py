"""Networks to test with: small, on the CPU."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from models.build import build
from models.families import net_spec
from models.net import Net
from models.noise import generator
from models.outline import Layer, layers
from models.spec import NetSpec

IMAGE = (2, 8, 8)
CLASSES = 3
DIGIT = (1, 8, 8)


def made(
    seed: int = 0, example: tuple[int, ...] = IMAGE, classes: int = CLASSES, **settings: Any
) -> Net:
    """The network that these settings describe, each parameter drawn from a stream of its own."""
    return built(net_spec(**settings), seed, example, classes)


def built(spec: NetSpec, seed: int = 0, example: tuple[int, ...] = DIGIT, classes: int = 10) -> Net:
    """As ``made``; by default for the digits."""
    return build(spec, example, classes, lambda name: generator(seed, f"weights/{name}"))


def main(net: Net) -> list[Layer]:
    """The weighted layers of the main path."""
    return [layer for layer in layers(net) if layer.main]


def outputs(net: Net, x: Tensor) -> list[Tensor]:
    """The output of every part, in depth order."""
    with net.sites.recording(("out",)) as kept:
        net(x)
    return list(kept.values())


def shaken(net: Net, seed: int = 0) -> Net:
    """The same in float64, every parameter moved off its first value: no term stays 0 or 1."""
    draws = torch.Generator().manual_seed(seed)
    net = net.double()
    with torch.no_grad():
        for parameter in net.parameters():
            shift = torch.randn(parameter.shape, generator=draws, dtype=torch.float64)
            parameter.add_(0.1 * shift)
    return net
