"""A network and its twin, side by side."""

from __future__ import annotations

from app.measures import USUAL
from app.spec import RunSpec, with_skip
from app.studies.spec import TwinsSpec
from app.studies.study import Study

# What is seen of one block, too: what it adds to what, and the two parts of its gradient.
MEASURES = (*USUAL, "shortcut_grad", "branch_grad", "signal", "stream", "branch_norm")


def plain_twin(spec: RunSpec, against: str = "none") -> RunSpec:
    """The network to hold against ``spec``: all the same but for the skip.

    What only makes sense with the skip (zero gamma, Fixup, stochastic depth) is as it usually is.

    At one seed, the two have bit-identical branch weights and see the same batches.
    """
    return with_skip(spec, against)


def plan(spec: TwinsSpec) -> tuple[RunSpec, RunSpec]:
    """The network, then its twin."""
    return spec.base, plain_twin(spec.base, spec.against)


STUDY = Study(
    name="twins",
    title="Race twins",
    question="What does a skip connection change, everything else being equal?",
    look_for="Which training error falls, and how the gradient at the first block "
    "compares with that at the last.",
    source="He et al. 2015, arXiv:1512.03385, figure 4",
    plan=plan,
    together=True,
    measures=MEASURES,
)
