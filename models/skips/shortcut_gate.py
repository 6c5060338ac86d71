"""The shortcut-only gate: (1 - g) x + F(x)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from models.skips.exclusive_gate import ExclusiveGate


class ShortcutGate(ExclusiveGate):
    """(1 - g) x + F(x), g as in the exclusive gate. He et al. 2016 (arXiv:1603.05027), figure 2e.

    The gate holds back the shortcut alone.
    """

    def without(self, past: Tensor, zero: Tensor, act: Callable[[Tensor], Tensor]) -> Tensor:
        """What the gate lets past."""
        return act(self.write(past, zero))

    def write(self, past: Tensor, fx: Tensor) -> Tensor:
        """F(x), and what of x the gate lets past: 1 - sigmoid(z) is sigmoid(-z)."""
        return torch.addcmul(fx, torch.sigmoid(-self.gate(past)), past)
