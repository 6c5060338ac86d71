"""The layers that a network is made of: of vectors, or of images."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.activations import ACTIVATIONS
from models.norms import NORMS
from models.norms.scalar import Bias, Scale
from models.registry import Choice

Weighted = nn.Linear | nn.Conv2d


class Pointwise(nn.Conv2d):
    """A strided 1x1 convolution, which takes its stride before it convolves: the same numbers.

    On processors without AVX-512, oneDNN 3.12 writes beyond its memory in the backward pass of
    torch's own with fewer than eight channels, where channels lie last.
    """

    def __init__(self, inside: int, outside: int, stride: int, *, bias: bool) -> None:
        super().__init__(inside, outside, 1, stride, bias=bias)

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (torch's own name)
        down, across = self.stride
        taken = input[:, :, ::down, ::across]
        # What lies apart may come out with its channels first.
        return F.conv2d(taken.contiguous(memory_format=torch.channels_last), self.weight, self.bias)


@dataclass(frozen=True, slots=True)
class Layers:
    """Makes a network's layers: linear ones of vectors, convolutions of images.

    ``normed_shortcuts``: a projection on a shortcut is followed by the norm.
    """

    images: bool
    norms: Choice
    activations: Choice
    normed_shortcuts: bool = True

    def weighted(self, inside: int, outside: int, stride: int = 1, size: int = 3) -> Weighted:
        """A weighted layer; it has a bias where no norm brings one."""
        bias = not NORMS[self.norms.name].shifts
        if self.images and size == 1 and stride > 1:
            return Pointwise(inside, outside, stride, bias=bias)
        if self.images:
            return nn.Conv2d(inside, outside, size, stride, padding=size // 2, bias=bias)
        return nn.Linear(inside, outside, bias=bias)

    def norm(self, width: int) -> nn.Module | None:
        """The norm of so many channels or features; None of a network without one."""
        entry = NORMS[self.norms.name]
        if not entry.code:
            return None
        made: nn.Module = entry.load()(self.norms, width, images=self.images)
        return made

    def projection(self, inside: int, outside: int, stride: int) -> nn.Sequential:
        """A learned linear map for a shortcut, with the norm where shortcuts have one."""
        made = nn.Sequential()
        if (bias := self.scalar_bias()) is not None:
            made.add_module("bias", bias)
        made.add_module("layer", self.weighted(inside, outside, stride, size=1))
        if self.normed_shortcuts and (norm := self.norm(outside)) is not None:
            made.add_module("norm", norm)
        return made

    def gate(self, width: int, size: int = 1) -> Weighted:
        """A weighted layer for a gate: as wide as what it gates, and with a bias always."""
        if self.images:
            return nn.Conv2d(width, width, size, padding=size // 2)
        return nn.Linear(width, width)

    def activation(self) -> nn.Module:
        """The activation."""
        made: nn.Module = ACTIVATIONS[self.activations.name].load()(self.activations)
        return made

    def scalar_bias(self) -> nn.Module | None:
        """A number that is added before a weighted layer; None where the norm brings none."""
        return Bias() if NORMS[self.norms.name].scalars else None

    def scalar_scale(self) -> nn.Module | None:
        """A number that multiplies a branch; None where the norm brings none."""
        return Scale() if NORMS[self.norms.name].scalars else None
