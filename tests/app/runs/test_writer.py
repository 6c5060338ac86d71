"""The writer: gathers, holds back who says too much, and outlives what the store does."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.events import Finished, encode
from app.executors.base import Batch, State
from app.runs.writer import Writer, Writes
from app.spec import RunSpec
from app.store.records import Move, NewRun
from app.store.store import Store
from tests.app.scripted import a_frame

RUNS = ("a", "b")


def frames(run: str, first: int, count: int) -> Batch:
    """Consecutive frames."""
    events = tuple(encode(run, seq, a_frame(seq)) for seq in range(first, first + count))
    return Batch(run, first, events, step=first + count)


class Recorder:
    """Hears the writer, and can be waited for."""

    def __init__(self) -> None:
        self.commits: list[Writes] = []
        self.broken: dict[str, str] = {}
        self._news = threading.Condition()

    def committed(self, taken: Writes) -> None:
        """Note what was committed."""
        with self._news:
            self.commits.append(taken)
            self._news.notify_all()

    def broke(self, run: str, reason: str) -> None:
        """Note who broke."""
        with self._news:
            self.broken[run] = reason
            self._news.notify_all()

    def seqs(self, run: str) -> list[int]:
        """The numbers of the run's events, as they were told."""
        batches = [batch for taken in self.commits for batch in taken.of(run).batches]
        return [seq for one in batches for seq in range(one.first_seq, one.last_seq + 1)]

    def wait_for(self, true: Any) -> None:
        """Wait until this is true."""
        with self._news:
            assert self._news.wait_for(true, timeout=60)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    store.open()
    store.add([NewRun(run, RunSpec().model_dump_json(), "me") for run in RUNS])
    yield store
    store.close()


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def thief(tmp_path: Path, store: Store) -> Iterator[sqlite3.Connection]:
    """Another connection that can hold up every write."""
    thief = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
    yield thief
    thief.close()


def test_all_is_written_in_order_and_told_once(store: Store, recorder: Recorder) -> None:
    writer = Writer(store, recorder.committed, recorder.broke)
    writer.start()
    for first in range(0, 100, 5):
        for run in RUNS:
            writer.put(frames(run, first, 5))
    writer.move(Move("a", "paused", 100))
    writer.close()
    for run in RUNS:
        assert recorder.seqs(run) == list(range(100))
    row = store.run("a")
    assert row is not None
    assert (row.state, row.last_seq) == ("paused", 99)
    assert len(recorder.commits) < 20  # they gather


def test_too_much_of_one_run_blocks_that_run_alone(
    store: Store, recorder: Recorder, thief: sqlite3.Connection
) -> None:
    size = frames("a", 0, 10).size
    writer = Writer(store, recorder.committed, recorder.broke, backlog=3 * size + size // 2)
    writer.start()
    thief.execute("BEGIN IMMEDIATE")  # the store takes nothing for now
    done: list[int] = []

    def speak() -> None:
        for first in range(0, 100, 10):
            writer.put(frames("a", first, 10))
            done.append(first)

    speaker = threading.Thread(target=speak)
    speaker.start()
    speaker.join(0.2)  # as long as it is held up, it stays so
    assert speaker.is_alive()
    assert len(done) == 3
    writer.put(frames("b", 0, 10))  # which doesn't
    thief.execute("ROLLBACK")
    speaker.join()
    writer.close()
    assert recorder.seqs("a") == list(range(100))
    assert recorder.seqs("b") == list(range(10))
    assert recorder.broken == {}


def test_a_batch_larger_than_the_backlog_is_taken_alone(store: Store, recorder: Recorder) -> None:
    writer = Writer(store, recorder.committed, recorder.broke, backlog=10)
    writer.start()
    writer.put(frames("a", 0, 10))
    writer.put(frames("a", 10, 10))
    writer.close()
    assert recorder.seqs("a") == list(range(20))


def test_a_hole_breaks_its_run_and_no_other(store: Store, recorder: Recorder) -> None:
    writer = Writer(store, recorder.committed, recorder.broke)
    writer.put(frames("a", 5, 1))
    writer.put(frames("b", 0, 5))
    writer.start()
    recorder.wait_for(lambda: "a" in recorder.broken and recorder.seqs("b"))
    writer.put(frames("a", 6, 1))
    writer.put(frames("b", 5, 5))
    writer.close()
    assert "event 0 of run a is missing" in recorder.broken["a"]
    assert recorder.seqs("b") == list(range(10))
    row = store.run("a")
    assert row is not None
    assert (row.state, row.last_seq, row.reason) == ("failed", 0, recorder.broken["a"])
    assert recorder.seqs("a") == [0]  # that it failed


def test_what_is_said_of_a_deleted_run_is_dropped(store: Store, recorder: Recorder) -> None:
    store.delete_run("a")
    writer = Writer(store, recorder.committed, recorder.broke)
    writer.start()
    writer.put(frames("a", 0, 5))
    writer.put(frames("b", 0, 5))
    writer.put(Batch("a", 5, (encode("a", 5, Finished(step=5)),), 5, State.FINISHED))
    writer.move(Move("a", "running", 0))
    writer.close()
    assert recorder.seqs("a") == []
    assert recorder.seqs("b") == list(range(5))
    assert recorder.broken == {}
    assert writer.trouble is None


def test_a_locked_database_is_waited_for(
    store: Store, recorder: Recorder, thief: sqlite3.Connection
) -> None:
    tries = threading.Event()
    event.listen(store.engine, "before_cursor_execute", lambda *_: tries.set())
    thief.execute("BEGIN IMMEDIATE")
    writer = Writer(store, recorder.committed, recorder.broke)
    writer.start()
    writer.put(frames("a", 0, 3))
    assert tries.wait(60)
    thief.execute("ROLLBACK")
    writer.close()
    assert recorder.seqs("a") == [0, 1, 2]
