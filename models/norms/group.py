"""Group normalisation."""

from __future__ import annotations

from torch import nn

from models.norms import Group


def norm(choice: Group, width: int, *, images: bool) -> nn.Module:
    """Over the channels of a group, and an image's pixels, of an example."""
    return nn.GroupNorm(choice.groups, width)
