"""A store, a live, and a hand that writes into both as the writer does."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app.events import Finished, encode
from app.executors.base import Batch, State
from app.live import Live
from app.runs.async_store import AsyncStore, state_message
from app.spec import RunSpec
from app.store.records import NewRun
from app.store.store import Store
from tests.app.scripted import a_frame

RUN = "aaaaaaaaaa"


def frames(first: int, count: int, run: str = RUN, width: int = 3) -> Batch:
    """Consecutive frames."""
    events = tuple(encode(run, seq, a_frame(seq, width)) for seq in range(first, first + count))
    return Batch(run, first, events, step=first + count)


def ending(seq: int, run: str = RUN) -> Batch:
    """The last event."""
    return Batch(run, seq, (encode(run, seq, Finished(step=seq)),), seq, State.FINISHED)


class Harness:
    """A store and a live, and a hand that writes into both as the writer does."""

    def __init__(self, path: Path) -> None:
        self.store = Store(f"sqlite:///{path / 'store.sqlite'}")
        self.store.open()
        self.async_store = AsyncStore(self.store)
        self.live = Live()
        self.live.attach(self.async_store)
        self.reads = 0  # of events
        event.listen(self.store.engine, "before_cursor_execute", self._count)

    def _count(self, *about: Any) -> None:
        statement = about[2]
        self.reads += "FROM event" in statement

    def add(self, *runs: str) -> None:
        """New runs."""
        self.store.add([NewRun(run, RunSpec().model_dump_json(), "me") for run in runs])
        for run in runs:
            self.live.open(run, state_message(run, "queued", 0, last_seq=-1, reason=None))

    def write(self, *batches: Batch) -> None:
        """Commit, then announce."""
        self.store.append(batches)
        for batch in batches:
            self.live.announce(batch.run, batch.first_seq, batch.events)
            if batch.ending is not None:
                last = batch.last_seq
                self.move(batch.run, batch.ending, batch.step, last)

    def move(self, run: str, state: State, step: int, last: int = -1) -> None:
        """Tell where a run stands."""
        self.live.set_state(run, state_message(run, state, step, last_seq=last, reason=None))

    def restart(self) -> None:
        """Nothing is in memory any more."""
        self.live = Live()
        self.live.attach(self.async_store)


def seqs(messages: Sequence[str], run: str = RUN) -> list[int]:
    """The numbers of this run's events, in the order in which they came."""
    parsed = [json.loads(text) for text in messages]
    events = [event for text in parsed if isinstance(text, list) for event in text]
    return [event["seq"] for event in events if event["run"] == run]


def states(messages: Sequence[str]) -> list[str]:
    """The states that were told."""
    parsed = [json.loads(text) for text in messages]
    return [text["state"] for text in parsed if isinstance(text, dict)]


async def everything(following: AsyncIterator[str]) -> list[str]:
    """All messages until the end."""
    return [text async for text in following]


async def until(following: AsyncGenerator[str, None], run: str, last: int) -> list[str]:
    """The messages up to the one with event ``last``."""
    messages = []
    async with aclosing(following):
        async for text in following:
            messages.append(text)
            if seqs([text], run)[-1:] == [last]:
                break
    return messages
