"""What is measured inside a network while it trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.net import Net


@dataclass(frozen=True, slots=True)
class Gradients:
    """One batch forward and back.

    ``loss`` is the batch's mean cross-entropy, a scalar; ``logits`` (batch, classes).
    ``params`` are the loss's gradients by parameter, ``outputs`` those by the output of every
    part, in depth order; empty where they were not asked for.
    """

    loss: Tensor
    logits: Tensor
    params: list[Tensor]
    outputs: list[Tensor]


def gradients(
    net: Net, params: Sequence[Tensor], x: Tensor, y: Tensor, *, flow: bool = True
) -> Gradients:
    """The loss of ``net`` on a batch and its gradients by ``params`` and, with ``flow``, outputs.

    Autograd hands out the gradients by the outputs in the same pass: no hooks, nothing recomputed.
    """
    outputs = net.trace(x)
    loss = F.cross_entropy(outputs[-1], y)
    asked = [*params, *outputs] if flow else list(params)
    grads = torch.autograd.grad(loss, asked)
    count = len(params)
    return Gradients(loss.detach(), outputs[-1].detach(), list(grads[:count]), list(grads[count:]))


def norms(tensors: Sequence[Tensor]) -> list[float]:
    """The L2 norm of each tensor, accumulated in float64 (a float32 sum of squares loses 1e-30)."""
    return torch.stack(torch._foreach_norm(list(tensors), 2, dtype=torch.float64)).tolist()


def rounded(values: Sequence[float]) -> tuple[float, ...]:
    """The values to seven significant digits, all that float32 gradients have."""
    return tuple(float(f"{value:.7g}") for value in values)


def wrong(logits: Tensor, y: Tensor) -> Tensor:
    """Which examples are misclassified, (batch,) of bool; no answer (not finite) is a wrong one."""
    return (logits.argmax(1) != y) | ~logits.isfinite().all(1)
