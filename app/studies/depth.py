"""Training error against depth: the degradation problem."""

from __future__ import annotations

from app.studies import sweep
from app.studies.study import Study

STUDY = Study(
    name="depth",
    title="Sweep depth",
    question="As networks get deeper, does their training error fall, stay the same or rise?",
    look_for="Whether, after the same number of steps, training error rises with depth for plain "
    "networks but not for residual ones.",
    source="He et al. 2015, arXiv:1512.03385, figure 6",
    plan=sweep.plan,
)
