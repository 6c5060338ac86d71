"""The ways to bring a block's input to the shape of its output.

He et al. 2015 (arXiv:1512.03385), section 3.3.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from models.layers import Layers


class Pad(nn.Module):
    """Every stride-th pixel, and zeros for the channels to come (option A)."""

    def __init__(self, layers: Layers, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.extra = outside - inside

    def forward(self, x: Tensor) -> Tensor:
        if self.stride > 1:
            x = x[:, :, :: self.stride, :: self.stride]
        return F.pad(x.movedim(1, -1), (0, self.extra)).movedim(-1, 1)  # as images lie in memory


class Project(nn.Module):
    """A learned linear map and the network's norm (option B)."""

    def __init__(self, layers: Layers, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.projection = layers.projection(inside, outside, stride)

    def forward(self, x: Tensor) -> Tensor:
        projected: Tensor = self.projection(x)
        return projected


class Unchanged(nn.Module):
    """x as it is: the addition then fails with PyTorch's own words, to be seen."""

    def __init__(self, layers: Layers, inside: int, outside: int, stride: int) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        return x
