"""What anyone may ask about runs and studies."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from app.executors.base import ENDED, State
from app.live import Live
from app.runs.active_runs import ActiveRuns
from app.runs.async_store import AsyncStore
from app.runs.errors import NotFound, NotKept, Unreadable
from app.runs.views import EventPage, Outlook, Run, RunPage, Study, StudyPage, view_run, view_study
from app.store.networks import Networks
from app.store.records import RunRow, StudyRow
from app.store.store import Store
from app.validation import BadField

MOST_RUNS = 400  # on a page of studies; more would hold up the loop while they are encoded
AT_ONCE = 16  # studies whose runs are read at once


class RunQueries:
    """Reads the store, and the active runs for what the store does not know yet."""

    def __init__(self, store: Store, live: Live, active: ActiveRuns, networks: Networks) -> None:
        self._store = store
        self._live = live
        self._active = active
        self._networks = networks
        self._async_store = AsyncStore(store)

    async def run(self, run: str, *, viewer: str | None = None) -> Run:
        """The run as ``viewer`` sees it.

        Raises:
            NotFound: there is none that can be read.
        """
        row, outlook = self._with_outlook(await self._row(run))
        return view_run(row, outlook, viewer, self._networks.size(run))

    async def network(self, run: str) -> Path:
        """The file that the run's network is kept in.

        Raises:
            NotFound: there is no such run.
            NotKept: its network is not there.
        """
        found = await self.run(run)
        path = self._networks.path(run)
        if path is None:
            raise NotKept(_unkept(found))
        return path

    async def study(self, study: str, *, viewer: str | None = None) -> Study:
        """The study as ``viewer`` sees it.

        Raises:
            NotFound: there is none that can be read.
        """
        row, runs = await self._study_rows(study)
        return _study(row, await self._views(runs, viewer), viewer)

    async def runs(
        self,
        *,
        state: State | None = None,
        study: str | None = None,
        text: str | None = None,
        after: str | None = None,
        limit: int = 50,
        viewer: str | None = None,
    ) -> RunPage:
        """Runs, newest first.

        ``study``: the id of one, or a kind of study; ``text``: words that the configuration
        holds, or an id; ``after``: the ``next`` of the page before.
        """
        cursor = _cursor(after)

        rows = await self._async_store.call(
            self._store.runs, state=state, study=study, text=text, after=cursor, limit=limit + 1
        )
        found = await self._views(rows[:limit], viewer)
        return RunPage(
            items=tuple(run for run in found if run is not None),
            unreadable=tuple(row.id for row, run in zip(rows, found, strict=False) if run is None),
            next=_next(rows, limit),
        )

    async def studies(
        self,
        *,
        state: State | None = None,
        study: str | None = None,
        text: str | None = None,
        after: str | None = None,
        limit: int = 50,
        viewer: str | None = None,
    ) -> StudyPage:
        """Studies, newest first; ``study`` is a kind of study, the rest as for runs.

        A page ends before ``limit`` where its studies have more than ``MOST_RUNS`` runs together.
        """
        cursor = _cursor(after)

        def listed() -> tuple[list[StudyRow], dict[str, list[RunRow]]]:
            rows = self._store.studies(
                state=state, kind=study, text=text, after=cursor, limit=limit + 1
            )
            return rows, self._runs_of(rows[:limit])

        rows, by_study = await self._async_store.call(listed)
        views = await self._views([run for runs in by_study.values() for run in runs], viewer)
        runs = iter(views)  # in the order of their studies
        items, unreadable = [], []
        for row in rows[: len(by_study)]:
            try:
                items.append(_study(row, list(islice(runs, len(by_study[row.id]))), viewer))
            except Unreadable:
                unreadable.append(row.id)
        return StudyPage(
            items=tuple(items), unreadable=tuple(unreadable), next=_next(rows, len(by_study))
        )

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

    async def events(
        self, run: str, after: int = -1, limit: int = 1000, frames: bool = True
    ) -> EventPage:
        """What the run said after event ``after``; less than ``limit`` where it is much.

        Without its frames where ``frames`` is false.

        Raises:
            NotFound: there is no such run.
        """
        found = await self._async_store.call(
            self._store.events, run, after, limit=limit, frames=frames
        )
        if found is None:
            raise NotFound("There is no such run.")
        return EventPage(events=list(found.payloads), next=found.last if found.more else None)

    def follow(
        self, runs: Sequence[str], after: Mapping[str, int], frames: bool = True
    ) -> AsyncGenerator[str, None]:
        """Everything after the cursors, then what comes; see ``Live.follow``."""
        return self._live.follow(runs, after, frames)

    async def _row(self, run: str) -> RunRow:
        row = await self._async_store.call(self._store.run, run)
        if row is None:
            raise NotFound("There is no such run.")
        return row

    async def _study_rows(self, study: str) -> tuple[StudyRow, list[RunRow]]:
        row = await self._async_store.call(self._store.study, study)
        if row is None:
            raise NotFound("There is no such study.")
        return row, await self._async_store.call(self._store.runs_of, [study])

    async def _views(self, rows: Sequence[RunRow], viewer: str | None) -> list[Run | None]:
        """All as ``viewer`` sees them, None where one can't be read.

        The active runs are asked here, a thread does the rest.
        """
        rows_and_outlooks = [self._with_outlook(row) for row in rows]
        return await self._async_store.call(
            lambda: [
                _readable(row, outlook, viewer, self._networks.size(row.id))
                for row, outlook in rows_and_outlooks
            ]
        )

    def _with_outlook(self, row: RunRow) -> tuple[RunRow, Outlook]:
        """The row with what the store does not know yet, and the run's outlook."""
        if row.state not in ENDED and (reason := self._active.broken(row.id)):
            row = replace(row, state=State.FAILED, reason=reason)
        return row, self._active.outlook(row.id)


def _unkept(run: Run) -> str:
    """Why a run's network is not there."""
    if run.result is not None and run.result.unkept is not None:
        return f"The network of this run could not be kept: {run.result.unkept}."
    if run.state not in ENDED:
        return "This run has not ended yet: its network is kept at its end."
    if run.state in (State.FAILED, State.INTERRUPTED):
        return f"This run was not trained to an end ({run.state}): its network is not kept."
    return "The network of this run is not kept (any more): the newest ones are."


def _readable(row: RunRow, outlook: Outlook, viewer: str | None, network: int | None) -> Run | None:
    try:
        return view_run(row, outlook, viewer, network)
    except Unreadable:
        return None


def _study(row: StudyRow, runs: Sequence[Run | None], viewer: str | None) -> Study:
    """The study, if it and all its runs can be read."""
    readable = [run for run in runs if run is not None]
    if len(readable) < len(runs):
        raise Unreadable
    return view_study(row, readable, viewer)


def _cursor(after: str | None) -> int | None:
    if after is None:
        return None
    if not (after.isascii() and after.isdecimal() and len(after) < 19):
        raise BadField("after", "is not a cursor", "allowed: the `next` of the page before")
    return int(after)


def _next(rows: Sequence[RunRow | StudyRow], limit: int) -> str | None:
    return str(rows[limit - 1].number) if len(rows) > limit else None
