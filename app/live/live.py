"""Wakes those who follow runs, and serves them all from what was encoded once.

Everything here happens on the server's event loop, but for nothing: other threads come in through
``loop.call_soon_threadsafe``. A viewer is a cursor and an ``asyncio.Event``; whoever reads slowly
only falls behind, and catches up from the store.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from app.live.tail import MESSAGE, Page, Tail, message

TAILS_BYTES = 16 * 2**20  # of all runs' tails together
PAGES_BYTES = 8 * 2**20  # of messages ready to be sent again
ENDED_STATES = 1024  # of runs that ended long ago
LINGER = 60.0  # seconds for which an ended run's tail is kept

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StateMessage:
    """The message that says where a run stands, and once it ended its last event's number."""

    text: str
    ended: bool
    last_seq: int


class Source(Protocol):
    """Where what is no longer in memory comes from."""

    async def events(
        self, run: str, after: int, frames: bool, max_bytes: int
    ) -> tuple[Sequence[bytes], int, bool] | None:
        """Events after ``after``, up to which number they are complete, whether more wait.

        None where the run is gone.
        """

    async def state_message(self, run: str) -> StateMessage | None:
        """Where a run stands that has ended, or None where it is gone."""


class Viewer:
    """Somebody who follows runs, and which of these have news: never more than there are runs."""

    def __init__(self, runs: Sequence[str]) -> None:
        self._news = dict.fromkeys(runs)  # in order
        self._any = asyncio.Event()

    def tell(self, run: str) -> None:
        """There is news of this run."""
        self._news[run] = None
        self._any.set()

    async def news(self) -> list[str]:
        """The runs with news since the last time; waits until there are some."""
        if not self._news:
            self._any.clear()
            await self._any.wait()
        news, self._news = list(self._news), {}
        return news


class Live:
    """The runs that are followed, and who waits for them."""

    def __init__(self) -> None:
        self._source: Source | None = None
        self._tails: OrderedDict[str, Tail] = OrderedDict()  # least recently spoken first
        self._tails_size = 0
        self._pages: OrderedDict[tuple[str, int, bool], Page] = OrderedDict()
        self._pages_size = 0
        self._states: dict[str, StateMessage] = {}
        self._ended: OrderedDict[str, StateMessage] = OrderedDict()
        self._reads: dict[Hashable, asyncio.Future[Any]] = {}
        self._viewers: dict[str, set[Viewer]] = {}

    def attach(self, source: Source) -> None:
        """Say where older events come from."""
        self._source = source

    @property
    def memory(self) -> int:
        """Bytes of events and messages that are kept."""
        return self._tails_size + self._pages_size

    @property
    def viewers(self) -> int:
        """How many (viewer, run) pairs are being followed."""
        return sum(map(len, self._viewers.values()))

    # What the writer says; on the loop.

    def open(self, run: str, state_message: StateMessage) -> None:
        """A run begins, and has said nothing so far: nobody need ask the store for it."""
        self._tails[run] = Tail(state_message.last_seq + 1)
        self._states[run] = state_message

    def announce(self, run: str, first_seq: int, events: Sequence[bytes]) -> None:
        """These events are committed."""
        tail = self._tails.get(run)
        if tail is None:
            tail = self._tails[run] = Tail(first_seq)
        self._tails.move_to_end(run)
        self._tails_size += tail.add(first_seq, events)
        while self._tails_size > TAILS_BYTES:
            self._drop(next(iter(self._tails)))
        self._wake(run)

    def set_state(self, run: str, state_message: StateMessage) -> None:
        """The run is in this state now; all events before are announced."""
        if state_message.ended and run in self._states:
            asyncio.get_running_loop().call_later(LINGER, self._retire, run)
        self._states[run] = state_message
        self._wake(run)

    def forget(self, run: str) -> None:
        """The run was deleted: whoever follows it is done."""
        self._drop(run)
        self._states.pop(run, None)
        self._ended.pop(run, None)
        for key in [key for key in self._pages if key[0] == run]:
            self._pages_size -= len(self._pages.pop(key).text)
        self._wake(run)

    def _drop(self, run: str) -> None:
        tail = self._tails.pop(run, None)
        self._tails_size -= tail.size if tail else 0

    def _retire(self, run: str) -> None:
        self._drop(run)
        self._states.pop(run, None)

    def _wake(self, run: str) -> None:
        for viewer in self._viewers.get(run, ()):
            viewer.tell(run)

    # What viewers ask; on the loop.

    async def follow(
        self, runs: Sequence[str], after: Mapping[str, int], frames: bool = True
    ) -> AsyncGenerator[str, None]:
        """Everything after the cursors, then what comes, until all runs have ended or are gone.

        Yields ready-made JSON: an array of events of one run, or where a run stands: once at the
        start, and at each change after the events before it. The first load, live, replay and
        reconnecting are all this.
        """
        cursors = {run: after.get(run, -1) for run in runs}
        told: dict[str, StateMessage] = {}
        viewer = Viewer(runs)
        for run in cursors:
            self._viewers.setdefault(run, set()).add(viewer)
        try:
            following = set(cursors)
            while following:
                # What comes while these are looked at is news again.
                for run in await viewer.news():
                    if run not in following:
                        continue
                    state_message = await self._state_message(run)
                    if state_message is None:
                        following.remove(run)
                        continue
                    if run not in told:
                        told[run] = state_message
                        yield state_message.text
                    page = await self._next(run, cursors[run], frames, state_message)
                    if page is not None:
                        cursors[run] = page.last
                        if page.text:
                            yield page.text
                        viewer.tell(run)  # there may be more
                        continue
                    if told[run].text != state_message.text:
                        yield state_message.text
                    told[run] = state_message
                    if state_message.ended:
                        following.remove(run)
        finally:
            for run in cursors:
                self._viewers[run].discard(viewer)
                if not self._viewers[run]:
                    del self._viewers[run]

    async def _state_message(self, run: str) -> StateMessage | None:
        state_message = self._states.get(run) or self._ended.get(run)
        if state_message is not None:
            return state_message
        assert self._source is not None
        source = self._source
        state_message = await self._once(("state_message", run), lambda: source.state_message(run))
        if state_message is not None and state_message.ended:
            self._ended[run] = state_message
            while len(self._ended) > ENDED_STATES:
                self._ended.popitem(last=False)
        return state_message

    async def _next(
        self, run: str, after: int, frames: bool, state_message: StateMessage
    ) -> Page | None:
        """What follows ``after``, or None where nothing does (yet)."""
        if state_message.ended and after >= state_message.last_seq:
            return None
        key = (run, after, frames)
        tail = self._tails.get(run)
        kept = self._pages.get(key)
        if tail is not None and after + 1 >= tail.first:
            if after + 1 >= tail.next:
                return None
            if kept is None or not (kept.full or kept.last == tail.next - 1):
                kept = self._keep(key, tail.page(after, frames))
            return kept
        if kept is not None:
            self._pages.move_to_end(key)
            return kept
        return await self._once(("events", *key), lambda: self._load(run, after, frames))

    async def _load(self, run: str, after: int, frames: bool) -> Page | None:
        assert self._source is not None
        found = await self._source.events(run, after, frames, MESSAGE)
        if found is None:
            return None
        events, last, more = found
        if last <= after:
            return None
        return self._keep((run, after, frames), Page(message(events), last, full=more))

    def _keep(self, key: tuple[str, int, bool], page: Page) -> Page:
        old = self._pages.pop(key, None)
        self._pages_size -= len(old.text) if old else 0
        self._pages[key] = page
        self._pages_size += len(page.text)
        while self._pages_size > PAGES_BYTES:
            self._pages_size -= len(self._pages.popitem(last=False)[1].text)
        return page

    async def _once(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """What ``read`` answers; who asks for the same meanwhile gets the same answer."""
        reading: asyncio.Future[T] | None = self._reads.get(key)
        if reading is None:
            reading = self._reads[key] = asyncio.ensure_future(read())
            reading.add_done_callback(lambda done: self._done(key, done))
        return await asyncio.shield(reading)  # who leaves early takes nobody's answer away

    def _done(self, key: Hashable, reading: asyncio.Future[Any]) -> None:
        del self._reads[key]
        if not reading.cancelled():
            reading.exception()  # whoever waits gets it; if all have left, nobody misses it
