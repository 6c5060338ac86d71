"""The ways to join a shortcut and a branch: ``skip(x, branch(x))``.

He et al. 2015 (arXiv:1512.03385), section 3.3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch.nn.functional as F
from torch import Tensor, nn

from models.registry import DOWNSAMPLES


@dataclass(frozen=True, slots=True)
class Change:
    """What a block does to the shape of what goes through it, and how a shortcut may follow.

    ``inside`` and ``outside`` are channels or features before and after the block; ``stride``
    divides height and width. ``downsample`` names what a shortcut does where the shape changes;
    ``project`` makes the learned linear map of that change.
    """

    inside: int
    outside: int
    stride: int = 1
    downsample: str = "pad"
    project: Callable[[], nn.Module] = field(default=nn.Identity, compare=False)

    @property
    def changes(self) -> bool:
        """Whether input and output differ in shape."""
        return self.inside != self.outside or self.stride != 1


class Plain(nn.Module):
    """No shortcut: F(x)."""

    def __init__(self, change: Change) -> None:
        super().__init__()

    def forward(self, x: Tensor, fx: Tensor) -> Tensor:
        return fx


class Identity(nn.Module):
    """x + F(x); where the shape changes, x goes through what ``downsample`` names."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.downsample: nn.Module | None = None
        if change.changes:
            self.downsample = DOWNSAMPLES[change.downsample].load()(change)

    def forward(self, x: Tensor, fx: Tensor) -> Tensor:
        return (x if self.downsample is None else self.downsample(x)) + fx


class Projection(nn.Module):
    """W x + F(x), everywhere (option C)."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.projection = change.project()

    def forward(self, x: Tensor, fx: Tensor) -> Tensor:
        summed: Tensor = self.projection(x) + fx
        return summed


class Pad(nn.Module):
    """Every stride-th pixel, and zeros for the channels to come (option A)."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.stride = change.stride
        self.extra = change.outside - change.inside

    def forward(self, x: Tensor) -> Tensor:
        if self.stride > 1:
            x = x[:, :, :: self.stride, :: self.stride]
        trailing = (0, 0) * (x.dim() - 2) + (0, self.extra)  # F.pad counts from the last dimension
        return F.pad(x, trailing)


class Project(nn.Module):
    """The learned linear map, only where the shape changes (option B)."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.projection = change.project()

    def forward(self, x: Tensor) -> Tensor:
        projected: Tensor = self.projection(x)
        return projected


class Unchanged(nn.Module):
    """x as it is: the addition then fails with PyTorch's own words, to be seen."""

    def __init__(self, change: Change) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        return x
