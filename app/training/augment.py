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

    def __call__(self, x: Tensor) -> Tensor:
        """The batch, (n, channels, height, width), of any type, anew."""
        count, channels, height, width = x.shape
        pad = self._pad
        draws = torch.randint(0, 2 * pad + 1, (2, count), generator=self._generator).to(x.device)
        size = (count, channels, height + 2 * pad, width + 2 * pad)
        padded = self._fill.to(x.dtype).expand(size).clone()
        padded[:, :, pad : pad + height, pad : pad + width] = x
        windows = padded.unfold(2, height, 1).unfold(3, width, 1)  # (n, c, dy, dx, h, w): a view
        x = windows[torch.arange(count, device=x.device), :, draws[0], draws[1]]
        if self._flip:
            mirrored = torch.rand(count, generator=self._generator).to(x.device) < 0.5
            x = torch.where(mirrored[:, None, None, None], x.flip(3), x)
        return x
