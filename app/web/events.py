"""Pages of events, joined from the bytes that the worker encoded once."""

from __future__ import annotations

from app.runs import Runs


async def event_page(runs: Runs, run: str, after: int, limit: int, frames: bool) -> bytes:
    """``{"events": [...], "next": number or null}`` as JSON; next is the cursor to go on with."""
    page = await runs.events(run, after, limit, frames)
    next_ = b"null" if page.next is None else str(page.next).encode()
    return b'{"events":[%s],"next":%s}' % (b",".join(page.events), next_)
