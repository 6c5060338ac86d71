"""Descriptions of networks, asked for once however many pages want the same one."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from app.data.registry import EMBEDDED
from app.spec import RunSpec
from app.web.problems import Problem

KEPT = 128
MOST_WAITING = 64
LASTING = frozenset(entry.name for entry in EMBEDDED)  # the other data sets come and change


class Describer:
    """Shares what is being described, and keeps the answers that stay true.

    Those are the measured ones of data sets that are always there: others change when a data set
    is downloaded, when somebody's own images do, and with the memory that is free. Only for the
    server's own loop.
    """

    def __init__(self, describe: Callable[[RunSpec], Awaitable[dict[str, Any]]]) -> None:
        self._describe = describe
        self._one_worker = asyncio.Semaphore(1)
        self._asked: dict[str, asyncio.Task[bytes]] = {}
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    async def describe(self, spec: RunSpec) -> bytes:
        """The description as JSON.

        Raises:
            Problem: 503, too many wait for the one worker that answers.
            BadField, Refused: as the engine does.
        """
        key = spec.model_dump_json()
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        task = self._asked.get(key)
        if task is None:
            if len(self._asked) >= MOST_WAITING:
                raise Problem(
                    503,
                    "Many networks wait to be measured; ask again in a moment.",
                    headers={"retry-after": "2"},
                )
            task = self._asked[key] = asyncio.create_task(self._ask(key, spec))
            task.add_done_callback(lambda _: self._asked.pop(key))
        # shielded: who leaves does not take the answer from the others
        return await asyncio.shield(task)

    async def _ask(self, key: str, spec: RunSpec) -> bytes:
        async with self._one_worker:
            found = await self._describe(spec)
        answer = json.dumps(found, allow_nan=False).encode()
        if found["measured"] is not None and spec.data.name in LASTING:
            self._kept[key] = answer
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return answer
