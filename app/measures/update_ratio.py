"""How far weights move."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

from app.measures.look import Look
from app.measures.norms import norms


def update_ratio(look: Look, places: Sequence[str]) -> list[float]:
    """The L2 norm of the step that each layer's weight made, by that of the weight before it."""
    steps = norms([look.steps[place] for place in places])
    sizes = norms([look.weights[place] for place in places])
    return [step / size if size else nan for step, size in zip(steps, sizes, strict=True)]
