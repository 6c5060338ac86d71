"""Skips and networks for tests."""

from __future__ import annotations

from typing import Any

import torch

from models.build import build
from models.families import net_spec
from models.layers import Layers
from models.net import Net
from models.noise import Noise
from models.norms import NORMS
from models.skips import SKIPS
from models.skips.skip import Place, Skip
from models.spec import NetSpec

EXAMPLES = {"mlp": (7,), "convnet": (2, 8, 8)}
RELU = NetSpec(family="").activation


def place(index: int, count: int, width: int = 3, *, images: bool = False) -> Place:
    """A block's place among ``count`` alike of so many channels or features."""
    layers = Layers(images=images, norms=NORMS["none"].choose(), activations=RELU)

    def unused() -> torch.nn.Module:
        raise AssertionError("all blocks have one shape")

    return Place(index, count, width, width, 1, index, layers, Noise(), unused)


def skip(name: str, at: Place, **values: Any) -> Skip:
    """A skip at its start; weights of gates are 0."""
    made: Skip = SKIPS[name].load()(SKIPS[name].choose(**values), at)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.zero_()
        if reset := getattr(made, "reset_parameters", None):
            reset()
    return made


def network(family: str, chosen: str | dict[str, Any], seed: int = 0, **settings: Any) -> Net:
    """A small network with its first weights: six blocks, three classes."""
    spec = net_spec(**{"family": family, "depth": 14, "width": 4, "skip": chosen, **settings})
    draws = torch.Generator().manual_seed(seed)
    return build(spec, EXAMPLES[family], 3, lambda name: draws)


def inputs(family: str, count: int = 6) -> torch.Tensor:
    """Inputs, normal."""
    draws = torch.Generator().manual_seed(1)
    return torch.randn(count, *EXAMPLES[family], generator=draws)
