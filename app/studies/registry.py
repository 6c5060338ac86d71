"""All experiments by name. Torch-free: a server lists and plans them."""

from __future__ import annotations

from collections.abc import Mapping

from app.spec import RunSpec
from app.studies import depth, sweep, twins
from app.studies.spec import DepthSpec, SweepSpec, TwinsSpec
from app.studies.study import Study

STUDIES: Mapping[str, Study] = {
    study.name: study for study in (twins.STUDY, depth.STUDY, sweep.STUDY)
}


def plan(spec: TwinsSpec | DepthSpec | SweepSpec) -> tuple[RunSpec, ...]:
    """The study's runs, in the order in which to train them."""
    return STUDIES[spec.study].plan(spec)
