"""A run that the engine holds: it waits, trains or is paused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Timer, current_thread
from time import monotonic
from typing import Any

from app.events import Event, Failed, Stopped, encode
from app.executors.base import Action, Batch, Job, State, Task
from app.executors.reasons import NEVER_BEGAN, shut_down

EVENTS: dict[State, type[Event]] = {State.STOPPED: Stopped, State.FAILED: Failed}


@dataclass(eq=False, slots=True)
class ScheduledRun:
    """A run that has not ended, as the parent process knows it; the pool's lock guards it.

    ``hold_at``: it pauses once so many steps are done. ``begun``: its worker spoke of it.
    ``parked``: it is paused on its worker; somebody last moved it at ``since``. ``yields``: it was
    paused for more than a moment, and others may train meanwhile. ``ends_at``: when it gives its
    worker up, since others wait for one. ``stopping``: the end that was asked for, for ``reason``.
    ``over``: it has come to its end, and its network is being written.
    """

    task: Task
    job: Job
    hold_at: int | None = None
    begun: bool = False
    parked: bool = False
    since: float = 0.0
    yields: bool = False
    ends_at: float | None = None
    stopping: State | None = None
    reason: str | None = None
    over: bool = False
    _next_seq: int = field(init=False)
    _step: int = 0
    _result: dict[str, Any] | None = None
    _timer: Timer | None = None

    def __post_init__(self) -> None:
        self._next_seq = self.task.first_seq

    @property
    def patient(self) -> bool:
        """Whether it was paused while it waited, and so needs no worker before others do."""
        return self.hold_at == 0 and not self.job.paused

    @property
    def notice(self) -> float:
        """Seconds until it gives its worker up."""
        assert self.ends_at is not None
        return max(0.0, self.ends_at - monotonic())

    def hold(self, action: Action) -> None:
        """Pause, go on or step, while it waits for a worker."""
        match action:
            case Action.PAUSE if self.hold_at is None:
                self.hold_at = 0
            case Action.RESUME:
                self.hold_at = None
            case Action.STEP if self.hold_at is not None:
                self.hold_at += 1

    def moved(self, state: State, step: int) -> None:
        """Take note of what the worker said."""
        self.begun = True
        self.parked = state is State.PAUSED
        self.yields = self.yields and self.parked
        self.since = monotonic()
        self._step = step

    def received(self, batch: Batch) -> None:
        """Take note of events."""
        self._next_seq = batch.last_seq + 1
        self._step = max(self._step, batch.step)
        self._result = batch.result or self._result

    def ending(self, state: State, reason: str | None = None) -> Batch:
        """The last batch, where no worker is there to make it."""
        if state is State.INTERRUPTED:
            reason = shut_down(self._step) if self.begun else NEVER_BEGAN
        said = {"step": self._step} if reason is None else {"step": self._step, "reason": reason}
        run, seq = self.task.run, self._next_seq
        kind = EVENTS.get(state)
        return Batch(
            run=run,
            first_seq=seq,
            events=() if kind is None else (encode(run, seq, kind.model_validate(said)),),
            step=self._step,
            ending=state,
            result=self._result and {**self._result, "step": self._step},
            reason=reason,
        )

    def lost(self, how: str) -> Batch | None:
        """The last batch, now that its worker is gone; None: it had not begun, and can wait."""
        if self.stopping:
            return self.ending(self.stopping, self.reason)
        if self.begun:
            return self.ending(State.FAILED, f"the worker process ended unexpectedly ({how})")
        return None

    def after(self, seconds: float, act: Callable[[ScheduledRun], None]) -> None:
        """Call ``act`` after so many seconds; replaces the call that was planned before."""
        self.cancel()
        self._timer = Timer(seconds, act, [self])
        self._timer.daemon = True
        self._timer.start()

    @property
    def due(self) -> bool:
        """Whether this call is still the planned one: neither replaced nor cancelled meanwhile."""
        return current_thread() is self._timer

    def cancel(self) -> None:
        """Cancel the planned call."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
