"""Questions to a trained network. One a file; here in words, without torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.analyses import lesion_plan, paths_plan
from app.spec import RunSpec
from models.registry import Choice, Entry, registry
from models.skips import ADDING, SKIPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis(Entry):
    """A question to a trained network.

    ``look_for``: what to look for in the answer. ``limits``: what it does not show. ``steps``: how
    many results it gives, of a run's spec and the parameters. ``skips``: those of whose networks it
    can be asked, and ``lacking`` what the others lack. ``code`` names a generator of results, of
    the network, its data and the parameters.
    """

    question: str
    look_for: str
    limits: str
    steps: Callable[[RunSpec, Choice], int]
    skips: tuple[str, ...] = tuple(SKIPS)
    lacking: str = ""

    def unfit(self, spec: RunSpec) -> str | None:
        """Why a run's network can't be asked this; None: it can."""
        skip = spec.net.skip.name
        return None if skip in self.skips else f"the skip {skip} {self.lacking}"


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
    Analysis(
        name="paths",
        title="Paths",
        summary="Splits the gradient of a trained network by the length of the paths it comes back "
        "on: each block is passed through its branch or by its shortcut, so that 20 blocks make a "
        "million paths.",
        question="Which paths does the gradient come back on?",
        look_for="How long the paths are that give most of the gradient, against the length that "
        "most paths have; and how fast one path's gradient falls with its length.",
        limits="It splits the gradient of one trained network, by a first-order rule that is "
        "exact. It does not show that networks of these paths alone would do as well: the paths "
        "share their weights and were trained together.",
        source="Veit et al. 2016, arXiv:1605.06431, sections 3 and 4.4",
        code="app.analyses.paths:paths",
        parameters=paths_plan.Paths,
        steps=paths_plan.steps,
        skips=("none", *ADDING),
        lacking="adds no branch to a shortcut, so that no paths can be told apart",
    ),
)
