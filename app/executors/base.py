"""What an engine is: it takes jobs, and tells a sink what their runs say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from app.spec import RunSpec


@dataclass(frozen=True, slots=True)
class Task:
    """One run to train: its id, what it is, and the number of its first event."""

    run: str
    spec: RunSpec
    first_seq: int = 0


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
    beside its events (see ``Result``), as known after them. ``ending`` is set on the last batch.
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

    def control(self, run: str, action: Action) -> None:
        """Act on a run that has not ended; what has no meaning in its state does nothing.

        Raises:
            Refused: the engine does not hold this run (any more).
        """

    def align(self, runs: Sequence[str], step: int) -> None:
        """Let each of these paused runs go on until ``step`` steps are done, then pause again."""

    def queue(self) -> list[str]:
        """The runs that wait for a worker, in the order in which they will get one."""

    def devices(self) -> tuple[str, ...] | None:
        """What its runs can compute on (``cpu``, ``cuda``); None until a worker has told."""

    def describe(self, spec: RunSpec) -> dict[str, Any]:
        """What training this spec would use and show at step 0; trains and stores nothing.

        Blocks until a worker that never trains has answered.

        Raises:
            BadField: the network can't be built or doesn't fit; says why.
            Refused: the answering worker was lost or the engine is closing.
        """

    def samples(self, data: str, count: int) -> dict[str, Any]:
        """The test examples that a run on this data set asks (``RunSpec.samples``), to be shown.

        Blocks as ``describe`` does.

        Raises:
            BadField: the data set is not there; says what is missing and what helps.
            Refused: as for ``describe``.
        """

    def close(self) -> None:
        """Stop every run, drain what they said, end the workers; returns when all is done."""
