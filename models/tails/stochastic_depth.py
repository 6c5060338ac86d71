"""Stochastic depth."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.skips.skip import Place
from models.tails import StochasticDepth as Choice


class StochasticDepth(nn.Module):
    """While it trains, all of fx or nothing, for the whole batch; else fx times its ``survival``.

    Of L branches the l-th is left out with probability (l / L)(1 - p), where p is the last one's
    survival. Huang et al. 2016 (arXiv:1603.09382), equations 4 and 5.
    """

    def __init__(self, choice: Choice, place: Place) -> None:
        super().__init__()
        self.survival = 1 - place.index / place.count * (1 - choice.survival)
        self.place = place.name
        self.noise = place.noise

    def forward(self, fx: Tensor) -> Tensor:
        if not self.training:
            return fx * self.survival
        draw = torch.rand((), generator=self.noise.generator(f"{self.place}/tail")).item()
        return fx if draw < self.survival else torch.zeros_like(fx)
