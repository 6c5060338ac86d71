"""What can go wrong with the store, in words for people."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError


class StoreError(Exception):
    """The store can't do what was asked; the message says why."""


class FolderTaken(StoreError):
    """Another server owns the data folder."""


class FolderUnusable(StoreError):
    """The data folder can't be written, or its disk has no space left."""


class Unsupported(StoreError):
    """The database is of a kind, or of a version, that this program doesn't know."""


class Unavailable(StoreError):
    """The database refused to read or write just now: full, locked, gone."""


class Hole(StoreError):
    """Events came that don't follow what is stored: numbers between them are missing."""


# What the drivers call it: SQLite by name (https://www.sqlite.org/rescode.html), PostgreSQL by
# class of code (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_WORDS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "the database can't be written",
    "SQLITE_CANTOPEN": "the database can't be opened",
    "SQLITE_BUSY": "another program holds the database",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_CORRUPT": "the database is damaged",
    "SQLITE_NOTADB": "the database is damaged",
    "53100": "the disk is full",
    "08": "the database can't be reached",
    "57P": "the database can't be reached",
}


def message(error: DBAPIError) -> str:
    """Why the database refused, for people: "the disk is full"."""
    cause = error.orig
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    for start, text in _WORDS.items():
        if code.startswith(start):
            return text
    return f"the database reports: {cause}"
