"""The store for the event loop: its calls run in a few threads."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from app.executors.base import ENDED
from app.live import StateMessage
from app.runs.views import NO_OUTLOOK, Outlook
from app.store.records import UNFINISHED
from app.store.store import Store

THREADS = 4

P = ParamSpec("P")
T = TypeVar("T")


def state_message(
    run: str,
    state: str,
    step: int,
    *,
    last_seq: int,
    reason: str | None,
    outlook: Outlook = NO_OUTLOOK,
) -> StateMessage:
    """Where a run stands, as the message that tells it."""
    text = {
        "type": "state",
        "run": run,
        "state": state,
        "step": step,
        "reason": reason,
        **outlook.model_dump(),
    }
    return StateMessage(
        json.dumps(text, separators=(",", ":")), ended=state in ENDED, last_seq=last_seq
    )


class AsyncStore:
    """Asks the store without holding up the loop. Nothing is held open between two calls."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="store")

    async def call(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call ``act`` in one of the store's threads; returns what it returns."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: act(*args, **kwargs))

    async def events(
        self, run: str, after: int, frames: bool, max_bytes: int
    ) -> tuple[Sequence[bytes], int, bool] | None:
        """Events, the number up to which they are complete, whether more wait. For ``Live``."""
        found = await self.call(self._store.events, run, after, frames=frames, max_bytes=max_bytes)
        return None if found is None else (found.payloads, found.last, found.more)

    async def state_message(self, run: str) -> StateMessage | None:
        """Where a run stands that is not under way. For ``Live``."""
        row = await self.call(self._store.run, run)
        if row is None or row.state in UNFINISHED:
            return None
        return state_message(run, row.state, row.step, last_seq=row.last_seq, reason=row.reason)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()
