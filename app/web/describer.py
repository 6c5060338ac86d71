"""What a worker must answer, asked for once however many pages want the same."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from app.data.registry import DATASETS, EMBEDDED
from app.spec import RunSpec
from app.web.problems import Problem

KEPT = 128
MOST_WAITING = 64
LASTING = frozenset(entry.name for entry in EMBEDDED)  # the other data sets come and change

Question = Callable[[], Awaitable[dict[str, Any]]]
Lasts = Callable[[dict[str, Any]], bool]  # whether an answer stays true


class Describer:
    """Shares what is being asked, and keeps the answers that stay true. Only for one loop."""

    def __init__(
        self,
        describe: Callable[[RunSpec], Awaitable[dict[str, Any]]],
        samples: Callable[[str, int, int | None], Awaitable[dict[str, Any]]],
    ) -> None:
        self._describe = describe
        self._samples = samples
        self._one_worker = asyncio.Semaphore(1)
        self._asked: dict[str, asyncio.Task[bytes]] = {}
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    async def describe(self, spec: RunSpec) -> bytes:
        """The description as JSON.

        Those that are measured, and of data sets that are always there, are kept: others change
        when a data set is downloaded, when somebody's own images do, and with the memory that is
        free.

        Raises:
            Problem: 503, too many wait for the one worker that answers.
            BadField, Refused: as the engine does.
        """
        lasting = spec.data.name in LASTING
        return await self._answer(
            spec.model_dump_json(),
            partial(self._describe, spec),
            lambda found: lasting and found["measured"] is not None,
        )

    async def samples(self, data: str, count: int, resize: int | None = None) -> bytes:
        """Test examples to be shown, as JSON; kept, but for somebody's own images, which change.

        Raises:
            Problem, BadField, Refused: as ``describe``.
        """
        return await self._answer(
            f"{data} {count} {resize}",
            partial(self._samples, data, count, resize),
            lambda _: data in DATASETS,
        )

    async def _answer(
        self,
        key: str,
        ask: Question,
        lasts: Lasts,
    ) -> bytes:
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        task = self._asked.get(key)
        if task is None:
            if len(self._asked) >= MOST_WAITING:
                raise Problem(
                    503,
                    "Too many networks are waiting to be measured; try again in a moment.",
                    headers={"retry-after": "2"},
                )
            task = self._asked[key] = asyncio.create_task(self._ask(key, ask, lasts))
            task.add_done_callback(lambda _: self._asked.pop(key))
        # shielded: who leaves does not take the answer from the others
        return await asyncio.shield(task)

    async def _ask(
        self,
        key: str,
        ask: Question,
        lasts: Lasts,
    ) -> bytes:
        async with self._one_worker:
            found = await ask()
        answer = json.dumps(found, allow_nan=False).encode()
        if lasts(found):
            self._kept[key] = answer
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return answer
