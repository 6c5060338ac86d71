"""Constant factors: a x + b F(x)."""

from __future__ import annotations

from math import sqrt

import torch
from torch import Tensor

from models.skips.choices import Scaled as Choice
from models.skips.skip import Place, Skip


class Scaled(Skip):
    """a x + b F(x). He et al. 2016 (arXiv:1603.05027), section 3.1; b is 1 / sqrt(L) where open.

    1 / sqrt(L) keeps the stream's variance below e at any depth: Yang et al. 2023
    (arXiv:2310.02244).
    """

    def __init__(self, choice: Choice, place: Place) -> None:
        super().__init__(choice, place)
        self.live["shortcut"] = choice.shortcut
        branch = 1 / sqrt(place.count) if choice.branch is None else choice.branch
        self.live["branch"] = branch

    def write(self, past: Tensor, fx: Tensor) -> Tensor:
        """The sum; an x that counts in full is not multiplied by 1."""
        if self.live["shortcut"] != 1:
            past = self.live["shortcut"] * past
        return torch.add(past, fx, alpha=self.live["branch"])
