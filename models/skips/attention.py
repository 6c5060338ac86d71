"""Attention residuals: each branch attends to what all branches before it wrote."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.registry import Choice
from models.skips.skip import Listed, Place

EPSILON = 1e-6  # of the norm


def attend(query: Tensor, stream: list[Tensor]) -> Tensor:
    """The mean of the entries, weighted by softmax of query . RMSNorm(entry) over channels."""
    values = torch.stack([x.movedim(1, -1) for x in stream])  # (entries, batch, ..., channels)
    scores = F.rms_norm(values, query.shape, eps=EPSILON) @ query  # (entries, batch, ...)
    return (scores.softmax(0).unsqueeze(-1) * values).sum(0).movedim(-1, 1)


class Attention(Listed):
    """v_l = F(h), h a softmax mean of v_0 to v_(l-1), v_0 the stem's output. arXiv:2603.15031.

    A learned query a block gives the weights, for each example and pixel; it starts at 0: the
    plain mean. The head reads such a mean, too. Where the shape changes, the list starts anew with
    what the shortcut makes of h.
    """

    def __init__(self, choice: Choice, place: Place) -> None:
        super().__init__(choice, place)
        self.query = _query(place.inside) if place.held > 1 else None
        self.closing = _query(place.outside) if place.index == place.count else None

    def reset_parameters(self) -> None:
        for query in (self.query, self.closing):
            if query is not None:
                nn.init.zeros_(query)

    def read(self, stream: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        h = stream[0] if self.query is None else attend(self.query, stream)
        return h, stream if self.shortcut is None else [h]

    def reshape(self, past: list[Tensor]) -> list[Tensor]:
        return past if self.shortcut is None else [self.shortcut(x) for x in past]

    def write(self, past: list[Tensor], fx: Tensor) -> list[Tensor]:
        return [*past, fx]

    def without(
        self, past: list[Tensor], zero: Tensor, act: Callable[[Tensor], Tensor]
    ) -> list[Tensor]:
        """The list without an entry: one of zeros would be attended to."""
        return past

    def close(self, stream: list[Tensor]) -> Tensor:
        assert self.closing is not None
        return attend(self.closing, stream)


def _query(width: int) -> nn.Parameter:
    return nn.Parameter(torch.empty(width))
