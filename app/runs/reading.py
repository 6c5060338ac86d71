"""What anyone may ask about runs and studies."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace

from app.executors.base import ENDED, State
from app.live import Live
from app.runs.archive import Archive
from app.runs.desk import Desk
from app.runs.errors import NotFound
from app.runs.views import EventPage, Page, Run, Study, view_run, view_study
from app.spec import BadField
from app.store.records import RunRow, StudyRow
from app.store.store import Store


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
        return self._view(await self._row(run), viewer)

    async def study(self, study: str, *, viewer: str | None = None) -> Study:
        """The study as ``viewer`` sees it.

        Raises:
            NotFound: there is none.
        """
        row, runs = await self._study_rows(study)
        return view_study(row, [self._view(run, viewer) for run in runs], viewer)

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

        def listed() -> Page[Run]:
            rows = self._store.runs(
                state=state, study=study, text=text, after=cursor, limit=limit + 1
            )
            items = tuple(self._view(row, viewer) for row in rows[:limit])
            return Page(items=items, next=_next(rows, limit))

        return await self._archive.do(listed)

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
        """Studies, newest first; ``study`` is a kind of study, the rest as for runs."""
        cursor = _cursor(after)

        def listed() -> Page[Study]:
            rows = self._store.studies(
                state=state, kind=study, text=text, after=cursor, limit=limit + 1
            )
            shown = rows[:limit]
            runs: dict[str, list[Run]] = {row.id: [] for row in shown}
            for run in self._store.runs_of(list(runs)):
                runs[run.study or ""].append(self._view(run, viewer))
            items = tuple(view_study(row, runs[row.id], viewer) for row in shown)
            return Page(items=items, next=_next(rows, limit))

        return await self._archive.do(listed)

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

    def _view(self, row: RunRow, viewer: str | None) -> Run:
        if row.state not in ENDED and (reason := self._desk.broken(row.id)):
            row = replace(row, state=State.FAILED, reason=reason)
        return view_run(row, self._desk.place(row.id), viewer)


def _cursor(after: str | None) -> int | None:
    if after is None:
        return None
    if not (after.isascii() and after.isdecimal() and len(after) < 19):
        raise BadField("after", "is not a cursor", "allowed: the `next` of the page before")
    return int(after)


def _next(rows: Sequence[RunRow | StudyRow], limit: int) -> str | None:
    return str(rows[limit - 1].number) if len(rows) > limit else None
