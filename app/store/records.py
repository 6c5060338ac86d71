"""What goes into the store and what comes out of it.

States are plain strings here: the engine's names for them, kept as they come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

QUEUED = "queued"
RUNNING = "running"
PAUSED = "paused"
INTERRUPTED = "interrupted"
UNFINISHED = (QUEUED, RUNNING, PAUSED)

# A study is in the first of these states that one of its runs is in.
PRECEDENCE = (
    RUNNING,
    PAUSED,
    QUEUED,
    "failed",
    INTERRUPTED,
    "stopped",
    "finished",
)


class Batch(Protocol):
    """Consecutive events of one run, each encoded; the run's standing after them.

    An interrupted run's last batch may hold none.
    """

    @property
    def run(self) -> str: ...
    @property
    def first_seq(self) -> int: ...
    @property
    def events(self) -> tuple[bytes, ...]: ...
    @property
    def step(self) -> int: ...
    @property
    def ending(self) -> str | None: ...
    @property
    def result(self) -> Mapping[str, Any] | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def last_seq(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Move:
    """A run now is running or paused, after ``step`` steps."""

    run: str
    state: str
    step: int


@dataclass(frozen=True, slots=True)
class NewStudy:
    """A study to keep. ``spec`` is its JSON."""

    id: str
    kind: str
    spec: str
    owner: str


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to keep. ``spec`` is its JSON; ``analysis`` that of what an analysis asks."""

    id: str
    spec: str
    owner: str
    analysis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRow:
    """A study as it is kept. ``number`` grows with every study: the cursor of a listing."""

    number: int
    id: str
    kind: str
    spec: str
    owner: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run as it is kept. ``number`` grows with every run: the cursor of a listing."""

    number: int
    id: str
    study: str | None
    spec: str
    analysis: str | None
    owner: str
    state: str
    step: int
    last_seq: int  # -1: no event yet
    result: str | None  # JSON
    reason: str | None
    created: datetime
    started: datetime | None
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Events:
    """A part of a run's events, in order, and the number up to which they are complete.

    ``more`` says that what follows ``last`` was left out to bound the answer.
    """

    payloads: tuple[bytes, ...]
    last: int
    more: bool
