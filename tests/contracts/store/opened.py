"""A store that is open, with one run in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.spec import RunSpec
from app.store.records import NewRun
from app.store.store import Store


class Opened:
    """What each part of the contract stands on; whoever runs it gives a fixture ``url``."""

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        store = Store(url)
        store.open()
        yield store
        store.close()

    @pytest.fixture
    def run(self, store: Store) -> str:
        store.add([NewRun("aaaaaaaaaa", RunSpec().model_dump_json(), "me")])
        return "aaaaaaaaaa"
