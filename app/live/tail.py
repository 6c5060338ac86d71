"""The last events of a run, and the messages made of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

MESSAGE = 256 * 1024  # bytes of events in one message, unless one event alone is larger
TAIL_EVENTS = 512  # kept in memory of one run
TAIL_BYTES = 2**20


class Page(NamedTuple):
    """A message ready to be sent ('' where there is nothing to say), complete up to ``last``."""

    text: str
    last: int
    full: bool  # nothing more fits: it will never change


@dataclass(slots=True)
class Tail:
    """The last events of one run, without holes; ``next`` is the number of the one to come."""

    next: int
    events: deque[bytes] = field(default_factory=deque)
    size: int = 0

    @property
    def first(self) -> int:
        """The number of the first event that is kept."""
        return self.next - len(self.events)

    def add(self, first_seq: int, events: Sequence[bytes]) -> int:
        """Add what is new; returns by how many bytes the tail grew (or shrank)."""
        before = self.size
        if first_seq > self.next:  # it was left behind: start anew
            self.clear(first_seq)
        for event in events[self.next - first_seq :]:
            self.events.append(event)
            self.size += len(event)
            self.next += 1
        while len(self.events) > TAIL_EVENTS or self.size > TAIL_BYTES:
            self.size -= len(self.events.popleft())
        return self.size - before

    def clear(self, first_seq: int) -> None:
        """Forget all events; the next will have this number."""
        self.events.clear()
        self.next, self.size = first_seq, 0

    def page(self, after: int, frames: bool) -> Page:
        """The message for a viewer who has all up to ``after``, from which on all is kept."""
        chosen: list[bytes] = []
        size, last = 0, after
        for event in islice(self.events, after + 1 - self.first, None):
            if frames or not is_frame(event):
                if chosen and size + len(event) > MESSAGE:
                    return Page(message(chosen), last, full=True)
                chosen.append(event)
                size += len(event) + 1
            last += 1
        return Page(message(chosen), last, full=False)


def is_frame(event: bytes) -> bool:
    """Whether an encoded event is a frame: its type follows its run and number."""
    return event.find(b'"type":"frame"', 0, 200) >= 0


def message(events: Iterable[bytes]) -> str:
    """Encoded events as the text of a JSON array; '' for none."""
    joined = b",".join(events)
    return f"[{joined.decode()}]" if joined else ""
