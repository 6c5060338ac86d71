"""What skips have in common whose stream is several copies of what others have one of."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from models.registry import Choice
from models.skips.skip import Place, Skip

Mix = tuple[Tensor, Tensor, Tensor]  # how copies are read, how they mix, how a branch is written


class Copies(Skip):
    """X' = R X + p F(r X): n copies, stacked: (batch, n, ..., channels), as images lie in memory.

    ``mix`` says how: r, (batch, 1, n); R, (batch, n, n), its row i what copy i is made of; and p,
    (batch, n, 1). Where the shape changes, each copy is reshaped alike. The head reads the mean.
    """

    def __init__(self, choice: Choice, place: Place, copies: int) -> None:
        super().__init__(choice, place)
        self.copies = copies

    def mix(self, features: Tensor) -> Mix:
        """r, R and p, of what the copies hold: (batch, n, channels); of images the pixels' mean."""
        raise NotImplementedError

    def open(self, x: Tensor) -> Tensor:
        return torch.stack([x.movedim(1, -1)] * self.copies, 1)

    def read(self, stream: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor]]:
        features = stream.mean((2, 3)) if stream.dim() == 5 else stream
        reads, mixes, writes = self.mix(features)
        read = torch.bmm(reads, stream.flatten(2)).view(-1, *stream.shape[2:]).movedim(-1, 1)
        return read, (stream, mixes, writes)

    def reshape(self, past: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        if self.shortcut is None:
            return past
        stream, mixes, writes = past
        return self.newest(stream, self.shortcut), mixes, writes

    def write(self, past: tuple[Tensor, Tensor, Tensor], fx: Tensor) -> Tensor:
        stream, mixes, writes = past
        written = writes * fx.movedim(1, -1).flatten(1).unsqueeze(1)
        return torch.baddbmm(written, mixes, stream.flatten(2)).view(stream.shape)

    def newest(self, stream: Tensor, act: Callable[[Tensor], Tensor]) -> Tensor:
        """All copies, each as an example of its own: a norm sees them together."""
        acted = act(stream.flatten(0, 1).movedim(-1, 1)).movedim(1, -1)
        return acted.reshape(-1, self.copies, *acted.shape[1:])

    def close(self, stream: Tensor) -> Tensor:
        return stream.mean(1).movedim(-1, 1)
