"""The whole sets measured, a batch at a time."""

from __future__ import annotations

from collections.abc import Generator

from app.events import Evaluated, Event
from app.training.examples import Examples, Spread
from app.training.fresh import CHUNK, Fresh
from app.training.samples import Samples
from app.training.task import TASKS, Task
from models.net import Net

RE_ESTIMATE = 1024  # training examples that batch-norm statistics are estimated from


class Evaluation:
    """Measures a network in evaluation mode, with fresh batch-norm statistics.

    ``samples`` are asked of the same network first, where there are any.
    """

    def __init__(
        self,
        net: Net,
        train: Examples,
        test: Examples,
        limit: int | None,
        task: Task = TASKS["classification"],
        samples: Samples | None = None,
    ) -> None:
        self._task = task
        # whatever the limit: the network stays the same
        self._net = Fresh(net, train.first(RE_ESTIMATE))
        self._train = train.spread(limit)
        self._test = test.spread(limit)
        self._samples = samples

    def __call__(self, step: int) -> Generator[Event | None, None, Evaluated]:
        """Yield after each batch; return what was measured after ``step`` updates."""
        yield from self._net.estimate()
        if self._samples:
            yield self._samples.asked(self._net, step)
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

    def _measure(self, examples: Spread) -> Generator[None, None, tuple[float, float]]:
        mistakes, loss = 0, 0.0
        for inputs, labels in examples.chunks(CHUNK):
            logits = self._net(inputs)
            mistakes += self._task.mistakes(logits, labels)
            loss += self._task.loss(logits, labels, reduction="sum").item()
            yield
        return mistakes / len(examples), loss / len(examples)
