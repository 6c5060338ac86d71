"""Augmentation against the same thing done one image at a time with numpy."""

import numpy as np
import pytest
import torch

from app.training.augment import Augment
from models.noise import generator


def by_hand(images: np.ndarray, pad: int, flip: bool, fill: list[float]) -> np.ndarray:
    """The same draws, applied in a plain loop."""
    draws = generator(3, "noise")
    shifts = torch.randint(0, 2 * pad + 1, (2, len(images)), generator=draws).numpy()
    mirrored = torch.rand(len(images), generator=draws).numpy() < 0.5
    out = np.empty_like(images)
    _, height, width = images.shape[1:]
    for n, image in enumerate(images):
        for channel, value in enumerate(fill):
            padded = np.pad(image[channel], pad, constant_values=value)
            dy, dx = shifts[:, n]
            crop = padded[dy : dy + height, dx : dx + width]
            out[n, channel] = crop[:, ::-1] if flip and mirrored[n] else crop
    return out


@pytest.mark.parametrize("flip", [True, False])
@pytest.mark.parametrize("pad", [0, 1, 4])
@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_a_batch_is_what_a_plain_loop_makes_of_it(pad: int, flip: bool, kind: type) -> None:
    images: np.ndarray = np.random.default_rng(0).integers(0, 256, (50, 3, 8, 7)).astype(kind)
    augment = Augment(pad, flip, torch.tensor([1, 2, 3]), generator(3, "noise"))
    ours = augment(torch.from_numpy(images).clone()).numpy()
    assert ours.dtype == kind
    assert np.array_equal(ours, by_hand(images, pad, flip, [1, 2, 3]))


def test_every_shift_comes_and_half_are_mirrored() -> None:
    image = torch.arange(1.0, 10.0).reshape(1, 1, 3, 3).expand(4000, 1, 3, 3)
    seen = Augment(1, True, torch.zeros(1), generator(0, "noise"))(image)
    kinds, counts = np.unique(seen.numpy().reshape(4000, 9), axis=0, return_counts=True)
    assert len(kinds) == 9 * 2
    assert counts.min() > 4000 / 18 * 0.7
    assert counts.max() < 4000 / 18 * 1.3
