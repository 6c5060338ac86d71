"""What the tests of the service share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.live import Live
from app.runs import Runs
from app.store.networks import Networks
from app.store.store import Store
from tests.app.runs.harness import Harness
from tests.app.scripted import Scripted


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[Harness]:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    store.open()
    engine = Scripted()
    runs = Runs(engine, store, Live(), Networks(tmp_path / "networks", 10**6))
    await runs.start()
    yield Harness(runs, engine, store)
    await runs.close()
    store.close()
