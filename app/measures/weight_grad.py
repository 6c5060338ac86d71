"""Weight gradients."""

from __future__ import annotations

from collections.abc import Sequence

from app.measures.look import Look
from app.measures.norms import norms


def weight_grad(look: Look, places: Sequence[str]) -> list[float]:
    """The L2 norm of the gradient of the batch's mean loss by the weight of each layer."""
    return norms([look.weight_grads[place] for place in places])
