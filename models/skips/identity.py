"""The identity: x + F(x)."""

from __future__ import annotations

from torch import Tensor

from models.skips.skip import Skip


class Identity(Skip):
    """x + F(x). He et al. 2015 (arXiv:1512.03385), equation 1."""

    def write(self, past: Tensor, fx: Tensor) -> Tensor:
        """The sum."""
        return past + fx
