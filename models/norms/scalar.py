"""Learned numbers in a normalisation's stead.

Zhang et al. 2019 (arXiv:1901.09321), section 3, rule 3.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.registry import Choice


class Bias(nn.Module):
    """x + ``bias``, one number; 0 at the start."""

    def __init__(self) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.empty(1))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """0: nothing is added."""
        nn.init.zeros_(self.bias)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.bias


class Scale(nn.Module):
    """x times ``scale``, one number; 1 at the start."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.empty(1))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """1: nothing is changed."""
        nn.init.ones_(self.scale)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.scale


def norm(choice: Choice, width: int, *, images: bool) -> nn.Module:
    """What stands where a norm would: a number that is added."""
    return Bias()
