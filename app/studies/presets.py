"""Ready-made pairs of twins: the first things to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.spec import RunSpec
from app.studies.spec import TwinsSpec
from app.studies.twins import MEASURES
from models.families import net_spec


@dataclass(frozen=True, slots=True)
class Preset:
    """A pair of twins with a name, what it is, and the question that it answers."""

    name: str
    title: str
    summary: str
    question: str
    spec: TwinsSpec


def _twins(**net: Any) -> TwinsSpec:
    return TwinsSpec(base=RunSpec(net=net_spec(**net), measures=MEASURES))


def _mlp(init: str) -> TwinsSpec:
    return _twins(family="mlp", depth=32, width=32, norm="none", init=init)


PRESETS = (
    Preset(
        "degradation",
        title="Degradation",
        summary="A convolutional network of 56 layers with batch normalisation.",
        question="Will the plain network learn as fast as the residual one?",
        spec=_twins(),
    ),
    Preset(
        "vanishing",
        title="Vanishing",
        summary="32 fully connected layers with PyTorch's default initialisation and no "
        "normalisation.",
        question="Can the plain network learn at all, and do skips help?",
        spec=_mlp("default"),
    ),
    Preset(
        "not-magic",
        title="Skips are not magic",
        summary="32 fully connected layers with He initialisation and no normalisation.",
        question="Will skips help here, too?",
        spec=_mlp("he"),
    ),
    Preset(
        "shallow",
        title="Shallow",
        summary="A convolutional network of eight layers with batch normalisation.",
        question="Do skips make a difference in such a shallow network?",
        spec=_twins(depth=8),
    ),
)
