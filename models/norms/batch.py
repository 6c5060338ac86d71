"""Batch normalisation."""

from __future__ import annotations

from torch import nn

from models.registry import Choice


def norm(choice: Choice, width: int, *, images: bool) -> nn.Module:
    """Over the batch, and over an image's pixels, for each channel apart."""
    return nn.BatchNorm2d(width) if images else nn.BatchNorm1d(width)
