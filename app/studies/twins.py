"""A network and its twin, side by side."""

from __future__ import annotations

from app.spec import RunSpec, with_values
from app.studies.spec import TwinsSpec
from app.studies.study import Study


def plain_twin(spec: RunSpec, against: str = "none") -> RunSpec:
    """The network to hold against ``spec``: all the same but for the skip.

    At one seed, the two have bit-identical branch weights and see the same batches.
    """
    return with_values(spec, {"net.skip": against})


def plan(spec: TwinsSpec) -> tuple[RunSpec, RunSpec]:
    """The network, then its twin."""
    return spec.base, plain_twin(spec.base, spec.against)


STUDY = Study(
    name="twins",
    title="Race twins",
    question="What does a skip connection change, everything else being equal?",
    look_for="Which training error falls, and how gradient flow differs between the first "
    "layers and the last.",
    source="He et al. 2015, arXiv:1512.03385, figure 4",
    plan=plan,
    together=True,
)
