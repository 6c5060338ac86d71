"""What the owner of a run or study may have it do."""

from __future__ import annotations

from app.executors.base import ENDED, Action, Executor, Refused, State
from app.live import Live
from app.runs.active_runs import ActiveRuns
from app.runs.changing import Changer
from app.runs.errors import NotNow, NotOwner
from app.runs.pair import tell
from app.runs.queries import RunQueries
from app.runs.views import Run, Study
from app.spec.changes import Values
from app.store.networks import Networks
from app.store.records import RunRow, StudyRow
from app.store.store import Store


class RunControls(RunQueries):
    """Acts on runs that have not ended, as their owners ask."""

    def __init__(self, executor: Executor, store: Store, live: Live, networks: Networks) -> None:
        super().__init__(store, live, ActiveRuns(executor, live), networks)
        self._executor = executor
        self._changer = Changer(executor, self._async_store, store, self._active)

    async def control_run(self, run: str, action: Action, owner: str) -> Run:
        """Act on a run.

        Raises:
            NotFound: there is none.
            NotOwner: somebody else started it.
            NotNow: it has ended.
        """
        row = await self._row(run)
        owned(row, owner)
        state = State.FAILED if self._active.broken(run) else State(row.state)
        if state in ENDED:
            raise NotNow(f"This run has already ended: {state}.")
        if pair := self._active.pair(row.study):
            pair.release()
        try:
            tell(self._executor, [run], action)
        except Refused as error:
            raise NotNow("This run has just ended.") from error
        self._active.update_outlooks()
        return await self.run(run, viewer=owner)

    async def control_study(self, study: str, action: Action, owner: str) -> Study:
        """Act on all runs of a study that have not ended; twins pause at one step and step by one.

        Raises:
            NotFound: there is none.
            NotOwner: somebody else started it.
            NotNow: all its runs have ended, or it can't be stepped.
        """
        row, _ = await self._study_rows(study)
        owned(row, owner)
        progress = self._active.progress(study)
        if not progress:
            raise NotNow("All runs of this study have already ended.")
        pair = self._active.pair(study)
        try:
            if pair is not None:
                pair.order(self._executor, action, progress)
            elif action is Action.STEP:
                raise NotNow("Only twins can be stepped together.")
            else:
                tell(self._executor, list(progress), action)
        except Refused as error:
            raise NotNow("The runs of this study have just ended.") from error
        self._active.update_outlooks()
        return await self.study(study, viewer=owner)

    async def change_run(self, run: str, values: Values, owner: str) -> Run:
        """Change settings of a run from the next step on.

        Raises:
            NotFound, NotOwner: as for ``control_run``.
            BadField, NotNow, Refused: see ``Changer.run``.
        """
        async with self._changer.in_turn(run):
            row = await self._row(run)
            owned(row, owner)
            await self._changer.run(row, values)
        return await self.run(run, viewer=owner)

    async def change_study(self, study: str, values: Values, owner: str) -> Study:
        """Change settings of runs that train together, all from one step on.

        Raises:
            NotFound, NotOwner: as for ``control_study``.
            BadField, NotNow, Refused: see ``Changer.study``.
        """
        async with self._changer.in_turn(study):
            row, rows = await self._study_rows(study)
            owned(row, owner)
            await self._changer.study(row, rows, values)
        return await self.study(study, viewer=owner)


def owned(row: RunRow | StudyRow, owner: str) -> None:
    """See that it is this owner's.

    Raises:
        NotOwner: it is not.
    """
    if row.owner != owner:
        raise NotOwner("Only the browser that started it may do this.")
