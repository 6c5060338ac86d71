"""The whole sets measured, a batch at a time."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from copy import deepcopy

import torch
from torch import nn

from app.events import Evaluated
from app.training.examples import Examples
from app.training.task import TASKS, Task
from models.net import Net

CHUNK = 256  # examples at once
RE_ESTIMATE = 1024  # training examples that batch-norm statistics are estimated from


class Evaluation:
    """Measures a network in evaluation mode, with fresh batch-norm statistics.

    The statistics that training keeps lag behind the weights by tens of steps. Before each
    evaluation they are estimated again, over training data and as a plain mean, in a copy that
    shares the weights: training itself is not touched.
    """

    def __init__(
        self,
        net: Net,
        train: Examples,
        test: Examples,
        limit: int | None,
        task: Task = TASKS["classification"],
    ) -> None:
        self._task = task
        weights: dict[int, object] = {id(p): p for p in net.parameters()}
        self._net: Net = deepcopy(net, weights)  # what the memo holds is shared, not copied
        self._norms = [
            m for m in self._net.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)
        ]
        for norm in self._norms:
            norm.momentum = None  # PyTorch then keeps the plain mean over batches
        self._some = train.first(RE_ESTIMATE)  # whatever the limit: the network stays the same
        self._train = train.first(limit)
        self._test = test.first(limit)

    def __call__(self, step: int) -> Generator[None, None, Evaluated]:
        """Yield after each batch; return what was measured after ``step`` updates."""
        if self._norms:
            yield from self._re_estimate()
        self._net.eval()
        train_error, train_loss = yield from self._measure(self._train)
        test_error, test_loss = yield from self._measure(self._test)
        return Evaluated(
            step=step,
            train_error=train_error if self._task.wrong else None,
            train_loss=train_loss,
            test_error=test_error if self._task.wrong else None,
            test_loss=test_loss,
            count=len(self._train),
            test_count=len(self._test),
        )

    def _re_estimate(self) -> Iterator[None]:
        self._net.train()
        for norm in self._norms:
            norm.reset_running_stats()
        if len(self._some) < 2:
            return  # no variance in one example
        for inputs, _ in self._some.chunks(CHUNK):
            with torch.no_grad():
                self._net(inputs)
            yield

    def _measure(self, examples: Examples) -> Generator[None, None, tuple[float, float]]:
        mistakes, loss = 0, 0.0
        for inputs, labels in examples.chunks(CHUNK):
            with torch.no_grad():
                logits = self._net(inputs)
                mistakes += self._task.mistakes(logits, labels)
                loss += self._task.loss(logits, labels, reduction="sum").item()
            yield
        return mistakes / len(examples), loss / len(examples)
