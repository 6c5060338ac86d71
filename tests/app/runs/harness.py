"""The service with its parts, and a test that leads the engine."""

from __future__ import annotations

import json
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from app.executors.base import State
from app.runs import Runs, Study
from app.spec import RunSpec
from app.store.store import Store
from app.studies.spec import TwinsSpec
from tests.app.scripted import Scripted

ME, YOU = "me", "you"
SPEC = RunSpec(steps=50)
TWINS = TwinsSpec(base=SPEC)


@dataclass
class Harness:
    """The service and its parts."""

    runs: Runs
    engine: Scripted
    store: Store

    async def told(self, run: str, **wanted: Any) -> dict[str, Any]:
        """Wait until the run is told to stand like this."""
        async with aclosing(self.runs.follow([run], {})) as following:
            async for text in following:
                said = json.loads(text)
                if isinstance(said, dict) and wanted.items() <= said.items():
                    return said
        raise AssertionError(f"{run} ended without {wanted}")

    async def over(self, *runs: str) -> list[int]:
        """Follow the runs to their ends; the numbers of the events that came."""
        messages = [json.loads(text) async for text in self.runs.follow(runs, {})]
        return [event["seq"] for text in messages if isinstance(text, list) for event in text]

    async def settled(self, study: str, *steps: int) -> Study:
        """Wait until the study's runs are paused after so many steps."""
        while True:
            found = await self.runs.study(study, viewer=ME)
            if [(run.state, run.step) for run in found.runs] == [("paused", s) for s in steps]:
                return found
            await self.flush()

    async def flush(self) -> None:
        """Wait for the writer's next round, by a run that lives only for that."""
        run = await self.runs.create_run(SPEC, "nobody")
        self.engine.end(run.id, State.FINISHED)
        await self.told(run.id, state="finished")
