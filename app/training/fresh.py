"""A network in evaluation mode whose batch-norm statistics are those of its present weights."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import torch
from torch import Tensor, nn

from app.training.examples import Examples
from models.net import Net

CHUNK = 256  # examples at once


class Fresh:
    """A copy that shares the weights of ``net``: training itself is not touched.

    The statistics that training keeps lag behind the weights by tens of steps. ``estimate`` takes
    them anew, over these examples and as a plain mean.
    """

    def __init__(self, net: Net, examples: Examples) -> None:
        weights: dict[int, object] = {id(p): p for p in net.parameters()}
        self._net: Net = deepcopy(net, weights)  # what the memo holds is shared, not copied
        self._norms = [
            m for m in self._net.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)
        ]
        for norm in self._norms:
            norm.momentum = None  # PyTorch then keeps the plain mean over batches
        self._examples = examples

    def estimate(self) -> Iterator[None]:
        """Take the statistics; yields after each batch."""
        if self._norms:
            yield from self._estimate()
        self._net.eval()

    def _estimate(self) -> Iterator[None]:
        self._net.train()
        for norm in self._norms:
            norm.reset_running_stats()
        if len(self._examples) < 2:
            return  # no variance in one example
        for inputs, _ in self._examples.chunks(CHUNK):
            self(inputs)
            yield

    @torch.no_grad()
    def __call__(self, inputs: Tensor) -> Tensor:
        """What it answers to the inputs, (batch, outputs)."""
        outputs: Tensor = self._net(inputs)
        return outputs
