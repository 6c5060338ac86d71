"""Dynamic tanh, which stands in for a normalisation."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.norms import DyT


class DynamicTanh(nn.Module):
    """``weight`` * tanh(``alpha`` x) + ``bias``; weight and bias are for each channel or feature.

    Zhu et al. 2025 (arXiv:2503.10622), equation 1.
    """

    def __init__(self, start: float, width: int, *, images: bool) -> None:
        super().__init__()
        self.start = start
        self.pixels = (1, 1) if images else ()
        self.alpha = nn.Parameter(torch.empty(1))
        self.weight = nn.Parameter(torch.empty(width))
        self.bias = nn.Parameter(torch.empty(width))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Alpha as asked, a scale of 1, no shift."""
        nn.init.constant_(self.alpha, self.start)
        nn.init.ones_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, x: Tensor) -> Tensor:
        weight, bias = (p.view(-1, *self.pixels) for p in (self.weight, self.bias))
        return weight * torch.tanh(self.alpha * x) + bias


def norm(choice: DyT, width: int, *, images: bool) -> nn.Module:
    """A dynamic tanh of so many channels or features."""
    return DynamicTanh(choice.start, width, images=images)
