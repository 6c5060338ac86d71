"""L2 norms, exact at any magnitude."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

# Where a float32 sum of squares loses nothing: an element too small to be squared, under 1e-19, is
# then a millionth of the norm, and no square overflows.
SAFE = (1e-12, 1e18)


def norms(tensors: Sequence[Tensor]) -> list[float]:
    """The L2 norm of each tensor, exact to the tensors' own precision at any magnitude.

    A float32 sum of squares is fast, but reads 0 where the truth is 1e-30 and infinite where it
    is 1e20: what falls outside the safe range is summed again in float64.
    """
    found = [norm.item() for norm in torch._foreach_norm(list(tensors), 2)]
    outside = [n for n, norm in enumerate(found) if not SAFE[0] < norm < SAFE[1]]
    if outside:
        again = torch._foreach_norm([tensors[n] for n in outside], 2, dtype=torch.float64)
        for n, norm in zip(outside, again, strict=True):
            found[n] = norm.item()
    return found


def norms_where(tensors: Sequence[Tensor | None]) -> list[float]:
    """As ``norms`` of gradients; 0 where there is none: the loss does not depend on it."""
    there = [n for n, tensor in enumerate(tensors) if tensor is not None]
    found = [0.0] * len(tensors)
    for n, norm in zip(there, norms([t for t in tensors if t is not None]), strict=True):
        found[n] = norm
    return found


def rounded(values: Sequence[float]) -> tuple[float, ...]:
    """The values to seven significant digits, all that float32 gradients have."""
    return tuple(map(float, ("%.7g " * len(values) % tuple(values)).split()))
