"""What the tests of the service share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.live import Live
from app.runs import Runs
from app.store.store import Store
from tests.app.runs.house import House
from tests.app.scripted import Scripted


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    store.open()
    engine = Scripted()
    runs = Runs(engine, store, Live())
    await runs.start()
    yield House(runs, engine, store)
    await runs.close()
    store.close()
