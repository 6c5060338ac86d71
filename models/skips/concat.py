"""Concatenation, as in DenseNet: a branch reads all that was written before it."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from models.registry import Choice
from models.skips.skip import Listed, Place


class Concat(Listed):
    """x_l = F([x_0, ..., x_(l-1)]), side by side by channels. Huang et al. 2016 (arXiv:1608.06993).

    Where the image shrinks, all that was written before is averaged, as the transition of that
    paper does; channels stay as they are.
    """

    def __init__(self, choice: Choice, place: Place) -> None:
        super().__init__(choice, place)
        self.stride = place.stride

    def bring(self, place: Place) -> None:
        """Nothing is learned for it."""

    def read(self, stream: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        return torch.cat(stream, 1), stream

    def reshape(self, past: list[Tensor]) -> list[Tensor]:
        """Each entry averaged over squares of ``stride`` pixels; at the edge, over what is left."""
        if self.stride == 1:
            return past
        return [F.avg_pool2d(x, self.stride, ceil_mode=True) for x in past]

    def without(
        self, past: list[Tensor], zero: Tensor, act: Callable[[Tensor], Tensor]
    ) -> list[Tensor]:
        """The list with an entry of zeros, which later branches read in its place."""
        return [*past, zero]

    def write(self, past: list[Tensor], fx: Tensor) -> list[Tensor]:
        return [*past, fx]

    def close(self, stream: list[Tensor]) -> Tensor:
        return torch.cat(stream, 1)
