"""The one thread that writes what runs say."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Condition, Thread

from app.events import Failed, encode
from app.executors.base import Batch, State
from app.store.records import Move
from app.store.store import Store

INTERVAL = 0.025  # seconds from one commit to the next at least, so that they gather
BACKLOG = 8 * 2**20  # bytes of one run that may wait; then its training does
RETRY = 2.0  # seconds until a failure that could not be written is tried again

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Writes:
    """What is written in one transaction: events and changes of state."""

    batches: list[Batch] = field(default_factory=list)
    moves: dict[str, Move] = field(default_factory=dict)  # the last of each run

    def __bool__(self) -> bool:
        return bool(self.batches or self.moves)

    def runs(self) -> list[str]:
        """Whom it is about."""
        return list(dict.fromkeys([*(batch.run for batch in self.batches), *self.moves]))

    def of(self, run: str) -> Writes:
        """What of it is about this run."""
        moves = {run: self.moves[run]} if run in self.moves else {}
        return Writes([batch for batch in self.batches if batch.run == run], moves)

    def without(self, runs: frozenset[str]) -> Writes:
        """What of it is about others."""
        return Writes(
            [batch for batch in self.batches if batch.run not in runs],
            {run: move for run, move in self.moves.items() if run not in runs},
        )


class Writer:
    """Takes from many threads, writes in one; tells ``committed`` only what is written.

    A run whose events can't be written is broken: ``broke`` hears why, what it says from then on
    is dropped, and that it failed is written as soon as the store takes it. Both are called in
    the writer's thread.
    """

    def __init__(
        self,
        store: Store,
        committed: Callable[[Writes], None],
        broke: Callable[[str, str], None],
        backlog: int = BACKLOG,
    ) -> None:
        self.trouble: str | None = None  # why the last write failed, until one succeeds
        self._store = store
        self._committed = committed
        self._broke = broke
        self._backlog = backlog
        self._changed = Condition()
        self._waiting = Writes()
        self._sizes: Counter[str] = Counter()  # bytes of each run that are not committed yet
        self._broken: set[str] = set()  # that still speak
        self._unsaved: dict[str, str] = {}  # broken, and the store doesn't know why yet
        self._retry_at = 0.0  # when to try those again, on the monotonic clock
        self._closing = False
        self._thread = Thread(target=self._work, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def close(self) -> None:
        """Write what waits, and end."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def put(self, batch: Batch) -> None:
        """Write this soon; blocks while too much of this run waits."""
        with self._changed:
            self._changed.wait_for(lambda: self._room(batch) or self._closing)
            if batch.run in self._broken:
                if batch.ending is not None:
                    self._broken.discard(batch.run)
                return
            self._sizes[batch.run] += batch.size
            self._waiting.batches.append(batch)
            self._changed.notify_all()

    def move(self, move: Move) -> None:
        """Write this soon, after what the run said before."""
        with self._changed:
            if move.run not in self._broken:
                self._waiting.moves[move.run] = move
                self._changed.notify_all()

    # In the engine's threads and the writer's, with the lock held.

    def _room(self, batch: Batch) -> bool:
        waiting = self._sizes[batch.run]
        return not waiting or waiting + batch.size <= self._backlog

    def _release(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            self._sizes[batch.run] -= batch.size
            if not self._sizes[batch.run]:
                del self._sizes[batch.run]
        self._changed.notify_all()

    # In the writer's thread, without the lock.

    def _work(self) -> None:
        while True:
            with self._changed:
                retry = RETRY if self._unsaved else None
                self._changed.wait_for(lambda: self._waiting or self._closing, retry)
                writes, self._waiting = self._waiting, Writes()
                last = self._closing and not writes
            began = time.monotonic()
            if last or began >= self._retry_at:
                self._save_failures()
            if last:
                return
            self._write(writes)
            with self._changed:
                self._release(writes.batches)
                pause = began + INTERVAL - time.monotonic()
                self._changed.wait_for(lambda: self._closing, max(0.0, pause))

    def _write(self, writes: Writes) -> None:
        if not writes:
            return
        try:
            refused = self._store.append(writes.batches, list(writes.moves.values()))
        except Exception as error:  # noqa: BLE001 (the edge: this thread must outlive any fault)
            runs = writes.runs()
            if len(runs) == 1:
                self._break(runs[0], writes, error)
            else:
                for run in runs:  # one run's fault must not cost the others
                    self._write(writes.of(run))
        else:
            if not self._unsaved:
                self.trouble = None
            if kept := writes.without(refused):
                self._committed(kept)

    def _break(self, run: str, writes: Writes, error: Exception) -> None:
        reason = f"what it measured could not be stored: {error}"
        log.error("run %s: %s", run, reason, exc_info=error)
        with self._changed:
            later = self._waiting.of(run)
            self._waiting = self._waiting.without(frozenset([run]))
            self._release(later.batches)
            if not any(batch.ending for batch in (*writes.batches, *later.batches)):
                self._broken.add(run)
        self.trouble = str(error)
        self._unsaved[run] = reason
        self._broke(run, reason)
        self._save_failures()

    def _save_failures(self) -> None:
        """Write that the broken runs failed, where the store takes it now."""
        self._retry_at = time.monotonic() + RETRY
        for run, reason in list(self._unsaved.items()):
            try:
                row = self._store.run(run)
                if row is not None:
                    seq = row.last_seq + 1
                    event = encode(run, seq, Failed(step=row.step, reason=reason))
                    batch = Batch(run, seq, (event,), row.step, ending=State.FAILED, reason=reason)
                    refused = self._store.append([batch])
            except Exception as error:  # noqa: BLE001 (as above; it is tried again)
                log.warning("run %s: its failure can't be kept yet: %s", run, error)
                continue
            del self._unsaved[run]
            if row is not None and not refused:
                self._committed(Writes([batch]))
