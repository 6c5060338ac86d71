"""Units that no example of a batch wakes."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from app.measures.look import Look


def dead(look: Look, places: Sequence[str]) -> list[float]:
    """The share of each block's channels or features that are 0 for the whole batch."""
    shares = []
    for place in places:
        units = look.signals[f"{place}.out"]
        asleep = (units == 0).all(dim=(0, *range(2, units.dim())))
        shares.append(asleep.double().mean())
    found: list[float] = torch.stack(shares).tolist()
    return found
