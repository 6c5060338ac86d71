"""Pages of events, joined from the bytes that the worker encoded once."""

from __future__ import annotations

from pydantic import BaseModel, Field

from app.events import AnyEvent
from app.runs import Runs


class EventPage(BaseModel):
    """Events after a cursor. ``next`` is the ``after`` of the next page; null at the end."""

    events: list[AnyEvent] = Field(description="each with its `run` and `seq` besides")
    next: int | None


async def event_page(runs: Runs, run: str, after: int, limit: int, frames: bool) -> bytes:
    """An EventPage as JSON."""
    page = await runs.events(run, after, limit, frames)
    next_ = b"null" if page.next is None else str(page.next).encode()
    return b'{"events":[%s],"next":%s}' % (b",".join(page.events), next_)
