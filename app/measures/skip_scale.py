"""Scales that skips learn."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import torch

from app.measures.look import Look


def skip_scale(look: Look, places: Sequence[str]) -> list[float]:
    """The mean size of the scale by which each block's skip multiplies its branch."""
    scales = {block.name: block.skip.scale() for block in look.net.blocks}
    here = {name: scale.detach() for name, scale in scales.items() if scale is not None}
    sizes = torch.stack([scale.abs().mean() for scale in here.values()]).tolist()
    found = dict(zip(here, sizes, strict=True))
    return [found.get(place, nan) for place in places]
