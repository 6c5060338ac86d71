"""What is measured inside a network while it trains."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.net import Net


@dataclass(frozen=True, slots=True)
class Gradients:
    """One batch forward and back.

    ``loss`` is the batch's mean, a scalar; ``logits`` what the network answers, (batch, outputs).
    ``params`` are the loss's gradients by parameter, zero where it does not depend on one:
    ``unused`` are those parameters' places, as of a branch that a step leaves out.
    ``signals`` are what passed the recorded sites, by name, and ``sites`` the gradients there,
    None where the loss does not depend on them, as in a branch that a step leaves out.
    """

    loss: Tensor
    logits: Tensor
    params: list[Tensor]
    unused: frozenset[int]
    signals: dict[str, Tensor]
    sites: dict[str, Tensor | None]

    @property
    def outputs(self) -> list[Tensor]:
        """The gradients by the parts' outputs, in depth order, where these were recorded."""
        found = [grad for name, grad in self.sites.items() if name.endswith(".out")]
        return [grad for grad in found if grad is not None]


def gradients(
    net: Net,
    params: Sequence[Tensor],
    x: Tensor,
    y: Tensor,
    *,
    sites: Collection[str] = ("out",),
    loss: Callable[[Tensor, Tensor], Tensor] = F.cross_entropy,
) -> Gradients:
    """The loss of ``net`` on a batch and its gradients by ``params`` and at ``sites``.

    Autograd hands out the gradients at the sites in the same pass: no hooks, nothing recomputed.
    """
    with net.sites.recording(sites) as kept:
        logits = net(x)
    value = loss(logits, y)
    # A branch that a step leaves out writes zeros, of which autograd knows nothing.
    known = {name: signal for name, signal in kept.items() if signal.requires_grad}
    grads = torch.autograd.grad(value, [*params, *known.values()], allow_unused=True)
    count = len(params)
    by_site = dict(zip(known, grads[count:], strict=True))
    return Gradients(
        loss=value.detach(),
        logits=logits.detach(),
        params=[
            torch.zeros_like(param) if grad is None else grad
            for param, grad in zip(params, grads[:count], strict=True)
        ],
        unused=frozenset(n for n, grad in enumerate(grads[:count]) if grad is None),
        signals={name: signal.detach() for name, signal in kept.items()},
        sites={name: by_site.get(name) for name in kept},
    )


def wrong(logits: Tensor, y: Tensor) -> Tensor:
    """Which examples are misclassified, (batch,) of bool; no answer (not finite) is a wrong one."""
    return (logits.argmax(1) != y) | ~logits.isfinite().all(1)
