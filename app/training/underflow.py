"""Zeros that are none: what is too small for float32, in which networks train."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from math import frexp, isfinite

import torch
from torch import Tensor, nn

from app.measures import MEASURES
from app.measures.taking import Taken
from app.training.probes import Gradients, gradients
from app.training.task import Loss
from models.net import Net
from models.outline import main_path
from models.skips.dropout import Dropout

PARTS = 4  # of a batch, one after another: in float64, a quarter takes half of what training does
LARGEST = 1000  # the exponent that the greatest gradient is scaled up to; float64 ends at 1023

Places = dict[str, tuple[int, ...]]  # by measure


class Underflow:
    """Tells what is exactly 0 (behind a dead ReLU) from what is only too small for float32.

    Below 1e-45 float32 has nothing but 0. So the batch is gone through again in float64, on a copy
    of the network and with its loss scaled up as in mixed precision (Micikevicius et al. 2018,
    arXiv:1710.03740): what then is not 0, down to some 1e-600, was only too small. One example
    proves that, so a batch is looked at part by part; not where batch norm ties its examples.
    Of the measures that are ``taken``, those are looked at that are sizes (``Measure.size``).

    What a step leaves out is 0. While the same places stay 0 they are not looked at again: it costs
    several steps' time.
    """

    def __init__(self, net: Net, loss: Loss, taken: Sequence[Taken]) -> None:
        self._net = net
        self._loss = loss
        self._weights = main_path(net)
        self._taken = {one.measure.name: one for one in taken if one.measure.size}
        self._signal = Taken(MEASURES["signal"], tuple(part.name for part in net.parts))
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
        """The places that were only too small, by measure; None where there are none.

        ``params`` are the weights with which ``batch`` gave ``grads``, and ``measures`` what was
        taken of these. Where one has a 0 the parts' signals are told, too, if they were recorded.
        """
        sizes = {name: values for name, values in measures.items() if name in self._taken}
        zeros = {name: self._zeros_of(self._taken[name], grads, sizes[name]) for name in sizes}
        if not any(zeros.values()):
            self._zeros, self._known = {}, None
            return None
        if f"{self._signal.places[0]}.out" in grads.signals:
            parts = [0.0] * len(self._signal.places)
            zeros["signal"] = self._zeros_of(self._signal, grads, parts)
        if zeros != self._zeros:
            self._zeros, self._known = zeros, self._look(params, batch, zeros, _scale(sizes))
        return self._known

    def _look(
        self, params: Sequence[Tensor], batch: tuple[Tensor, Tensor], zeros: Places, scale: float
    ) -> Places | None:
        net = self._in_double(params)
        left = {name: set(places) for name, places in zeros.items()}
        sites = {site for name, places in zeros.items() if places for site in MEASURES[name].sites}
        for x, y in _parts(net, *batch):
            found = _backward(net, x, y, sites, self._loss, scale)
            for name, places in left.items():
                if places:
                    vectors = self._vectors(self._taken.get(name, self._signal), found)
                    places -= {n for n in places if _proves(vectors[n])}
            if not any(left.values()):
                break
        small = {name: tuple(n for n in zeros[name] if n not in left[name]) for name in zeros}
        return {name: places for name, places in small.items() if places} or None

    def _zeros_of(self, taken: Taken, grads: Gradients, values: Sequence[float]) -> tuple[int, ...]:
        """Where a size is 0, of what the step did not leave out.

        A deviation is 0 of anything that is the same everywhere: of that, nothing is too small.
        """
        if 0 not in values:
            return ()
        vectors = self._vectors(taken, grads)
        forward = taken.measure.size == "signal"
        return tuple(
            n
            for n, (value, vector) in enumerate(zip(values, vectors, strict=True))
            if value == 0 and vector is not None and not (forward and vector.any())
        )

    def _vectors(self, taken: Taken, grads: Gradients) -> list[Tensor | None]:
        """What the size of is measured at each place; None where the loss does not depend on it."""
        if not taken.measure.sites:
            return [None if n in grads.unused else grads.params[n] for n in self._weights]
        (site,) = taken.measure.sites
        names = [f"{place}.{site}" for place in taken.places]
        if taken.measure.size == "gradient":
            return [grads.sites[name] for name in names]
        return [None if grads.sites[name] is None else grads.signals[name] for name in names]

    def _in_double(self, params: Sequence[Tensor]) -> Net:
        if self._copy is None:
            noise = self._net.noise
            self._copy = deepcopy(self._net, {id(noise): noise}).double()  # and its noise shared
        with torch.no_grad():
            for ours, theirs in zip(self._copy.parameters(), params, strict=True):
                ours.copy_(theirs)
        return self._copy


def _proves(vector: Tensor | None) -> bool:
    """Whether there is something: a number that is not 0, of which "not a number" is none."""
    return vector is not None and bool((vector.isfinite() & (vector != 0)).any())


def _scale(sizes: Mapping[str, Sequence[float]]) -> float:
    """A power of two that takes the greatest gradient to float64's upper end, and not beyond."""
    values = [
        value for name, each in sizes.items() if MEASURES[name].size == "gradient" for value in each
    ]
    if not all(map(isfinite, values)):
        return 1.0
    return 2.0 ** (LARGEST - max(0, frexp(max(values, default=0.0))[1]))


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
    net: Net, x: Tensor, y: Tensor, sites: Collection[str], loss: Loss, scale: float
) -> Gradients:
    """Signals and scaled gradients; where these leave float64 on their way, of a smaller scale."""

    def scaled(outputs: Tensor, answers: Tensor) -> Tensor:
        return loss(outputs, answers) * scale

    found = gradients(net, list(net.parameters()), x, y, sites=sites, loss=scaled)
    grads = [*found.params, *(grad for grad in found.sites.values() if grad is not None)]
    if scale > 1 and not all(grad.isfinite().all() for grad in grads):
        del found, grads
        smaller = scale**0.5 if scale > 2.0 ** (LARGEST / 2) else 1.0
        return _backward(net, x, y, sites, loss, smaller)
    return found
