"""A sink that keeps what it is told, and lets a test await it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from threading import Condition, Event
from typing import Any

from app.executors.base import Batch, State

PATIENCE = 120.0  # seconds; a guard against hanging, not a measurement


class Recording:
    """Keeps batches and moves by run. ``gates``: runs whose events it does not take until set."""

    def __init__(self) -> None:
        self.batches: dict[str, list[Batch]] = defaultdict(list)
        self.moves: dict[str, list[tuple[State, int]]] = defaultdict(list)
        self.gates: dict[str, Event] = {}
        self._news = Condition()

    def moved(self, run: str, state: State, step: int) -> None:
        """Called by the engine."""
        with self._news:
            self.moves[run].append((state, step))
            self._news.notify_all()

    def received(self, batch: Batch) -> None:
        """Called by the engine."""
        with self._news:
            self.batches[batch.run].append(batch)
            self._news.notify_all()
        if gate := self.gates.get(batch.run):
            assert gate.wait(PATIENCE)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for it."""
        with self._news:
            assert self._news.wait_for(holds, PATIENCE), (self.moves, self.batches.keys())

    def until_moved(self, run: str, state: State, step: int | None = None) -> int:
        """Wait until the run's latest move is this; returns its step."""

        def there() -> bool:
            moves = self.moves[run]
            return bool(moves) and moves[-1][0] is state and step in (None, moves[-1][1])

        self.until(there)
        return self.moves[run][-1][1]

    def until_step(self, run: str, step: int) -> None:
        """Wait until events tell of this step."""
        self.until(lambda: any(batch.step >= step for batch in self.batches[run]))

    def ending(self, run: str) -> Batch:
        """The run's last batch; waits for it."""
        self.until(lambda: self.ended(run))
        return self.batches[run][-1]

    def ended(self, run: str) -> bool:
        """Whether an ending came."""
        return any(batch.ending for batch in self.batches[run])

    def events(self, run: str) -> list[dict[str, Any]]:
        """The run's events so far."""
        return [json.loads(event) for batch in self.batches[run] for event in batch.events]

    def types(self, run: str) -> list[str]:
        """Their types."""
        return [event["type"] for event in self.events(run)]

    def process(self, run: str) -> int:
        """The number of the process that trains; waits until it said it."""
        self.until(lambda: bool(self.batches[run]))
        return int(self.events(run)[0]["versions"]["process"])


def timeless(event: dict[str, Any]) -> dict[str, Any]:
    """The event without what differs from run to run of one spec."""
    return {key: value for key, value in event.items() if key not in ("run", "time")}
