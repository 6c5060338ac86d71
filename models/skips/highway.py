"""Highway: T F(x) + (1 - T) x."""

from __future__ import annotations

from models.skips.exclusive_gate import ExclusiveGate


class Highway(ExclusiveGate):
    """T F(x) + (1 - T) x, T = sigmoid(W x + b). Srivastava et al. 2015 (arXiv:1505.00387).

    Of images, W is a 3x3 convolution: the gate sees each pixel's neighbours, as the branch does.
    """

    size = 3
