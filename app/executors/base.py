"""What an engine is: it takes jobs, and tells a sink what their runs say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from app.analyses.spec import Asked
from app.spec import RunSpec


@dataclass(frozen=True, slots=True)
class Task:
    """One run to train: its id, what it is, and the number of its first event.

    ``keep``: the file that its network is kept in when it has finished or was stopped, if any.
    ``asked``: an analysis of the network that ``spec`` describes, in place of its training.
    """

    run: str
    spec: RunSpec
    first_seq: int = 0
    keep: Path | None = None
    asked: Asked | None = None

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return self.spec.steps if self.asked is None else self.asked.spec.steps(self.spec)


@dataclass(frozen=True, slots=True)
class Job:
    """Runs that were asked for together and start together where there is room.

    ``paused``: hold each before its first step (its ``started`` event and the evaluation at
    step 0 still come), to be stepped by hand.
    """

    tasks: tuple[Task, ...]
    paused: bool = False


class Action(StrEnum):
    """What a person can do to a run that has not ended."""

    PAUSE = "pause"
    RESUME = "resume"
    STEP = "step"  # one training step, then paused
    STOP = "stop"


class State(StrEnum):
    """Where a run stands. The last four are for good, but for resuming an interrupted one."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


ENDED = frozenset({State.FINISHED, State.STOPPED, State.FAILED, State.INTERRUPTED})


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive events of one run, each encoded once.

    ``step`` is the last training step they cover. ``result`` holds what to keep of the run
    beside its events (see ``Result``), as known after them. ``ending`` is set on the last batch,
    with the event that tells it; an interrupted run has none, since it did not come to an end.
    """

    run: str
    first_seq: int
    events: tuple[bytes, ...]
    step: int
    ending: State | None = None
    result: dict[str, Any] | None = None
    reason: str | None = None

    @property
    def last_seq(self) -> int:
        """The number of the last event."""
        return self.first_seq + len(self.events) - 1

    @property
    def size(self) -> int:
        """Bytes of all events."""
        return sum(map(len, self.events))


@dataclass(frozen=True, slots=True)
class Queue:
    """Who waits for a worker.

    ``jobs``: the runs of each job that wait, in the order in which they get workers. ``workers``:
    how many runs train at once. ``free``: how many more could train now, were their workers warm;
    paused runs may keep all. ``ending``: in how many seconds a paused run will be stopped since it
    keeps a worker that others wait for, unless somebody goes on with it.
    """

    jobs: tuple[tuple[str, ...], ...] = ()
    workers: int = 1
    free: int = 0
    ending: Mapping[str, float] = field(default_factory=dict)

    @property
    def runs(self) -> list[str]:
        """All runs that wait, in order."""
        return [run for job in self.jobs for run in job]


class Sink(Protocol):
    """Who listens to an engine. Called from the engine's threads, never from two for one run."""

    def moved(self, run: str, state: State, step: int) -> None:
        """The run now is running or paused (after ``step`` steps)."""

    def received(self, batch: Batch) -> None:
        """Events came. May block, to make the run's training wait: that is the back-pressure.

        The batch with the ending comes exactly once, after all others of its run.
        """


class Refused(Exception):
    """The engine can't take this now (it is closing, or knows no such run)."""


class Executor(Protocol):
    """An engine. All methods are thread-safe, and but for the questions return at once."""

    def start(self, sink: Sink) -> None:
        """Start the workers, in the background."""

    def submit(self, job: Job) -> None:
        """Queue the job: first come, first served."""

    def control(self, run: str, action: Action, reason: str | None = None) -> None:
        """Act on a run that has not ended; what has no meaning in its state does nothing.

        ``reason`` says why it is stopped: its ending carries that.

        Raises:
            Refused: the engine does not hold this run (any more).
        """

    def align(self, runs: Sequence[str], step: int) -> None:
        """Let each of these paused runs go on until ``step`` steps are done, then pause again."""

    def reserve(self, run: str) -> Future[int | None]:
        """Have the run stay before its next step until it is amended, whatever else is ordered.

        The answer is the first step that a change can meet (of one that waits, 1); None: there is
        none, since it has ended or its last step is done.

        Raises:
            Refused: the engine does not hold this run (any more).
        """

    def amend(self, run: str, spec: RunSpec) -> None:
        """Let a reserved run go on, with this spec: as it was, but for ``changes`` from there on.

        One that has ended meanwhile does not.
        """

    def queue(self) -> Queue:
        """Who waits for a worker, and who is to make room."""

    def devices(self) -> tuple[str, ...] | None:
        """What its runs can compute on (``cpu``, ``cuda``); None until a worker has told."""

    def describe(self, spec: RunSpec) -> dict[str, Any]:
        """What training this spec would use and show at step 0; trains and stores nothing.

        Blocks until a worker that never trains has answered.

        Raises:
            BadField: the network can't be built or doesn't fit; says why.
            Refused: the answering worker was lost or the engine is closing.
        """

    def samples(self, data: str, count: int, resize: int | None = None) -> dict[str, Any]:
        """The test examples that a run on this data set asks (``RunSpec.samples``), to be shown.

        ``resize``: what one's own images are brought to (``RunSpec.data.resize``). Blocks as
        ``describe`` does.

        Raises:
            BadField: the data set is not there; says what is missing and what helps.
            Refused: as for ``describe``.
        """

    def close(self) -> None:
        """Interrupt every run, drain what they said, end the workers; returns when all is done.

        A run that was told to stop before still ends as stopped.
        """
