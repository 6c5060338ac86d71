"""Squeeze-and-excitation."""

from __future__ import annotations

from torch import Tensor, nn

from models.skips.skip import Place
from models.tails import SqueezeExcitation as Choice

FEWEST = 4  # units


class SqueezeExcitation(nn.Module):
    """fx times sigmoid(W2 relu(W1 z)), where z are the means of its channels over all pixels.

    In between lie ``reduction`` times fewer units than channels, but at least four: a single ReLU
    can be 0 for every example, and then never learns. Hu et al. 2017 (arXiv:1709.01507),
    equations 2 to 4.
    """

    def __init__(self, choice: Choice, place: Place) -> None:
        super().__init__()
        between = max(FEWEST, place.outside // choice.reduction)
        self.reduce = nn.Linear(place.outside, between)
        self.expand = nn.Linear(between, place.outside)

    def forward(self, fx: Tensor) -> Tensor:
        z = fx.mean((2, 3))  # (batch, channels)
        s = self.expand(self.reduce(z).relu()).sigmoid()
        scaled: Tensor = fx * s[:, :, None, None]
        return scaled
