"""A run on its way through the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Timer
from time import monotonic
from typing import Any

from app.events import encode
from app.executors.base import Batch, Job, State, Task
from app.executors.recorder import Ending


@dataclass(eq=False, slots=True)
class Ticket:
    """What the parent knows of a run that has not ended; the pool's lock guards it.

    ``hold_at``: it pauses once so many steps are done. ``begun``: its worker spoke of it.
    ``parked``: it is paused on its worker, ``since`` when. ``stopping``: its end was asked for,
    for ``reason``.
    """

    task: Task
    job: Job
    hold_at: int | None = None
    begun: bool = False
    parked: bool = False
    since: float = 0.0
    stopping: bool = False
    reason: str | None = None
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

    def moved(self, state: State, step: int) -> None:
        """Take note of what the worker said."""
        self.begun = True
        self.parked = state is State.PAUSED
        self.since = monotonic()
        self._step = step

    def received(self, batch: Batch) -> None:
        """Take note of events."""
        self._next_seq = batch.last_seq + 1
        self._step = max(self._step, batch.step)
        self._result = batch.result or self._result

    def ending(self, kind: type[Ending], reason: str | None = None) -> Batch:
        """The last batch, where no worker is there to make it."""
        said = {} if reason is None else {"reason": reason}
        event = kind.model_validate({"step": self._step, **said})
        return Batch(
            run=self.task.run,
            first_seq=self._next_seq,
            events=(encode(self.task.run, self._next_seq, event),),
            step=self._step,
            ending=State(event.type),
            result=self._result and {**self._result, "step": self._step},
            reason=reason,
        )

    def after(self, seconds: float, act: Callable[[Ticket], None]) -> None:
        """Do this then, in place of what was to be done before."""
        self.cancel()
        self._timer = Timer(seconds, act, [self])
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Do nothing later."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
