"""What an experiment is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.measures import USUAL
from app.spec import RunSpec


@dataclass(frozen=True, slots=True)
class Study:
    """An experiment: what it asks, what to look for, where it was done first, and its runs.

    ``plan`` takes the study's spec and returns its runs in the order in which to train them.
    ``together``: they start, pause and are stepped together. ``measures``: what its page asks them
    to measure unless told otherwise.
    """

    name: str
    title: str
    question: str
    look_for: str
    source: str
    plan: Callable[[Any], tuple[RunSpec, ...]]
    together: bool = False
    measures: tuple[str, ...] = USUAL
