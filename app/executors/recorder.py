"""What becomes of a run's events in its worker."""

from __future__ import annotations

import json
from collections.abc import Callable
from time import perf_counter

from app.events import (
    NOTHING,
    Evaluated,
    Event,
    Failed,
    Finding,
    Finished,
    Frame,
    Started,
    Stopped,
    encode,
)
from app.executors.base import Batch, State, Task
from app.executors.reasons import shut_down

INTERVAL = 0.025  # seconds; what is gathered meanwhile travels together
Ending = Finished | Stopped | Failed


class Recorder:
    """Numbers events, encodes each once, ships what has gathered, and keeps the result.

    ``add`` is called after every step; nothing else keeps the clock. It ships when the interval
    is over, or would be by the next call if the next step takes as long as this one did.
    """

    def __init__(
        self, task: Task, ship: Callable[[Batch], None], clock: Callable[[], float] = perf_counter
    ) -> None:
        self._run = task.run
        self._seq = task.first_seq
        self._ship = ship
        self._clock = clock
        self._shipped = self._added = clock()
        self._gathered: list[bytes] = []
        self._step = 0
        self._result = NOTHING
        self._news = False  # whether it holds more than was shipped
        self.evaluated = False

    def add(self, event: Event | None) -> None:
        """Keep the event, if there is one, and ship when it is time."""
        if event is not None:
            self._keep(event)
        before, self._added = self._added, self._clock()
        late = 2 * self._added - before - self._shipped >= INTERVAL
        if self._gathered and (late or type(event) is Started):
            self.flush()

    def end(self, ending: Ending) -> None:
        """Keep and ship the last event of the run."""
        self._keep(ending)
        self._send(State(ending.type), getattr(ending, "reason", None))

    def interrupt(self, step: int) -> None:
        """Ship what has gathered as the last of a run that did not come to an end."""
        self._step = max(self._step, step)
        self._send(State.INTERRUPTED, shut_down(step))

    def flush(self) -> None:
        """Ship what has gathered."""
        if self._gathered:
            self._send()

    def _keep(self, event: Event) -> None:
        self._gathered.append(encode(self._run, self._seq, event))
        self._seq += 1
        self._result = self._result.after(event)
        if isinstance(event, Frame | Finding | Ending):
            self._step = event.step
        if isinstance(event, Evaluated):
            self.evaluated = True
        self._news |= isinstance(event, Evaluated | Ending)

    def _send(self, ending: State | None = None, reason: str | None = None) -> None:
        events = tuple(self._gathered)
        self._ship(
            Batch(
                run=self._run,
                first_seq=self._seq - len(events),
                events=events,
                step=self._step,
                ending=ending,
                # Through JSON text: there a number that is not finite becomes null.
                result=json.loads(self._result.model_dump_json()) if self._news else None,
                reason=reason,
            )
        )
        self._gathered.clear()
        self._news = False
        self._shipped = self._clock()
