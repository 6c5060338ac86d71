"""The whole sets measured, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Generator

from torch import Tensor

from app.events import Evaluated, Event
from app.spec import RunSpec
from app.training.examples import Examples, Spread
from app.training.precise_norm import CHUNK, PreciseNorm
from app.training.samples import Samples
from app.training.setup import Setup
from app.training.task import Task
from models.net import Net
from models.noise import generator

RE_ESTIMATE = 1024  # training examples that batch-norm statistics are estimated from


def known(spec: RunSpec, train: Examples) -> Examples:
    """The training examples for batch-norm statistics; whatever the limit of evaluations is."""
    if spec.evaluate.statistics == "augmented":
        return train.seen(RE_ESTIMATE, generator(spec.seed, "statistics"))
    return train.first(RE_ESTIMATE)


class Evaluation:
    """Measures a network in evaluation mode, with batch-norm statistics of ``statistics``.

    ``limit``: at most so many examples of each set (None: all); ``train`` and ``test`` are these.
    ``samples`` are asked of the same network first, where there are any. ``step``: after how many
    updates the statistics that the network has were estimated; None: nothing of the kind.
    """

    step: int | None = None

    def __init__(
        self,
        setup: Setup,
        limit: int | None,
        statistics: Examples,
        samples: Samples | None = None,
    ) -> None:
        self._task = setup.task
        self._net = PreciseNorm(setup.net, statistics)
        self.train = setup.train.spread(limit)
        self.test = setup.test.spread(limit)
        self._samples = samples

    @property
    def net(self) -> Net:
        """The network that is measured: it shares the weights of the one that is trained."""
        return self._net.net

    def estimated(self, step: int) -> Net:
        """The same, with the statistics of its weights after ``step`` updates, which it has now."""
        if self.step != step:
            for _ in self._net.estimate():
                pass
            self.step = step
        return self._net.net

    def __call__(self, step: int) -> Generator[Event | None, None, Evaluated]:
        """Yield after each batch; return what was measured after ``step`` updates."""
        self.step = None
        yield from self._net.estimate()
        self.step = step
        if self._samples:
            yield self._samples.asked(self._net, step)
        train_error, train_loss = yield from measure(self._net, self.train, self._task)
        test_error, test_loss = yield from measure(self._net, self.test, self._task)
        return Evaluated(
            step=step,
            train_error=train_error if self._task.wrong else None,
            train_loss=train_loss,
            test_error=test_error if self._task.wrong else None,
            test_loss=test_loss,
            count=len(self.train),
            test_count=len(self.test),
        )


def measure(
    net: Callable[[Tensor], Tensor], examples: Spread, task: Task
) -> Generator[None, None, tuple[float, float]]:
    """Error and loss over these examples; yields after each batch."""
    mistakes, loss = 0, 0.0
    for inputs, answers in examples.chunks(CHUNK):
        outputs = net(inputs)
        mistakes += task.mistakes(outputs, answers)
        loss += task.loss(outputs, answers, reduction="sum").item()
        yield
    return mistakes / len(examples), loss / len(examples)
