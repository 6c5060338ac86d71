"""Descriptions of networks, asked for once however many pages want the same one."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from app.spec import RunSpec
from app.web.problems import Problem

KEPT = 128
MOST_WAITING = 64


class Describer:
    """Remembers descriptions: the same spec has the same one. Only for the server's own loop."""

    def __init__(self, describe: Callable[[RunSpec], Awaitable[dict[str, Any]]]) -> None:
        self._describe = describe
        self._one_worker = asyncio.Semaphore(1)
        self._known: OrderedDict[str, asyncio.Task[bytes]] = OrderedDict()
        self._waiting = 0

    async def describe(self, spec: RunSpec) -> bytes:
        """The description as JSON.

        Raises:
            Problem: 503, too many wait for the one worker that answers.
            BadField, Refused: as the engine does.
        """
        key = spec.model_dump_json()
        task = self._known.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            if self._waiting >= MOST_WAITING:
                raise Problem(
                    503,
                    "Many networks wait to be measured; ask again in a moment.",
                    headers={"retry-after": "2"},
                )
            task = self._known[key] = asyncio.create_task(self._ask(spec))
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        # shielded: who leaves does not take the answer from the others
        return await asyncio.shield(task)

    async def _ask(self, spec: RunSpec) -> bytes:
        self._waiting += 1
        try:
            async with self._one_worker:
                return json.dumps(await self._describe(spec), allow_nan=False).encode()
        finally:
            self._waiting -= 1
