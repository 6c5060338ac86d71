"""Training error against any one field of the configuration."""

from __future__ import annotations

from app.spec import RunSpec, value_at, with_skip, with_values
from app.studies.spec import DepthSpec, SweepSpec
from app.studies.study import Study


def plan(spec: DepthSpec | SweepSpec) -> tuple[RunSpec, ...]:
    """Every value with every skip at every seed.

    A whole curve comes first and further seeds thicken it; the skips of one value follow one
    another, so that they train side by side. Only the ends are evaluated, and no samples asked,
    unless asked otherwise.
    """
    return tuple(
        _ends_only(with_skip(with_values(spec.base, {"seed": seed, spec.field: value}), skip))
        for seed in spec.seeds
        for value in spec.values
        for skip in spec.skips
    )


def _ends_only(run: RunSpec) -> RunSpec:
    quiet = {"evaluate.every": run.steps, "evaluate.samples": 0}
    unset = {path: value for path, value in quiet.items() if value_at(run, path) is None}
    return with_values(run, unset) if unset else run


STUDY = Study(
    name="sweep",
    title="Sweep one setting",
    question="Is it the skip, or is it the learning rate (or another setting)?",
    look_for="Whether the plain network catches up at some value, and over how wide a range "
    "each one learns.",
    source="Li et al. 2018, arXiv:1712.09913, on how skips widen what can be trained",
    plan=plan,
)
