"""LayerScale: x + s F(x), with a learned factor for each channel."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.skips.choices import LayerScale as Choice
from models.skips.skip import Place, Skip


def usual(blocks: int) -> float:
    """The start that the paper gives to a network of so many blocks."""
    if blocks <= 18:
        return 0.1
    return 1e-5 if blocks <= 24 else 1e-6


class LayerScale(Skip):
    """x + s F(x), s one learned factor a channel. Touvron et al. 2021 (arXiv:2103.17239).

    All factors start alike: small, so that a deep network starts near the identity.
    """

    def __init__(self, choice: Choice, place: Place) -> None:
        super().__init__(choice, place)
        self.start = usual(place.count) if choice.start is None else choice.start
        pixel = (1, 1) if place.layers.images else ()
        self.scales = nn.Parameter(torch.empty(place.outside, *pixel))

    def reset_parameters(self) -> None:
        nn.init.constant_(self.scales, self.start)

    def scale(self) -> Tensor:
        return self.scales

    def write(self, past: Tensor, fx: Tensor) -> Tensor:
        """x + s F(x), in one pass."""
        return torch.addcmul(past, self.scales, fx)
