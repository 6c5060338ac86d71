"""Everything that is peculiar to SQLite, in one place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event

WRITES = "depthscope_writes"  # the execution option of a transaction that writes


def configure(engine: Engine, *, foreign_keys: bool = True) -> None:
    """Set up each connection: write-ahead log, patience, foreign keys, explicit transactions.

    ``foreign_keys=False`` is for migrations: rebuilding a table drops the old one, which would
    delete what refers to it.
    """

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        for pragma in (
            "busy_timeout = 5000",  # first: changing the journal mode may have to wait
            "journal_mode = WAL",
            "synchronous = NORMAL",  # a power cut may cost the last commits, never the file
            "journal_size_limit = 67108864",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail at once, without waiting,
        # if another had written in between; so what will write says so from the start.
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
