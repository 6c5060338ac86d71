"""Dropout on the shortcut."""

from __future__ import annotations

import torch
from torch import Tensor

from models.skips.choices import Dropout as Choice
from models.skips.skip import Place, Skip


class Dropout(Skip):
    """m x / (1 - p) + F(x): while it trains, m is 0 with probability p and else 1, by element.

    He et al. 2016 (arXiv:1603.05027), figure 2f. The expectation of what passes is x; evaluation
    adds x itself.
    """

    def __init__(self, choice: Choice, place: Place) -> None:
        super().__init__(choice, place)
        self.live["rate"] = choice.rate
        self.place = place.name
        self.noise = place.noise

    def write(self, past: Tensor, fx: Tensor) -> Tensor:
        """The sum; the draws come from the CPU, so that a run repeats on any device."""
        rate = self.live["rate"]
        if not self.training or not rate:
            return past + fx
        shape = past.movedim(1, -1).shape  # as images lie in memory
        draws = torch.rand(shape, generator=self.noise.generator(self.place)).movedim(-1, 1)
        kept = (draws >= rate).to(past)
        return torch.addcmul(fx, kept, past, value=1 / (1 - rate))
