"""A database that version 1 wrote (``version1.sql``): runs, twins and sweeps, trained for real."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

DUMP = Path(__file__).with_suffix(".sql")


def put(path: Path) -> None:
    """Make the database in this file."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(DUMP.read_text("utf-8"))
