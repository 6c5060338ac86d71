"""Training as a plain generator of events."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from app.events import Changed, Event, Finished
from app.spec import RunSpec, as_spec
from app.training.device import one_thread
from app.training.evaluation import Evaluation, known
from app.training.examples import Examples
from app.training.fetching import fetched
from app.training.kept import keep
from app.training.precise_norm import PreciseNorm
from app.training.program import Program
from app.training.samples import Samples
from app.training.setup import plan, prepare, started
from app.training.step import Stepper
from models.net import Net
from models.noise import generator

RE_ESTIMATE = 128  # training examples for statistics where a whole evaluation would be too dear


def train(spec: RunSpec | Mapping[str, Any]) -> Training:
    """Train one network, as a library: iterate over the run, then take its ``net``.

    ``spec`` may be plain dicts and lists, as JSON has them. A data set that is not here is not
    downloaded.

    Raises:
        pydantic.ValidationError: this is no legal spec.
    """
    return Training(as_spec(spec), fetch=False)


class Training(Program):
    """A network that is trained: after every step and evaluation batch the next event, or None.

    ``step`` counts the updates done. ``net`` is the network as it was last evaluated: it shares the
    weights that are trained, and holds the batch-norm statistics of that evaluation. ``net``,
    ``train`` and ``test`` are there from the first evaluation on. ``fetch``: download a data set
    that is not here.

    Raises:
        BadField: the network can't be built or does not fit into memory, or there is no data.
    """

    net: Net
    train: Examples
    test: Examples

    def __init__(self, spec: RunSpec, *, fetch: bool = True) -> None:
        super().__init__(self._run())
        self._met = 0  # the last step for which changes were looked up
        self.change(spec)
        self._fetch = fetch
        self._evaluation: Evaluation | None = None

    @property
    def earliest(self) -> int:
        """The first step that a change can still meet."""
        return max(self.step, self._met) + 1

    def change(self, spec: RunSpec) -> None:
        """Go on with this spec: as it was, but for ``changes`` from ``earliest`` on."""
        self.spec = spec
        self._changes = {change.step: change.set for change in spec.changes}

    def keep(self, path: Path) -> str | None:
        """Write the network as it is now to a safetensors file; returns why not, where it can't.

        Batch normalisation has statistics of just these weights; see ``app.training.kept``.
        """
        if self._evaluation is None:
            return "it was stopped before it was first evaluated"
        with one_thread():
            net = self._evaluation.estimated(self.step)
        return keep(path, net, self.spec, self.step)

    def _run(self) -> Generator[Event | None]:
        spec = self.spec
        layout = plan(spec)
        if self._fetch:
            yield from fetched(layout)
        setup = prepare(layout)
        yield started(layout)
        samples = Samples(setup.test, spec.samples) if spec.samples else None
        statistics = known(spec, setup.train)
        evaluate = self._evaluation = Evaluation(setup, spec.evaluate.limit, statistics, samples)
        precise = PreciseNorm(setup.net, statistics.first(RE_ESTIMATE))
        self.net, self.train, self.test = evaluate.net, setup.train, setup.test
        yield (yield from evaluate(0))
        take = Stepper(spec, setup)
        for index in order(spec, len(setup.train)):
            self._met = self.step + 1
            if changed := self._changes.get(self._met):
                take.change(changed)
                yield Changed(step=self._met, set={**changed})
            frame = take(index)
            self.step = take.step
            yield frame
            if take.became:
                yield Finished(step=self.step, diverged=True, became=take.became)
                return
            if self.step == spec.steps or self.step % spec.evaluate_every == 0:
                yield (yield from evaluate(self.step))
            elif samples and self.step % spec.samples_every == 0:
                yield from precise.estimate()
                yield samples.asked(precise, self.step)
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
