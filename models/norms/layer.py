"""Layer normalisation."""

from __future__ import annotations

from torch import nn

from models.registry import Choice


def norm(choice: Choice, width: int, *, images: bool) -> nn.Module:
    """Over all values of an example; scale and shift are for each channel or feature.

    Of images as in figure 2 of Wu and He 2018 (arXiv:1803.08494): over channels and pixels.
    """
    return nn.GroupNorm(1, width) if images else nn.LayerNorm(width)
