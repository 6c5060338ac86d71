"""Questions to a trained network. One a file; here in words, without torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.analyses import lesion_plan
from app.spec import RunSpec
from models.registry import Choice, Entry, registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis(Entry):
    """A question to a trained network.

    ``look_for``: what to look for in the answer. ``limits``: what it does not show. ``steps``: how
    many results it gives, of a run's spec and the parameters. ``code`` names a generator of
    results, of the network, its data and the parameters.
    """

    question: str
    look_for: str
    limits: str
    steps: Callable[[RunSpec, Choice], int]


ANALYSES: Mapping[str, Analysis] = registry(
    Analysis(
        name="lesion",
        title="Lesion",
        summary="Takes the trained network apart, without training it again: removes each block, "
        "swaps neighbours, removes several at random, and measures the error each time.",
        question="How much does a trained network depend on each of its blocks?",
        look_for="Whether the error after one removal stays near that of the intact network, or "
        "jumps towards chance; and which blocks matter most.",
        limits="It shows what this network does without a block it was trained with, not what a "
        "network trained without that block would do.",
        source="Veit et al. 2016, arXiv:1605.06431, sections 4.1 to 4.3",
        code="app.analyses.lesion:lesion",
        parameters=lesion_plan.Lesion,
        steps=lesion_plan.steps,
    ),
)
