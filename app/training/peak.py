"""How much memory a network takes that answers and learns nothing."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection
from itertools import groupby
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from models.net import Block, Net


class Peak(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """The most bytes, ``most``, that what operations gave took at once; but for ``own`` tensors.

    It works on the meta device, where nothing takes any.
    """

    def __init__(self, own: Collection[Tensor]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.most = self._now = 0
        self._alive = {one.untyped_storage()._cdata for one in own}

    def __torch_dispatch__(
        self, op: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        given = op(*args, **(kwargs or {}))
        for one in given if isinstance(given, list | tuple) else (given,):
            if isinstance(one, Tensor):
                self._see(one)
        return given

    def _see(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        place, size = storage._cdata, storage.nbytes()
        if place in self._alive:
            return
        self._alive.add(place)
        self._now += size
        self.most = max(self.most, self._now)
        weakref.finalize(storage, self._forget, place, size)

    def _forget(self, place: int, size: int) -> None:
        self._alive.remove(place)
        self._now -= size


def answering(net: Net, examples: int) -> int:
    """The most bytes, weights apart, that so many examples take at once on their way through.

    ``net`` is on the meta device. Most skips hand on one tensor, but a list of all that was
    written stays whole. Of blocks alike, only the first and the last are gone through: when that
    one reads its list, it is longest.
    """
    training = net.training
    net.eval()
    peak = Peak((*net.parameters(), *net.buffers()))
    with torch.no_grad(), peak:
        x = torch.empty((examples, *net.example), device="meta")
        stream = net.blocks[0].skip.open(net.stem(x))
        for _, alike in groupby(net.blocks, kind):
            first, *rest = alike
            stream = first(stream)
            if rest:
                if isinstance(stream, list):
                    stream += [torch.empty_like(stream[-1]) for _ in rest[:-1]]
                stream = rest[-1](stream)
        net.head(net.blocks[-1].skip.close(stream))
    net.train(training)
    return peak.most


def kind(block: Block) -> tuple[int, int, int, bool]:
    """What blocks alike have in common."""
    place = block.place
    return place.inside, place.outside, place.stride, block.before is not None
