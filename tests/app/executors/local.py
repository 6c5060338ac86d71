"""A lab with the engine of this machine."""

from __future__ import annotations

from typing import Any

from app.executors.local import LocalExecutor
from app.executors.timeouts import Timeouts
from tests.contracts.executor.lab import Lab

TRAINER = "tests.contracts.fake_training:FakeTraining"
DESCRIBE = "tests.contracts.fake_training:describe"
QUICK = Timeouts(yield_after=0.05, notice=0.05)


class Local(Lab):
    """A lab with an engine of this machine."""

    engine: LocalExecutor


def local(workers: int = 1, **options: Any) -> Local:
    return Local(
        LocalExecutor(
            workers,
            **{
                "trainer": TRAINER,
                "describer": DESCRIBE,
                "warm": None,
                "timeouts": QUICK,
                **options,
            },
        )
    )
