"""What is measured inside a network while it trains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.net import Net

# Where a float32 sum of squares loses nothing: an element too small to be squared, under 1e-19, is
# then a millionth of the norm, and no square overflows.
SAFE = (1e-12, 1e18)


@dataclass(frozen=True, slots=True)
class Gradients:
    """One batch forward and back.

    ``loss`` is the batch's mean, a scalar; ``logits`` what the network answers, (batch, outputs).
    ``params`` are the loss's gradients by parameter, ``outputs`` those by the output of every
    part, in depth order; empty where they were not asked for.
    """

    loss: Tensor
    logits: Tensor
    params: list[Tensor]
    outputs: list[Tensor]


def gradients(
    net: Net,
    params: Sequence[Tensor],
    x: Tensor,
    y: Tensor,
    *,
    flow: bool = True,
    loss: Callable[[Tensor, Tensor], Tensor] = F.cross_entropy,
) -> Gradients:
    """The loss of ``net`` on a batch and its gradients by ``params`` and, with ``flow``, outputs.

    Autograd hands out the gradients by the outputs in the same pass: no hooks, nothing recomputed.
    """
    outputs = net.trace(x)
    value = loss(outputs[-1], y)
    asked = [*params, *outputs] if flow else list(params)
    grads = torch.autograd.grad(value, asked)
    count = len(params)
    return Gradients(value.detach(), outputs[-1].detach(), list(grads[:count]), list(grads[count:]))


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


def rounded(values: Sequence[float]) -> tuple[float, ...]:
    """The values to seven significant digits, all that float32 gradients have."""
    return tuple(map(float, ("%.7g " * len(values) % tuple(values)).split()))


def wrong(logits: Tensor, y: Tensor) -> Tensor:
    """Which examples are misclassified, (batch,) of bool; no answer (not finite) is a wrong one."""
    return (logits.argmax(1) != y) | ~logits.isfinite().all(1)
