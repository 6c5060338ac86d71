"""A projection at every block: W x + F(x)."""

from __future__ import annotations

from torch import nn

from models.skips.identity import Identity
from models.skips.skip import Place


class Projection(Identity):
    """W x + F(x), everywhere. He et al. 2015 (arXiv:1512.03385), equation 2 and option C."""

    def bring(self, place: Place) -> nn.Module:
        """One at every block."""
        return place.layers.projection(place.inside, place.outside, place.stride)
