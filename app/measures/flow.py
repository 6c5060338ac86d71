"""Gradient flow."""

from __future__ import annotations

from collections.abc import Sequence

from app.measures.look import Look
from app.measures.norms import norms_where


def flow(look: Look, places: Sequence[str]) -> list[float]:
    """The L2 norm of the gradient of the batch's mean loss by the output of each part."""
    return norms_where([look.grads[f"{place}.out"] for place in places])
