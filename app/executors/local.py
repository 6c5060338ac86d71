"""The engine of one machine: a pool of worker processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from app.data.folders import data_folder
from app.data.leftovers import clear
from app.executors.base import Action, Job, Queue, Refused, Sink
from app.executors.describer import Describer
from app.executors.messages import Setup
from app.executors.pool import Pool
from app.executors.timeouts import Timeouts
from app.spec import RunSpec
from models.families import net_spec

WARM = RunSpec(net=net_spec(depth=8, width=4), steps=2)


def tidy(spec: RunSpec) -> None:
    """Take away what a run whose worker died had begun to download or decode."""
    clear(spec.data.name, data_folder())


class LocalExecutor:
    """``workers`` processes that train, and one that answers questions.

    ``trainer``, ``describer``, ``sampler``, ``devices``: ``module:attribute`` of what they run (see
    ``Setup`` and ``Executor``); no ``describer`` where nobody will ask anything. ``warm``: a small
    spec that each tries before its first order, or None. ``timeouts``: how long it waits for its
    workers and for runs that are paused. ``patience``: seconds an answer may take. ``tidy``: called
    with the spec of a run whose worker died, before its ending is told.
    """

    def __init__(
        self,
        workers: int,
        *,
        trainer: str = "app.training.loop:Training",
        describer: str | None = "app.training.describe:describe",
        sampler: str = "app.training.samples:show",
        devices: str = "app.training.device:devices",
        warm: RunSpec | None = WARM,
        timeouts: Timeouts | None = None,
        patience: float = 20.0,
        tidy: Callable[[RunSpec], None] = tidy,
    ) -> None:
        self._workers = workers
        # Where the server or a browser on this machine has work, training gets a tenth of a share;
        # an otherwise idle machine trains as fast.
        self._training = Setup(trainer, devices, warm=warm, nice=10, at_once=workers)
        self._answering = (
            Setup(describer, devices, answers=True, warm=warm, at_once=workers)
            if describer
            else None
        )
        self._sampler = sampler
        self._timeouts = timeouts or Timeouts()
        self._patience = patience
        self._tidy = tidy
        self._pool: Pool | None = None
        self._describer: Describer | None = None

    def start(self, sink: Sink) -> None:
        """Start the workers, in the background."""
        if self._answering:
            self._describer = Describer(self._answering, patience=self._patience)
        self._pool = Pool(
            self._workers,
            self._training,
            sink,
            timeouts=self._timeouts,
            tidy=self._tidy,
        )

    def submit(self, job: Job) -> None:
        """Queue the job: first come, first served."""
        _open(self._pool).submit(job)

    def control(self, run: str, action: Action, reason: str | None = None) -> None:
        """Act on a run that has not ended; what has no meaning in its state does nothing."""
        _open(self._pool).control(run, action, reason)

    def align(self, runs: Sequence[str], step: int) -> None:
        """Let each of these paused runs go on until ``step`` steps are done, then pause again."""
        _open(self._pool).align(runs, step)

    def reserve(self, run: str) -> Future[int | None]:
        """Have the run stay before its next step; from which on it can be changed."""
        return _open(self._pool).reserve(run)

    def amend(self, run: str, spec: RunSpec) -> None:
        """Let the run go on, with this spec."""
        _open(self._pool).amend(run, spec)

    def queue(self) -> Queue:
        """Who waits for a worker, and who is to make room."""
        return self._pool.queue() if self._pool else Queue()

    def devices(self) -> tuple[str, ...] | None:
        """What its runs can compute on; None until a worker has told."""
        return self._pool.devices() if self._pool else None

    def describe(self, spec: RunSpec) -> dict[str, Any]:
        """What training this spec would use and show at step 0; blocks until it is known."""
        describer = _open(self._describer)
        assert self._answering
        return describer.ask(self._answering.code, spec)

    def samples(self, data: str, count: int, resize: int | None = None) -> dict[str, Any]:
        """The test examples that a run on this data asks, to be shown; blocks until it has them."""
        return _open(self._describer).ask(self._sampler, data, count, resize)

    def pids(self) -> list[int]:
        """The processes of this engine that are alive."""
        return [
            *(self._pool.pids() if self._pool else ()),
            *(self._describer.pids if self._describer else ()),
        ]

    def close(self) -> None:
        """Interrupt every run, drain what they said, end the workers; returns when all is done."""
        if self._describer:
            self._describer.close()
        if self._pool:
            self._pool.close()


_Part = TypeVar("_Part", Pool, Describer)


def _open(part: _Part | None) -> _Part:
    if part is None:
        raise Refused("the engine is not open")
    return part
