"""Zeros that are none: what is too small for float32, in which networks train."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from math import frexp, isfinite

import torch
from torch import Tensor, nn

from app.events import Quantity
from app.training.probes import Gradients
from app.training.task import Loss
from models.net import Net
from models.outline import main_path
from models.skips.dropout import Dropout

PARTS = 4  # of a batch, one after another: in float64, a quarter takes half of what training does
LARGEST = 1000  # the exponent that the greatest gradient is scaled up to; float64 ends at 1023

Places = dict[Quantity, tuple[int, ...]]
NORMS: tuple[Quantity, ...] = ("flow", "weight_grad")


class Underflow:
    """Tells what is exactly 0 (behind a dead ReLU) from what is only too small for float32.

    Below 1e-45 float32 has nothing but 0. So the batch is gone through again in float64, on a copy
    of the network and with its loss scaled up as in mixed precision (Micikevicius et al. 2018,
    arXiv:1710.03740): what then is not 0, down to some 1e-600, was only too small. One example
    proves that, so a batch is looked at part by part; not where batch norm ties its examples.

    What a step leaves out is 0. While the same places stay 0 they are not looked at again: it costs
    several steps' time.
    """

    def __init__(self, net: Net, loss: Loss) -> None:
        self._net = net
        self._loss = loss
        self._weights = main_path(net)
        self._copy: Net | None = None
        self._zeros: Places = {}
        self._known: Places | None = None

    def __call__(
        self,
        params: Sequence[Tensor],
        batch: tuple[Tensor, Tensor],
        grads: Gradients,
        measures: Mapping[str, Sequence[float]],
    ) -> Places | None:
        """The places that were only too small, by quantity; None where there are none.

        ``params`` are the weights with which ``batch`` gave ``grads``, and ``measures`` hold the
        norms of its gradients, as far as they were taken.
        """
        norms = {name: measures[name] for name in NORMS if name in measures}
        zeros: Places = {name: _zeros(values) for name, values in norms.items()}
        if "weight_grad" in zeros:  # what the loss does not depend on has a gradient of 0 indeed
            zeros["weight_grad"] = tuple(
                n for n in zeros["weight_grad"] if self._weights[n] not in grads.unused
            )
        if not any(zeros.values()):
            self._zeros = zeros
            self._known = None
            return None
        zeros["signal"] = tuple(
            n for n, signal in enumerate(_outputs(grads.signals)) if not signal.any()
        )
        if zeros != self._zeros:
            self._zeros, self._known = zeros, self._look(params, batch, zeros, _scale(norms))
        return self._known

    def _look(
        self, params: Sequence[Tensor], batch: tuple[Tensor, Tensor], zeros: Places, scale: float
    ) -> Places | None:
        net = self._in_double(params)
        left = {name: set(places) for name, places in zeros.items()}
        for x, y in _parts(net, *batch):
            found = _backward(net, x, y, self._loss, scale)
            for name, places in left.items():
                places -= {n for n in places if _proves(found[name][n])}
            if not any(left.values()):
                break
        small = {name: tuple(n for n in zeros[name] if n not in left[name]) for name in zeros}
        return {name: places for name, places in small.items() if places} or None

    def _in_double(self, params: Sequence[Tensor]) -> Net:
        if self._copy is None:
            noise = self._net.noise
            self._copy = deepcopy(self._net, {id(noise): noise}).double()  # and its noise shared
        with torch.no_grad():
            for ours, theirs in zip(self._copy.parameters(), params, strict=True):
                ours.copy_(theirs)
        return self._copy


def _zeros(values: Sequence[float]) -> tuple[int, ...]:
    return tuple(n for n, value in enumerate(values) if value == 0)


def _proves(grad: Tensor) -> bool:
    """Whether there is a gradient: a number that is not 0, of which "not a number" is none."""
    return bool((grad.isfinite() & (grad != 0)).any())


def _scale(norms: Mapping[Quantity, Sequence[float]]) -> float:
    """A power of two that takes the greatest gradient to float64's upper end, and not beyond."""
    values = [value for each in norms.values() for value in each]
    if not all(map(isfinite, values)):
        return 1.0
    return 2.0 ** (LARGEST - max(0, frexp(max(values))[1]))


def at_once(net: Net, batch: int) -> int:
    """How many examples of a batch go through the network in float64 together.

    All where batch norm ties them, or where dropout draws for the batch as a whole.
    """
    tied = any(isinstance(m, nn.modules.batchnorm._BatchNorm | Dropout) for m in net.modules())
    return batch if tied else -(-batch // PARTS)


def _parts(net: Net, x: Tensor, y: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    size = at_once(net, len(x))
    answers = y.double() if y.is_floating_point() else y
    yield from zip(torch.split(x.double(), size), torch.split(answers, size), strict=True)


def _backward(
    net: Net, x: Tensor, y: Tensor, loss: Loss, scale: float
) -> dict[Quantity, Sequence[Tensor]]:
    """Outputs and gradients; where these leave float64 on their way, of a smaller scale."""
    with net.sites.recording(("out",)) as kept:
        logits = net(x)
    outputs = list(kept.values())
    params = list(net.parameters())
    weights = [params[n] for n in main_path(net)]
    grads = torch.autograd.grad(
        loss(logits, y),
        [*outputs, *weights],
        x.new_tensor(scale).squeeze(),
        allow_unused=True,
        materialize_grads=True,
    )
    if scale > 1 and not all(grad.isfinite().all() for grad in grads):
        del outputs, kept, logits, grads
        return _backward(net, x, y, loss, scale**0.5 if scale > 2.0 ** (LARGEST / 2) else 1.0)
    count = len(outputs)
    return {"signal": outputs, "flow": grads[:count], "weight_grad": grads[count:]}


def _outputs(signals: Mapping[str, Tensor]) -> list[Tensor]:
    """What the parts put out, in depth order, of all that was recorded."""
    return [signal for name, signal in signals.items() if name.endswith(".out")]
