"""A server in a process of its own, for each test or for those that do it no harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that is not there yet."""
    return tmp_path / "data"


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of a file: nothing is to happen to it."""
    with Server(tmp_path_factory.mktemp("lasting") / "data") as found:
        yield found


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """A server on that folder."""
    with Server(folder) as found:
        yield found
