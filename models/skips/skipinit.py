"""SkipInit: a learned factor in the place of normalisation."""

from __future__ import annotations

from math import sqrt

import torch
from torch import nn

from models.skips.choices import SkipInit as Choice
from models.skips.rezero import ReZero
from models.skips.skip import Place, Skip


class SkipInit(ReZero):
    """x + alpha F(x), alpha 1 / sqrt(L) at first, or 0. De and Smith 2020 (arXiv:2002.10444)."""

    def __init__(self, choice: Choice, place: Place) -> None:
        Skip.__init__(self, choice, place)
        self.start = 1 / sqrt(place.count) if choice.start is None else choice.start
        self.alpha = nn.Parameter(torch.empty(()))
