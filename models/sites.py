"""Named places in a network where signal and gradient can be looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from torch import Tensor, nn


class Sites:
    """What passes the named places of a network, kept only while somebody records.

    The gradient by a site is the gradient through it, and through nothing else: where a tensor
    goes two ways, each has a node of autograd's graph for itself. A network's parts share one.
    """

    def __init__(self) -> None:
        self._kinds: Collection[str] = ()
        self._kept: dict[str, Tensor] = {}

    def __call__(self, part: str, kind: str, x: Tensor) -> Tensor:
        """``x``, kept as ``part.kind`` where that kind is recorded; it has no other way on."""
        if kind in self._kinds:
            self._kept[f"{part}.{kind}"] = x
        return x

    def fork(self, part: str, kind: str, x: Tensor) -> Tensor:
        """As a call, of one of several ways that ``x`` goes: where recorded, a node of its own."""
        return self(part, kind, x.view_as(x)) if kind in self._kinds else x

    @contextmanager
    def recording(self, kinds: Collection[str]) -> Iterator[dict[str, Tensor]]:
        """Keep what passes sites of these kinds, by name, in the order in which it passes."""
        self._kinds, self._kept = kinds, {}
        try:
            yield self._kept
        finally:
            self._kinds, self._kept = (), {}


class Site(nn.Module):
    """A site between two layers of a sequence."""

    def __init__(self, sites: Sites, part: str, kind: str) -> None:
        super().__init__()
        self.sites = sites
        self.part = part
        self.kind = kind

    def forward(self, x: Tensor) -> Tensor:
        return self.sites(self.part, self.kind, x)
