"""A network in evaluation mode whose batch-norm statistics are those of its present weights."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

from app.training.examples import Examples

Network = TypeVar("Network", bound=nn.Module)

CHUNK = 256  # examples at once


def batch_norms(net: nn.Module) -> list[nn.modules.batchnorm._BatchNorm]:
    """The layers whose statistics are estimated."""
    return [m for m in net.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]


class PreciseNorm(Generic[Network]):
    """A copy that shares the weights of ``net``: training itself is not touched.

    The statistics that training keeps lag behind the weights by tens of steps. ``estimate`` takes
    them anew, over these examples and as a plain mean: "precise batch norm" (Wu and Johnson 2021,
    arXiv:2105.07576, section 3). All else is in evaluation mode meanwhile, as it will be asked.
    """

    def __init__(self, net: Network, examples: Examples) -> None:
        weights: dict[int, object] = {id(p): p for p in net.parameters()}
        self.net: Network = deepcopy(net, weights)  # what the memo holds is shared, not copied
        self._norms = batch_norms(self.net)
        self._examples = examples

    def estimate(self) -> Iterator[None]:
        """Take the statistics; yields after each batch."""
        self.net.eval()
        if self._norms:
            yield from self._estimate()

    def _estimate(self) -> Iterator[None]:
        usual = [norm.momentum for norm in self._norms]
        for norm in self._norms:
            norm.train()
            norm.reset_running_stats()
            norm.momentum = None  # PyTorch then keeps the plain mean over batches
        if len(self._examples) > 1:  # no variance in one example
            for inputs, _ in self._examples.chunks(CHUNK):
                self(inputs)
                yield
        for norm, momentum in zip(self._norms, usual, strict=True):
            norm.eval()
            norm.momentum = momentum  # for whoever trains on with this network

    @torch.no_grad()
    def __call__(self, inputs: Tensor) -> Tensor:
        """What it answers to the inputs, (batch, outputs)."""
        outputs: Tensor = self.net(inputs)
        return outputs
