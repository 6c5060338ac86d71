"""mHC: hyper-connections whose mixing adds nothing and loses nothing."""

from __future__ import annotations

from math import log

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.skips.choices import Constrained
from models.skips.copies import Copies, Mix
from models.skips.skip import Place

ROUNDS = 20
EPSILON = 1e-6  # of the norm


def sinkhorn(logits: Tensor) -> Tensor:
    """exp(logits), (..., n, n), with columns and rows scaled in turn to sums of one.

    Rows come last, so that their sums are one exactly; columns' are nearly.
    """
    found = logits.softmax(-2)  # the first round's columns; of large logits, too
    found = found / found.sum(-1, keepdim=True)
    for _ in range(ROUNDS - 1):
        found = found / found.sum(-2, keepdim=True)
        found = found / found.sum(-1, keepdim=True)
    return found


class Mhc(Copies):
    """Hyper-connections with r = sigmoid, p = 2 sigmoid, and R made doubly stochastic.

    Each is of a RMSNorm(x) w + b, x all that the copies hold, of images their mean over pixels.
    arXiv:2512.24880. Here w starts at 0 and a at 0.01, and b so that the branch reads the copies
    by turns (nine tenths of one, a tenth of the others: were all alike, they would stay so) and
    is written to all, and that R off its diagonal is e^``off_diagonal`` before it is scaled. The
    head reads the copies' mean.
    """

    def __init__(self, choice: Constrained, place: Place) -> None:
        super().__init__(choice, place, choice.copies)
        self.off_diagonal = choice.off_diagonal
        n = self.copies
        self.turn = (place.index - 1) % n
        self.sizes = [n, n, n * n]  # what is read, written, mixed
        self.weight = nn.Parameter(torch.empty(n * place.inside, sum(self.sizes)))
        self.bias = nn.Parameter(torch.empty(sum(self.sizes)))
        self.small = nn.Parameter(torch.empty(3))

    @torch.no_grad()
    def reset_parameters(self) -> None:
        nn.init.zeros_(self.weight)
        nn.init.constant_(self.small, 0.01)
        n = self.copies
        reads, writes, mixes = torch.split(self.bias, self.sizes)
        nn.init.constant_(reads, -log(10 * (n - 1) - 1))  # sigmoid: 1/10 of what n - 1 share
        reads[self.turn] = log(9)  # sigmoid: 9/10
        nn.init.zeros_(writes)
        nn.init.constant_(mixes, self.off_diagonal)
        mixes.view(n, n).fill_diagonal_(0)

    def mix(self, features: Tensor) -> Mix:
        held = features.flatten(1)
        moved = F.rms_norm(held, held.shape[1:], eps=EPSILON) @ self.weight
        reads, writes, mixes = (
            torch.addcmul(*part)
            for part in zip(
                torch.split(self.bias, self.sizes),
                self.small.unbind(),
                torch.split(moved, self.sizes, 1),
                strict=True,
            )
        )
        n = self.copies
        return (
            torch.sigmoid(reads).unsqueeze(1),
            sinkhorn(mixes.view(-1, n, n)),
            2 * torch.sigmoid(writes).unsqueeze(2),
        )
