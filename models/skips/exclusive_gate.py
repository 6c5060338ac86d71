"""The exclusive gate: (1 - g) x + g F(x)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from models.skips.choices import Gated
from models.skips.skip import Place, Skip


class ExclusiveGate(Skip):
    """(1 - g) x + g F(x) with g = sigmoid(W x + b), element by element; W is a 1x1 convolution.

    Where the shape changes, x is what the shortcut made of it. He et al. 2016 (arXiv:1603.05027),
    figure 2d; the more negative b starts, the more the block starts as the identity.
    """

    size = 1  # of the gate's convolution

    def __init__(self, choice: Gated, place: Place) -> None:
        super().__init__(choice, place)
        self.bias = choice.bias
        self.gate = place.layers.gate(place.outside, self.size)

    def reset_parameters(self) -> None:
        """The initialisation has filled the gate; its bias is the skip's own."""
        assert self.gate.bias is not None
        nn.init.constant_(self.gate.bias, self.bias)

    def without(self, past: Tensor, zero: Tensor, act: Callable[[Tensor], Tensor]) -> Tensor:
        """x as it is: the gate is closed, as Srivastava et al. 2015 lesion (arXiv:1507.06228)."""
        return act(past)

    def write(self, past: Tensor, fx: Tensor) -> Tensor:
        """Between x and F(x), as far as the gate is open."""
        return torch.lerp(past, fx, torch.sigmoid(self.gate(past)))
