"""Tails: what is done to a branch's output before it is written. One a file."""

from __future__ import annotations

from dataclasses import dataclass

from models.registry import Choice, Entry, Need, integer, number, registry
from models.skips import ADDING


@dataclass(frozen=True, slots=True, kw_only=True)
class StochasticDepth(Choice):
    """Stochastic depth."""

    survival: float = number(
        0.5,
        "Survival of the last block",
        0,
        1,
        above=True,
        help="How likely it is that the last block's branch takes part in a step.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SqueezeExcitation(Choice):
    """Squeeze-and-excitation."""

    reduction: int = integer(
        16, "Reduction", 1, 64, help="So many times fewer units than channels, at least four."
    )


TAILS = registry(
    Entry(name="none", title="Nothing", summary="A branch's output is written as it is."),
    Entry(
        name="stochastic-depth",
        title="Stochastic depth",
        summary="At each step some branches are left out at random, more often the deeper they "
        "lie; a test uses all, each multiplied by how often it took part.",
        source="Huang et al. 2016, arXiv:1603.09382",
        code="models.tails.stochastic_depth:StochasticDepth",
        parameters=StochasticDepth,
        needs=(Need("skip", ADDING, "needs a skip that adds, so that a branch can be left out"),),
    ),
    Entry(
        name="squeeze-excitation",
        title="Squeeze-and-excitation",
        summary="Each channel of a branch's output is multiplied by a number between 0 and 1, "
        "which two small layers make of the means of all channels.",
        source="Hu et al. 2017, arXiv:1709.01507",
        code="models.tails.squeeze_excitation:SqueezeExcitation",
        parameters=SqueezeExcitation,
        needs=(Need("family", ("convnet",), "takes means over an image's pixels"),),
    ),
)
