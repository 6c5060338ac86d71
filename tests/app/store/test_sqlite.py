"""The store on SQLite."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app.store import migrations
from app.store.errors import Unavailable, Unsupported
from app.store.migrate import version
from app.store.store import Store
from tests.contracts.store.contract import StoreContract

ROOT = Path(__file__).parents[3]


class TestSqlite(StoreContract):
    """The contract, on a file."""

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


def open_store(path: Path) -> Store:
    """Open it as a server does."""
    store = Store(f"sqlite:///{path}")
    store.open()
    return store


def test_connections_are_set_up(path: Path) -> None:
    store = open_store(path)
    with store.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }
    store.close()


def test_the_newest_migration_is_the_one_that_is_skipped(path: Path) -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_current_head() == migrations.HEAD
    store = open_store(path)
    with store.engine.connect() as connection:
        assert version(connection) == migrations.HEAD
    store.close()


def test_migrations_can_be_undone(path: Path) -> None:
    store = open_store(path)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with store.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    store.open()
    assert store.runs() == []
    store.close()


def test_a_migration_that_breaks_leaves_nothing_behind(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(op, "create_index", break_off)  # after the first two tables
        store = Store(f"sqlite:///{path}")
        with pytest.raises(KeyboardInterrupt):
            store.open()
    with store.engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    store.open()
    assert store.runs() == []
    store.close()


def test_a_database_of_a_newer_version_is_refused(path: Path) -> None:
    store = open_store(path)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Unsupported, match="newer"):
        store.open()
    with pytest.raises(Unsupported, match="this version"):
        store.open(owner=False)
    store.close()


def test_an_empty_database_is_not_read_beside_a_server(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    with pytest.raises(Unsupported, match="start its server"):
        store.open(owner=False)
    store.close()


@pytest.mark.parametrize(
    "url", ["mysql+nothing://user:secret@somewhere/depthscope", "oracle://", "no address", ""]
)
def test_other_kinds_of_database_are_refused(url: str) -> None:
    with pytest.raises(Unsupported, match="allowed: sqlite, postgresql") as refused:
        Store(url)
    assert "secret" not in str(refused.value)


def test_what_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"something else entirely, and long enough to be looked at" * 100)
    store = Store(f"sqlite:///{path}")
    with pytest.raises(Unavailable, match="the database is damaged"):
        store.open()
    store.close()


def test_a_folder_that_is_not_there_is_refused(path: Path) -> None:
    store = Store(f"sqlite:///{path.parent / 'nowhere' / 'store.sqlite'}")
    with pytest.raises(Unavailable, match="the database can't be opened"):
        store.open()


@pytest.mark.processes
def test_starting_again_does_not_load_alembic(path: Path) -> None:
    open_store(path).close()
    code = (
        "import sys; from app.store.store import Store; Store(sys.argv[1]).open();"
        "print('alembic' in sys.modules, 'sqlalchemy.orm' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, f"sqlite:///{path}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "False"]
