"""What anyone may ask about runs and studies."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from app.executors.base import ENDED, State
from app.live import Live
from app.mistakes import BadField
from app.runs.archive import Archive
from app.runs.desk import Desk
from app.runs.errors import NotFound
from app.runs.views import EventPage, Page, Run, Study, view_run, view_study
from app.store.records import RunRow, StudyRow
from app.store.store import Store

MOST_RUNS = 400  # on a page of studies; more would hold up the loop while they are encoded
AT_ONCE = 16  # studies whose runs are read at once


class Reading:
    """Looks at the store, and at the desk for what is under way."""

    def __init__(self, store: Store, live: Live, desk: Desk) -> None:
        self._store = store
        self._live = live
        self._desk = desk
        self._archive = Archive(store)

    async def run(self, run: str, *, viewer: str | None = None) -> Run:
        """The run as ``viewer`` sees it.

        Raises:
            NotFound: there is none.
        """
        return view_run(*self._stand(await self._row(run)), viewer)

    async def study(self, study: str, *, viewer: str | None = None) -> Study:
        """The study as ``viewer`` sees it.

        Raises:
            NotFound: there is none.
        """
        row, runs = await self._study_rows(study)
        return view_study(row, await self._views(runs, viewer), viewer)

    async def runs(
        self,
        *,
        state: State | None = None,
        study: str | None = None,
        text: str | None = None,
        after: str | None = None,
        limit: int = 50,
        viewer: str | None = None,
    ) -> Page[Run]:
        """Runs, newest first.

        ``study``: the id of one, or a kind of study; ``text``: words that the configuration
        holds, or an id; ``after``: the ``next`` of the page before.
        """
        cursor = _cursor(after)

        rows = await self._archive.do(
            self._store.runs, state=state, study=study, text=text, after=cursor, limit=limit + 1
        )
        items = await self._views(rows[:limit], viewer)
        return Page(items=tuple(items), next=_next(rows, limit))

    async def studies(
        self,
        *,
        state: State | None = None,
        study: str | None = None,
        text: str | None = None,
        after: str | None = None,
        limit: int = 50,
        viewer: str | None = None,
    ) -> Page[Study]:
        """Studies, newest first; ``study`` is a kind of study, the rest as for runs.

        A page ends before ``limit`` where its studies have more than ``MOST_RUNS`` runs together.
        """
        cursor = _cursor(after)

        def listed() -> tuple[list[StudyRow], dict[str, list[RunRow]]]:
            rows = self._store.studies(
                state=state, kind=study, text=text, after=cursor, limit=limit + 1
            )
            return rows, self._runs_of(rows[:limit])

        rows, by_study = await self._archive.do(listed)
        views = await self._views([run for runs in by_study.values() for run in runs], viewer)
        runs = iter(views)  # in the order of their studies
        items = tuple(
            view_study(row, list(islice(runs, len(by_study[row.id]))), viewer)
            for row in rows[: len(by_study)]
        )
        return Page(items=items, next=_next(rows, len(by_study)))

    def _runs_of(self, studies: Sequence[StudyRow]) -> dict[str, list[RunRow]]:
        """The runs of the first of these studies: of all that fit on a page, of one at least."""
        found: dict[str, list[RunRow]] = {}
        room = MOST_RUNS
        for first in range(0, len(studies), AT_ONCE):
            some: dict[str, list[RunRow]] = {row.id: [] for row in studies[first : first + AT_ONCE]}
            for run in self._store.runs_of(list(some)):
                some[run.study or ""].append(run)
            for study, runs in some.items():
                room -= len(runs)
                if found and room < 0:
                    return found
                found[study] = runs
        return found

    async def events(self, run: str, after: int = -1, limit: int = 1000) -> EventPage:
        """What the run said after event ``after``; less than ``limit`` where it is much.

        Raises:
            NotFound: there is no such run.
        """
        found = await self._archive.do(self._store.events, run, after, limit=limit)
        if found is None:
            raise NotFound("There is no such run.")
        return EventPage(events=list(found.payloads), next=found.last if found.more else None)

    def follow(
        self, runs: Sequence[str], after: Mapping[str, int], frames: bool = True
    ) -> AsyncGenerator[str, None]:
        """Everything after the cursors, then what comes; see ``Live.follow``."""
        return self._live.follow(runs, after, frames)

    async def _row(self, run: str) -> RunRow:
        row = await self._archive.do(self._store.run, run)
        if row is None:
            raise NotFound("There is no such run.")
        return row

    async def _study_rows(self, study: str) -> tuple[StudyRow, list[RunRow]]:
        row = await self._archive.do(self._store.study, study)
        if row is None:
            raise NotFound("There is no such study.")
        return row, await self._archive.do(self._store.runs_of, [study])

    async def _views(self, rows: Sequence[RunRow], viewer: str | None) -> list[Run]:
        """All of these as ``viewer`` sees them: the desk is asked here, a thread does the rest."""
        stands = [self._stand(row) for row in rows]
        return await self._archive.do(
            lambda: [view_run(row, place, viewer) for row, place in stands]
        )

    def _stand(self, row: RunRow) -> tuple[RunRow, int | None]:
        """The run with what only the desk knows of it so far, and its place in the queue."""
        if row.state not in ENDED and (reason := self._desk.broken(row.id)):
            row = replace(row, state=State.FAILED, reason=reason)
        return row, self._desk.place(row.id)


def _cursor(after: str | None) -> int | None:
    if after is None:
        return None
    if not (after.isascii() and after.isdecimal() and len(after) < 19):
        raise BadField("after", "is not a cursor", "allowed: the `next` of the page before")
    return int(after)


def _next(rows: Sequence[RunRow | StudyRow], limit: int) -> str | None:
    return str(rows[limit - 1].number) if len(rows) > limit else None
