"""What a worker and its parent say to each other: orders go in, news comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from app.executors.base import Action, Batch, State, Task
from app.spec import RunSpec


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is for; the first thing it is told.

    ``code``: ``module:attribute`` of what trains (called with a spec, gives an iterable with a
    ``step``); where it ``answers``, of what is asked most (called with a spec, gives a dict).
    ``devices``: ``module:attribute`` of what says where that can compute (see ``Ready``).
    ``warm``: a small spec to try that on before the first order, so that later ones find
    everything loaded. ``nice``: how much it yields the processor to others. ``at_once``: how many
    runs may train at the same time, and so share the memory.
    """

    code: str
    devices: str
    answers: bool = False
    warm: RunSpec | None = None
    nice: int = 0
    at_once: int = 1


@dataclass(frozen=True, slots=True)
class Train:
    """Train this; ``hold_at``: pause once so many steps are done (0: before the first).

    ``reserve``: what was ordered while it waited; it holds before the first step.
    """

    task: Task
    hold_at: int | None = None
    reserve: Reserve | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Do this to the run; ``reason`` says why it is stopped."""

    run: str
    action: Action
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Leave the run as it stands: no event says that it ended."""

    run: str


@dataclass(frozen=True, slots=True)
class Align:
    """If the run is paused, let it go on until ``step`` steps are done."""

    run: str
    step: int


@dataclass(frozen=True, slots=True)
class Reserve:
    """Stay before the next step until Amend comes, and tell it (see ``Reserved``)."""

    run: str
    number: int


@dataclass(frozen=True, slots=True)
class Amend:
    """Go on with this spec, which differs in changes alone: from the reserved step on."""

    run: str
    spec: RunSpec


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer what ``module:attribute`` gives when it is called with these, a dict."""

    code: str
    arguments: tuple[Any, ...]


Order: TypeAlias = Train | Act | Interrupt | Align | Reserve | Amend | Ask


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker takes orders; ``devices`` are what a run can name and compute on here."""

    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unable:
    """The worker can't start, or can't answer; why, for people."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The run now is running or paused, after ``step`` steps."""

    run: str
    state: State
    step: int


@dataclass(frozen=True, slots=True)
class Reserved:
    """The answer to the Reserve of this number: the first step that a change can meet, if any."""

    run: str
    number: int
    step: int | None


@dataclass(frozen=True, slots=True)
class Keeping:
    """The run is over, and its network is being written: that may take a moment."""

    run: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to Ask."""

    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unfit:
    """The other answer to Ask: what BadField says."""

    field: str
    problem: str
    allowed: str


News: TypeAlias = Ready | Unable | Moved | Reserved | Keeping | Batch | Answered | Unfit
