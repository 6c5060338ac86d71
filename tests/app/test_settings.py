"""Where the server keeps things, by its settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings
from app.store.store import Store
from tests.app.data.forbidden import posix


@pytest.mark.parametrize("name", ["My%20Data", "100%", "a+b", "Bl\u00e4tter", "a@b", "#1"])
def test_the_database_lies_in_the_named_folder(name: str, tmp_path: Path) -> None:
    opened(tmp_path / name)


@posix
@pytest.mark.parametrize("name", ["what?now", "a:b", "sqlite:x?mode=memory"])
def test_what_has_a_meaning_in_addresses_has_none_in_a_folders_name(
    name: str, tmp_path: Path
) -> None:
    opened(tmp_path / name)


def opened(folder: Path) -> None:
    folder.mkdir()
    store = Store(Settings(data=folder).database_url)
    store.open()
    store.close()
    assert (folder / "depthscope.sqlite").stat().st_size > 0
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_another_database_is_named_by_its_url(tmp_path: Path) -> None:
    other = Settings(data=tmp_path, database="postgresql+psycopg://me@there/lessons")
    assert other.database_url == "postgresql+psycopg://me@there/lessons"
