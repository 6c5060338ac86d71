"""The settings that a study has beside its base."""

from __future__ import annotations

from functools import cache

from app.spec.fields import Field, leaves
from app.studies.spec import SPECS


@cache
def study_fields(study: str) -> tuple[Field, ...]:
    """Of the study with this name, in order."""
    return tuple(leaves(SPECS[study], but=("study", "base")))
