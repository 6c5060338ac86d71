"""Training error against depth: the degradation problem."""

from __future__ import annotations

from app.studies import sweep
from app.studies.study import Study

STUDY = Study(
    name="depth",
    title="Sweep depth",
    question="As depth grows, does training error fall, stay or rise?",
    look_for="Training error that rises with depth for plain stacks after the same number of "
    "steps, and does not for residual ones.",
    source="He et al. 2015, arXiv:1512.03385, figure 6",
    plan=sweep.plan,
)
