"""Root mean square normalisation."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.registry import Choice

EPSILON = 1e-5  # added to the mean square, as the other norms add it to the variance


class ImageRMSNorm(nn.Module):
    """Over the channels and pixels of an image, with a scale for each channel."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(width))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Scales of 1."""
        nn.init.ones_(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, x.shape[1:], eps=EPSILON) * self.weight[:, None, None]


def norm(choice: Choice, width: int, *, images: bool) -> nn.Module:
    """Over all values of an example; the scale is for each channel or feature."""
    return ImageRMSNorm(width) if images else nn.RMSNorm(width, eps=EPSILON)
