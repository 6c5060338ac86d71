"""Images shifted and mirrored, a batch at once, on the device."""

from __future__ import annotations

import torch
from torch import Tensor


class Augment:
    """Shifts each image by up to ``pad`` pixels each way and, with ``flip``, mirrors half of them.

    What comes in at the edges is ``fill``, (channels,): the data's mean, about 0 once scaled.
    He et al. 2015, arXiv:1512.03385, section 4.2. Its draws come from the CPU's ``generator``
    wherever the images are, so that a run repeats on any device.
    """

    def __init__(self, pad: int, flip: bool, fill: Tensor, generator: torch.Generator) -> None:
        self._pad = pad
        self._flip = flip
        self._fill = fill[:, None, None]
        self._generator = generator

    def __call__(self, x: Tensor, draws: torch.Generator | None = None) -> Tensor:
        """The batch, (n, channels, height, width), of any type, anew; by ``draws`` where given."""
        draws = draws or self._generator
        count, channels, height, width = x.shape
        pad = self._pad
        tall, wide = height + 2 * pad, width + 2 * pad
        down, right = torch.randint(0, 2 * pad + 1, (2, count), generator=draws)
        padded = self._fill.to(x.dtype).expand(count, channels, tall, wide).clone()
        padded[:, :, pad : pad + height, pad : pad + width] = x
        # Row by row: where each row of each window starts in the padded batch, laid out flat.
        planes = torch.arange(count * channels).view(count, channels, 1) * (tall * wide)
        starts = planes + torch.arange(height) * wide + (down * wide + right)[:, None, None]
        every = padded.view(-1).unfold(0, width, 1)  # a view: each start's next ``width`` pixels
        x = every.index_select(0, starts.view(-1).to(x.device)).view(x.shape)
        if self._flip:
            mirrored = torch.rand(count, generator=draws) < 0.5
            chosen = torch.arange(count) + count * mirrored
            x = torch.cat([x, x.flip(3)]).index_select(0, chosen.to(x.device))
        return x
