"""The tables: studies, their runs, and what the runs say."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.engine import Dialect

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# In which order rows came: what "newest first" sorts by. SQLite numbers only INTEGER keys.
Number = BigInteger().with_variant(Integer, "sqlite")


class Utc(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond; kept without a zone, which SQLite doesn't know."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Drop the zone, which must be UTC."""
        if value is None:
            return None
        assert value.tzinfo is UTC
        return value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that it is UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


STUDY = Table(
    "study",
    METADATA,
    Column("number", Number, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),  # twins, depth, sweep
    Column("spec", Text, nullable=False),  # JSON, as the StudySpec wrote itself
    Column("owner", Text, nullable=False),
    Column("created", Utc, nullable=False),
)

RUN = Table(
    "run",
    METADATA,
    Column("number", Number, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("study", String(32), ForeignKey("study.id", ondelete="CASCADE"), index=True),
    Column("spec", Text, nullable=False),  # JSON, as the RunSpec wrote itself
    Column("analysis", Text),  # JSON of what is asked of that run's network; else it is trained
    Column("owner", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("step", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),  # -1: no event yet
    Column("result", Text),  # JSON
    Column("reason", Text),
    Column("created", Utc, nullable=False),
    Column("started", Utc),
    Column("ended", Utc),
)

EVENT = Table(
    "event",
    METADATA,
    Column("run", String(32), ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("type", String(16), nullable=False),
    Column("payload", LargeBinary, nullable=False),  # the event as it was encoded, once
)

FRAME = "frame"
ENDINGS = ("finished", "stopped", "failed")

_ENDS = text("type IN ('finished', 'stopped', 'failed')")
ONE_ENDING = Index(
    "one_ending", EVENT.c.run, unique=True, sqlite_where=_ENDS, postgresql_where=_ENDS
)
