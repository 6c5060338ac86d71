"""Sizes of what goes forward through a network."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import torch
from torch import Tensor

from app.measures.look import Look
from app.measures.norms import norms


def signal(look: Look, places: Sequence[str]) -> list[float]:
    """The root mean square of each part's output, over the batch."""
    return _rms([look.signals[f"{place}.out"] for place in places])


def stream(look: Look, places: Sequence[str]) -> list[float]:
    """The root mean square of what each block's shortcut brings to the addition."""
    return _rms([look.signals[f"{place}.kept"] for place in places])


def branch_norm(look: Look, places: Sequence[str]) -> list[float]:
    """The root mean square of what each branch writes."""
    return _rms([look.signals[f"{place}.written"] for place in places])


def cosine(look: Look, places: Sequence[str]) -> list[float]:
    """The cosine between what branch and shortcut bring to the addition, the mean over examples.

    An example of which either brings nothing has no angle, and is left out.
    """
    means = [
        _angles(look.signals[f"{place}.written"], look.signals[f"{place}.kept"]).nanmean()
        for place in places
    ]
    found: list[float] = torch.stack(means).tolist()
    return found


def activation_std(look: Look, places: Sequence[str]) -> list[float]:
    """The standard deviation of each layer's response, over batch, channels and pixels.

    He et al. 2015 (arXiv:1512.03385), figure 7: after the norm, before the nonlinearity.
    """
    responses = [look.signals[f"{place}.response"] for place in places]
    means = torch.stack([response.mean() for response in responses]).tolist()
    return _rms(torch._foreach_sub(responses, means))


def _angles(one: Tensor, other: Tensor) -> Tensor:
    """The cosine of each example, (batch,)."""
    a, b = (x.movedim(1, -1).flatten(1).double() for x in (one, other))  # small squares would be 0
    cosines: Tensor = (a * b).sum(1) / (a.norm(dim=1) * b.norm(dim=1))
    return cosines


def _rms(tensors: Sequence[Tensor]) -> list[float]:
    sizes = norms(tensors)
    return [size / sqrt(one.numel()) for size, one in zip(sizes, tensors, strict=True)]
