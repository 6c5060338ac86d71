"""Ready-made pairs of twins: the first things to show."""

from __future__ import annotations

from dataclasses import dataclass

from app.spec import RunSpec
from app.studies.spec import TwinsSpec
from models.spec import NetSpec


@dataclass(frozen=True, slots=True)
class Preset:
    """A pair of twins with a name and what it shows."""

    name: str
    title: str
    summary: str
    spec: TwinsSpec


def _mlp(init: str) -> TwinsSpec:
    net = NetSpec(family="mlp", depth=32, width=32, norm="none", init=init)
    return TwinsSpec(base=RunSpec(net=net))


PRESETS = (
    Preset(
        "degradation",
        title="Degradation",
        summary="56 convolutional layers with batch normalisation: the plain network's gradients "
        "don't vanish, and yet it learns far more slowly than its residual twin.",
        spec=TwinsSpec(),
    ),
    Preset(
        "vanishing",
        title="Vanishing",
        summary="32 layers with PyTorch's default weights and no normalisation: the plain "
        "network's gradient is gone before it reaches the first layers.",
        spec=_mlp("default"),
    ),
    Preset(
        "not-magic",
        title="Skips are not magic",
        summary="32 layers with He weights and no normalisation: the sums of the residual network "
        "grow from block to block until its loss stops being a number.",
        spec=_mlp("he"),
    ),
    Preset(
        "shallow",
        title="Shallow",
        summary="Eight layers: no difference worth a skip.",
        spec=TwinsSpec(base=RunSpec(net=NetSpec(depth=8))),
    ),
)
