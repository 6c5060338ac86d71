"""The whole sets measured, a batch at a time."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from copy import deepcopy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from app.events import Evaluated
from app.training.probes import wrong
from models.net import Net

CHUNK = 256  # examples at once
RE_ESTIMATE = 1024  # training examples that batch-norm statistics are estimated from

Examples = tuple[Tensor, Tensor]


class Evaluation:
    """Measures a network in evaluation mode, with fresh batch-norm statistics.

    The statistics that training keeps lag behind the weights by tens of steps. Before each
    evaluation they are estimated again, over training data and as a plain mean, in a copy that
    shares the weights: training itself is not touched.
    """

    def __init__(self, net: Net, train: Examples, test: Examples, limit: int | None) -> None:
        weights: dict[int, object] = {id(p): p for p in net.parameters()}
        self._net: Net = deepcopy(net, weights)  # what the memo holds is shared, not copied
        self._norms = [
            m for m in self._net.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)
        ]
        for norm in self._norms:
            norm.momentum = None  # PyTorch then keeps the plain mean over batches
        self._train = train[0][:limit], train[1][:limit]
        self._test = test[0][:limit], test[1][:limit]

    def __call__(self, step: int) -> Generator[None, None, Evaluated]:
        """Yield after each batch; return what was measured after ``step`` updates."""
        if self._norms:
            yield from self._re_estimate()
        self._net.eval()
        train_error, train_loss = yield from self._measure(self._train)
        test_error, test_loss = yield from self._measure(self._test)
        return Evaluated(
            step=step,
            train_error=train_error,
            train_loss=train_loss,
            test_error=test_error,
            test_loss=test_loss,
            count=len(self._train[1]),
            test_count=len(self._test[1]),
        )

    def _re_estimate(self) -> Iterator[None]:
        self._net.train()
        for norm in self._norms:
            norm.reset_running_stats()
        x = self._train[0][:RE_ESTIMATE]
        if len(x) < 2:
            return  # no variance in one example
        for chunk in _chunks(x):
            with torch.no_grad():
                self._net(chunk)
            yield

    def _measure(self, examples: Examples) -> Generator[None, None, tuple[float, float]]:
        x, y = examples
        mistakes, loss = 0, 0.0
        for inputs, labels in zip(_chunks(x), _chunks(y), strict=True):
            with torch.no_grad():
                logits = self._net(inputs)
                mistakes += int(wrong(logits, labels).sum())
                loss += F.cross_entropy(logits, labels, reduction="sum").item()
            yield
        return mistakes / len(y), loss / len(y)


def _chunks(tensor: Tensor) -> tuple[Tensor, ...]:
    """About equal parts of at most CHUNK, so that none is a single example."""
    return tensor.tensor_split(-(-len(tensor) // CHUNK))
