"""The store as the event loop uses it: in a few threads of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from app.executors.base import ENDED
from app.live import Standing
from app.store.records import UNFINISHED
from app.store.store import Store

THREADS = 4

P = ParamSpec("P")
T = TypeVar("T")


def standing(
    run: str, state: str, step: int, *, last_seq: int, place: int | None, reason: str | None
) -> Standing:
    """Where a run stands, as the message that tells it."""
    text = {
        "type": "state",
        "run": run,
        "state": state,
        "step": step,
        "place": place,
        "reason": reason,
    }
    return Standing(
        json.dumps(text, separators=(",", ":")), ended=state in ENDED, last_seq=last_seq
    )


class Archive:
    """Asks the store without holding up the loop. Nothing is held open between two calls."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="store")

    async def do(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``act`` returns, run in one of the store's threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: act(*args, **kwargs))

    async def events(
        self, run: str, after: int, frames: bool, max_bytes: int
    ) -> tuple[Sequence[bytes], int, bool] | None:
        """Events, the number up to which they are complete, whether more wait. For ``Live``."""
        found = await self.do(self._store.events, run, after, frames=frames, max_bytes=max_bytes)
        return None if found is None else (found.payloads, found.last, found.more)

    async def standing(self, run: str) -> Standing | None:
        """Where a run stands that is not under way. For ``Live``."""
        row = await self.do(self._store.run, run)
        if row is None or row.state in UNFINISHED:
            return None
        return standing(
            run, row.state, row.step, last_seq=row.last_seq, place=None, reason=row.reason
        )

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()
