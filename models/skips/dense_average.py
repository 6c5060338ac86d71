"""Dense average, as in DenseFormer: a learned average of all block outputs so far."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from models.registry import Choice
from models.skips.skip import Listed, Place


def average(weights: Tensor, stream: list[Tensor]) -> Tensor:
    """The sum of the entries, each times its weight."""
    entries = torch.stack([x.movedim(1, -1) for x in stream])  # as images lie in memory
    return (weights @ entries.flatten(1)).view(entries.shape[1:]).movedim(-1, 1)


class DenseAverage(Listed):
    """x_l = h + F(h) with h = sum of a_j x_j over all j < l. Pagliardini et al. 2024 (2402.02622).

    The newest entry's weight starts at 1, the others' at 0: at first this is the identity skip.
    What the head reads is averaged, too. Where the shape changes, the list starts anew with what
    the shortcut makes of h.
    """

    def __init__(self, choice: Choice, place: Place) -> None:
        super().__init__(choice, place)
        self.weights = _weights(place.held) if place.held > 1 else None
        last = place.index == place.count
        self.closing = _weights((1 if place.changes else place.held) + 1) if last else None

    def reset_parameters(self) -> None:
        for weights in (self.weights, self.closing):
            if weights is not None:
                nn.init.zeros_(weights)
                nn.init.ones_(weights[-1:])

    def share(self, stream: list[Tensor], act: Callable[[Tensor], Tensor]) -> list[Tensor]:
        """The list starts anew, with ``act`` of what is read."""
        return [act(self._averaged(stream))]

    def read(self, stream: list[Tensor]) -> tuple[Tensor, tuple[Tensor, list[Tensor]]]:
        h = self._averaged(stream)
        return h, (h, stream)

    def _averaged(self, stream: list[Tensor]) -> Tensor:
        if len(stream) == 1:
            return stream[0]
        assert self.weights is not None
        return average(self.weights, stream)

    def reshape(self, past: tuple[Tensor, list[Tensor]]) -> tuple[Tensor, list[Tensor]]:
        if self.shortcut is None:
            return past
        h = self.shortcut(past[0])
        return h, [h]

    def write(self, past: tuple[Tensor, list[Tensor]], fx: Tensor) -> list[Tensor]:
        h, stream = past
        return [*stream, h + fx]

    def close(self, stream: list[Tensor]) -> Tensor:
        assert self.closing is not None
        return average(self.closing, stream)


def _weights(entries: int) -> nn.Parameter:
    return nn.Parameter(torch.empty(entries))
