"""Brings the database to the tables of this version, by Alembic."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, column, inspect, select, table

from app.store.errors import Unsupported
from app.store.migrations import HEAD
from app.store.sqlite import WRITES

VERSION = table("alembic_version", column("version_num"))


def version(connection: Connection) -> str | None:
    """The migration that this database stands at, or None where there is none yet."""
    if not inspect(connection).has_table(VERSION.name):
        return None
    return connection.scalar(select(VERSION.c.version_num))


def check(engine: Engine) -> None:
    """See that the database is of this version, and change nothing.

    Raises:
        Unsupported: it is of another, or holds nothing yet.
    """
    with engine.connect() as connection:
        if version(connection) != HEAD:
            raise Unsupported(
                "the database was not made by this version of Depthscope; "
                "start its server once to bring it up to date"
            )


def migrate(engine: Engine) -> None:
    """Run the migrations that are missing, all or none.

    Raises:
        Unsupported: the database was made by a newer version of this program.
    """
    with engine.connect() as connection:
        if version(connection) == HEAD:
            return  # the usual start, which need not load Alembic
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise Unsupported(
            f"the database can't be upgraded to this version ({error}); "
            "it may have been made by a newer Depthscope"
        ) from error
