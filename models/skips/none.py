"""No skip connection: F(x)."""

from __future__ import annotations

from torch import Tensor

from models.skips.skip import Place, Skip


class Plain(Skip):
    """F(x): what was before is dropped."""

    def bring(self, place: Place) -> None:
        """Nothing: it is dropped."""

    def write(self, past: Tensor, fx: Tensor) -> Tensor:
        """F(x) alone."""
        return fx
