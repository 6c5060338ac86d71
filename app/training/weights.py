"""All of a network's parameters as views of one flat buffer."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Weights:
    """One flat tensor that a network's parameters are views of, and one for their gradients.

    An optimiser that works element by element (SGD, Adam) does the same to one long tensor as to
    a hundred short ones, in a few calls instead of hundreds: what telemetry costs is saved there.
    A convolution's weight lies with its channels last, as convolutions are fastest.
    """

    def __init__(self, net: nn.Module) -> None:
        self.params = list(net.parameters())
        self.flat = torch.cat([_channels_last(p.detach()).reshape(-1) for p in self.params])
        self.flat.grad = torch.zeros_like(self.flat)
        for param, view in zip(self.params, self.views(self.flat), strict=True):
            param.data = view
        self._grads = self.views(self.flat.grad)

    def views(self, flat: Tensor) -> list[Tensor]:
        """The parts of a tensor like ``flat`` that belong to each of ``params``, in their shape."""
        parts = torch.split(flat, [p.numel() for p in self.params])
        return [_like(part, param) for part, param in zip(parts, self.params, strict=True)]

    def set_grads(self, grads: list[Tensor]) -> None:
        """Take these as the gradients, in the order of ``params``."""
        torch._foreach_copy_(self._grads, grads)


def _channels_last(tensor: Tensor) -> Tensor:
    """A convolution's weight with the dimension of its input channels at the end."""
    return tensor.permute(0, 2, 3, 1) if tensor.ndim == 4 else tensor


def _like(part: Tensor, param: Tensor) -> Tensor:
    """A stretch of the buffer in the shape of a parameter."""
    if param.ndim != 4:
        return part.view_as(param)
    outside, inside, height, width = param.shape
    return part.view(outside, height, width, inside).permute(0, 3, 1, 2)
