"""Training as a plain generator of events."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from app.events import Changed, Event, Finished
from app.spec import RunSpec
from app.training.evaluation import Evaluation
from app.training.fetching import fetched
from app.training.fresh import Fresh
from app.training.samples import Samples
from app.training.seeds import generator
from app.training.setup import plan, prepare, started
from app.training.step import Stepper

RE_ESTIMATE = 128  # training examples for statistics where a whole evaluation would be too dear


def train(spec: RunSpec) -> Iterator[Event | None]:
    """Train one network: yields after every step and evaluation batch, an event or None.

    To pause is not to call ``next``; to stop is ``close()``.

    Raises:
        BadField: the network can't be built or does not fit into memory, or there is no data.
    """
    return iter(Training(spec))


class Training:
    """A run in progress. ``step`` counts the updates done; it grows at the yield after each."""

    def __init__(self, spec: RunSpec) -> None:
        self.spec = spec
        self.step = 0

    def __iter__(self) -> Iterator[Event | None]:
        spec = self.spec
        layout = plan(spec)
        yield from fetched(layout)
        setup = prepare(layout)
        yield started(layout)
        samples = Samples(setup.test, spec.samples) if spec.samples else None
        evaluate = Evaluation(
            setup.net, setup.train, setup.test, spec.evaluate.limit, setup.task, samples
        )
        fresh = Fresh(setup.net, setup.train.first(RE_ESTIMATE))
        yield (yield from evaluate(0))
        take = Stepper(spec, setup)
        changes = {change.step: change.set for change in spec.changes}
        for index in order(spec, len(setup.train)):
            if changed := changes.get(self.step + 1):
                take.change(changed)
                yield Changed(step=self.step + 1, set={**changed})
            frame = take(index)
            self.step = take.step
            yield frame
            if take.became:
                yield Finished(step=self.step, diverged=True, became=take.became)
                return
            if self.step == spec.steps or self.step % spec.evaluate_every == 0:
                yield (yield from evaluate(self.step))
            elif samples and self.step % spec.samples_every == 0:
                yield from fresh.estimate()
                yield samples.asked(fresh, self.step)
            if self.step == spec.steps:
                yield Finished(step=self.step)
                return


def order(spec: RunSpec, examples: int) -> Iterator[Tensor]:
    """Indices of batch after batch, (batch_size,), without end.

    Each epoch is a new seeded permutation (the set's own order with ``shuffle`` off); its
    incomplete last batch is dropped.
    """
    draws = generator(spec.seed, "order")
    whole = examples - examples % spec.batch_size
    while True:
        epoch = (
            torch.randperm(examples, generator=draws)
            if spec.data.shuffle
            else torch.arange(examples)
        )
        yield from torch.split(epoch[:whole], spec.batch_size)
