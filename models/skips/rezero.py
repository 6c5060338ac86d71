"""ReZero: x + alpha F(x), alpha learned from 0 on."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.skips.choices import Started
from models.skips.skip import Place, Skip


class ReZero(Skip):
    """x + alpha F(x), one learned alpha a block. Bachlechner et al. 2020 (arXiv:2003.04887)."""

    def __init__(self, choice: Started, place: Place) -> None:
        super().__init__(choice, place)
        self.start = choice.start
        self.alpha = nn.Parameter(torch.empty(()))

    def reset_parameters(self) -> None:
        nn.init.constant_(self.alpha, self.start)

    def scale(self) -> Tensor:
        return self.alpha

    def write(self, past: Tensor, fx: Tensor) -> Tensor:
        """x + alpha F(x), in one pass."""
        return torch.addcmul(past, self.alpha, fx)
