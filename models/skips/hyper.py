"""Hyper-connections: several copies of the stream, mixed by learned weights."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.skips.choices import Hyper as Choice
from models.skips.copies import Copies, Mix
from models.skips.skip import Place


class Hyper(Copies):
    """n copies of the stream; each weight is a static one + s tanh(norm(x) w).

    x is what a copy holds, of images its mean over pixels, so that each example has weights of
    its own. It starts as the identity skip: w = 0, s = 0.01, each copy is made of itself, the
    branch reads the copies by turns and is written to all. Zhu et al. 2024 (arXiv:2409.19606),
    dynamic; here the head reads the copies' mean, there their sum.
    """

    def __init__(self, choice: Choice, place: Place) -> None:
        super().__init__(choice, place, choice.copies)
        self.turn = (place.index - 1) % self.copies
        # By copy: how much of it is read, goes to each of the copies, and is written to it.
        self.static = nn.Parameter(torch.empty(self.copies, self.copies + 2))
        self.dynamic = nn.Parameter(torch.empty(place.inside, self.copies + 2))
        self.small = nn.Parameter(torch.empty(2))  # of what is read and mixed, and of what written

    @torch.no_grad()
    def reset_parameters(self) -> None:
        nn.init.zeros_(self.dynamic)
        nn.init.constant_(self.small, 0.01)
        nn.init.zeros_(self.static)
        self.static[self.turn, 0] = 1
        self.static[:, 1:-1].fill_diagonal_(1)
        self.static[:, -1] = 1

    def mix(self, features: Tensor) -> Mix:
        moved = torch.tanh(F.layer_norm(features, features.shape[2:]) @ self.dynamic)
        scale = torch.cat([self.small[:1].expand(self.copies + 1), self.small[1:]])
        weights = torch.addcmul(self.static, scale, moved)  # (batch, copies, copies + 2)
        reads, mixes, writes = torch.split(weights, [1, self.copies, 1], 2)
        return reads.mT, mixes.mT, writes
