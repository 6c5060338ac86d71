"""The store: the truth about runs, studies and what was said."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import (
    URL,
    Connection,
    String,
    case,
    cast,
    create_engine,
    delete,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.exc import ArgumentError, DBAPIError

from app.store import amending, appending, listing, reading, sqlite
from app.store.errors import Unavailable, Unsupported, message
from app.store.migrate import check, migrate
from app.store.records import (
    INTERRUPTED,
    QUEUED,
    UNFINISHED,
    Batch,
    Events,
    Move,
    NewRun,
    NewStudy,
    RunRow,
    StudyRow,
)
from app.store.tables import RUN, STUDY

NEVER_BEGAN = "the server ended before training began"
CRASH = "the server ended unexpectedly at step "

_CRASHED = case(
    (RUN.c.state == QUEUED, literal(NEVER_BEGAN)), else_=literal(CRASH) + cast(RUN.c.step, String)
)


class Store:
    """Runs, studies and events in one database. Synchronous; every method is thread-safe.

    Every method may raise ``Unavailable``: the database refuses, and the message says why.
    """

    def __init__(self, url: str | URL) -> None:
        """``url`` is SQLAlchemy's; nothing is opened yet.

        Raises:
            Unsupported: no such kind of database here.
        """
        self._url = url
        try:
            self.engine = create_engine(url)
        except (ArgumentError, ImportError) as error:  # no such dialect, or not its driver
            raise _unknown(error) from error
        if self.engine.dialect.name not in appending.DIALECTS:
            raise _unknown(self.engine.dialect.name)
        self._sqlite = self.engine.dialect.name == "sqlite"
        if self._sqlite:
            sqlite.configure(self.engine)
        self._write = self.engine.execution_options(**{sqlite.WRITES: True})
        self._lock = threading.Lock()  # writers of this process wait in turn, not by polling

    def open(self, *, owner: bool = True) -> int:
        """Bring the tables to this version and mark what a crash left under way as interrupted.

        Only for the process that owns the data folder; with ``owner=False`` nothing is changed,
        for reading beside a server. Returns how many runs were interrupted.

        Raises:
            Unsupported: the database was made by a newer version.
        """
        with _named():
            if not owner:
                check(self.engine)
                return 0
            if not self._sqlite:
                migrate(self.engine)
            else:
                engine = create_engine(self._url)
                sqlite.configure(engine, foreign_keys=False)
                try:
                    migrate(engine)
                finally:
                    engine.dispose()
        return self.interrupt_unfinished()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def interrupt_unfinished(self) -> int:
        """Mark every run that has not ended as interrupted; returns how many."""
        with self._writing() as connection:
            return connection.execute(
                update(RUN)
                .where(RUN.c.state.in_(UNFINISHED))
                .values(state=INTERRUPTED, reason=_CRASHED, ended=datetime.now(UTC))
            ).rowcount

    def add(self, runs: Sequence[NewRun], study: NewStudy | None = None) -> None:
        """Keep new runs, queued, in this order; with the study that they belong to, if any."""
        now = datetime.now(UTC)
        with self._writing() as connection:
            if study is not None:
                connection.execute(
                    insert(STUDY).values(
                        id=study.id,
                        kind=study.kind,
                        spec=study.spec,
                        owner=study.owner,
                        created=now,
                    )
                )
            connection.execute(
                insert(RUN),
                [
                    {
                        "id": run.id,
                        "study": study and study.id,
                        "spec": run.spec,
                        "analysis": run.analysis,
                        "owner": run.owner,
                        "state": QUEUED,
                        "step": 0,
                        "last_seq": -1,
                        "created": now,
                    }
                    for run in runs
                ],
            )

    def amend(self, runs: Mapping[str, str], study: tuple[str, str] | None = None) -> bool:
        """Give runs that have not ended other specs, and their study, each as JSON, by id.

        All or nothing; False: one has ended, or is deleted.
        """
        with self._writing() as connection:
            return amending.amend(connection, runs, study)

    def append(self, batches: Sequence[Batch], moves: Sequence[Move] = ()) -> frozenset[str]:
        """Keep the events, and where their runs stand, in one transaction.

        The moves come after the batches. Writing a batch twice is harmless. Returns the runs
        that took nothing: deleted, or ended before.

        Raises:
            Hole: events are missing between what is stored and a batch; nothing was written.
        """
        with self._writing() as connection:
            return appending.append(connection, batches, moves)

    def run(self, run: str) -> RunRow | None:
        """The run, or None where there is none (any more)."""
        with self._reading() as connection:
            row = connection.execute(select(RUN).where(RUN.c.id == run)).one_or_none()
            return None if row is None else RunRow(**row._mapping)

    def known(self, runs: Collection[str]) -> set[str]:
        """Which of these runs there are."""
        with self._reading() as connection:
            return set(connection.scalars(select(RUN.c.id))).intersection(runs)

    def study(self, study: str) -> StudyRow | None:
        """The study, or None where there is none (any more)."""
        with self._reading() as connection:
            row = connection.execute(select(STUDY).where(STUDY.c.id == study)).one_or_none()
            return None if row is None else StudyRow(**row._mapping)

    def runs_of(self, studies: Sequence[str]) -> list[RunRow]:
        """All runs of these studies, in the order in which they were added."""
        with self._reading() as connection:
            rows = connection.execute(
                select(RUN).where(RUN.c.study.in_(studies)).order_by(RUN.c.number)
            )
            return [RunRow(**row._mapping) for row in rows]

    def runs(
        self,
        *,
        state: str | None = None,
        study: str | None = None,
        text: str | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> list[RunRow]:
        """Runs, newest first; see ``listing.runs`` for the filters."""
        with self._reading() as connection:
            rows = connection.execute(listing.runs(state, study, text, after, limit))
            return [RunRow(**row._mapping) for row in rows]

    def studies(
        self,
        *,
        state: str | None = None,
        kind: str | None = None,
        text: str | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> list[StudyRow]:
        """Studies, newest first; see ``listing.studies`` for the filters."""
        with self._reading() as connection:
            rows = connection.execute(listing.studies(state, kind, text, after, limit))
            return [StudyRow(**row._mapping) for row in rows]

    def events(
        self,
        run: str,
        after: int = -1,
        *,
        limit: int = 1000,
        max_bytes: int = 2**22,
        frames: bool = True,
    ) -> Events | None:
        """What the run said after event ``after``; see ``reading.events`` for the limits."""
        with self._reading() as connection:
            return reading.events(connection, run, after, limit, max_bytes, frames)

    def delete_run(self, run: str) -> bool:
        """Delete the run with its events, and its study with the last of its runs.

        Returns whether there was such a run.
        """
        with self._writing() as connection:
            row = connection.execute(
                select(RUN.c.study).where(RUN.c.id == run).with_for_update()
            ).one_or_none()
            if row is None:
                return False
            connection.execute(delete(RUN).where(RUN.c.id == run))
            if row.study is not None:
                left = select(RUN.c.id).where(RUN.c.study == row.study).exists()
                connection.execute(delete(STUDY).where(STUDY.c.id == row.study, ~left))
            return True

    def delete_study(self, study: str) -> bool:
        """Delete the study with its runs and their events; returns whether there was one."""
        with self._writing() as connection:
            return connection.execute(delete(STUDY).where(STUDY.c.id == study)).rowcount > 0

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _named(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._lock, _named(), self._write.begin() as connection:
            yield connection


@contextmanager
def _named() -> Iterator[None]:
    """The drivers' errors as one named error with words for people."""
    try:
        yield
    except DBAPIError as error:
        raise Unavailable(message(error)) from error


def _unknown(what: object) -> Unsupported:
    kinds = ", ".join(appending.DIALECTS)
    return Unsupported(f"the database's address can't be used ({what}); allowed: {kinds}")
