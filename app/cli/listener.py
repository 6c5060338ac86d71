"""The engine's sink on the command line."""

from __future__ import annotations

from queue import SimpleQueue

from app.executors.base import Batch, State


class Listener:
    """Hands what comes from the engine's threads to ours."""

    def __init__(self) -> None:
        self.batches: SimpleQueue[Batch] = SimpleQueue()

    def moved(self, run: str, state: State, step: int) -> None:
        """Nothing hangs on it here."""

    def received(self, batch: Batch) -> None:
        """Pass it on."""
        self.batches.put(batch)
