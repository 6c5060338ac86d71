"""Live changes: of a run, or of twins at one and the same step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from weakref import WeakValueDictionary

from app.executors.base import ENDED, Executor, Refused, State
from app.runs.active_runs import ActiveRuns
from app.runs.async_store import AsyncStore
from app.runs.errors import NotNow
from app.spec import RunSpec, with_change
from app.spec.changes import Values, check_values
from app.store.records import RunRow, StudyRow
from app.store.store import Store
from app.studies.registry import STUDIES, plan
from app.studies.spec import STUDY_SPEC, StudySpec

PATIENCE = 20.0  # seconds that a run may take over the step it is in

OVER = "It has ended, or is at its last step: nothing can be changed any more."
ONE_OF_MANY = "This run belongs to a study: change all of that."
ANALYSIS = "An analysis has nothing that could be changed."
NOT_TOGETHER = "Only runs that train together, as twins do, can be changed together."
TOO_SLOW = "A run takes too long over one step; nothing was changed. Try again in a moment."

Amended = tuple[dict[str, RunSpec], StudySpec | None]


class Changer:
    """Changes what trains, one change after another of each run or study.

    Each run stays before its next step and says which that is. What is changed counts from the
    largest on; it is stored, and only then do all go on.
    """

    def __init__(
        self, executor: Executor, async_store: AsyncStore, store: Store, active: ActiveRuns
    ) -> None:
        self._executor = executor
        self._async_store = async_store
        self._store = store
        self._active = active
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def in_turn(self, name: str) -> asyncio.Lock:
        """Held while the run or study of this id is changed, from reading its row on."""
        return self._locks.setdefault(name, asyncio.Lock())

    async def run(self, row: RunRow, values: Values) -> None:
        """Change a run.

        Raises:
            BadField: it has no such setting, or a value is not allowed.
            NotNow: its last step is done, or it is one of a study.
            Refused: it has just ended, or does not answer.
        """
        if row.study is not None:
            raise NotNow(ONE_OF_MANY)
        if row.analysis is not None:
            raise NotNow(ANALYSIS)
        self._under_way([row])
        spec = RunSpec.model_validate_json(row.spec)
        check_values(values, spec.net, spec.optimizer, "values")
        await self._change({row.id: spec}, lambda step: _one(row.id, spec, step, values), None)

    async def study(self, row: StudyRow, rows: Sequence[RunRow], values: Values) -> None:
        """Change all runs of a study that train together; each takes what it has a setting for.

        Raises:
            BadField: its base has no such setting, or a value is not allowed.
            NotNow: the last step of one is done, or they don't train together.
            Refused: one has just ended, or does not answer.
        """
        if not STUDIES[row.kind].together:
            raise NotNow(NOT_TOGETHER)
        self._under_way(rows)
        spec = STUDY_SPEC.validate_json(row.spec)
        check_values(values, spec.base.net, spec.base.optimizer, "values")
        runs = {one.id: RunSpec.model_validate_json(one.spec) for one in rows}
        await self._change(runs, lambda step: _all(list(runs), spec, step, values), row.id)

    def _under_way(self, rows: Sequence[RunRow]) -> None:
        if any(State(row.state) in ENDED or self._active.broken(row.id) for row in rows):
            raise NotNow(OVER)

    async def _change(
        self, runs: Mapping[str, RunSpec], amended: Callable[[int], Amended], study: str | None
    ) -> None:
        answers: dict[str, Future[int | None]] = {}
        try:
            for run in runs:
                answers[run] = self._executor.reserve(run)
            step = await _largest(list(answers.values()))
            if step is None or step > min(spec.steps for spec in runs.values()):
                raise NotNow(OVER)
            specs, study_spec = amended(step)
        except BaseException:
            for run in answers:
                self._executor.amend(run, runs[run])
            raise
        # Once it is stored it is ordered, whatever becomes of who asked for it.
        await asyncio.shield(self._settle(runs, specs, study, study_spec))

    async def _settle(
        self,
        before: Mapping[str, RunSpec],
        specs: Mapping[str, RunSpec],
        study: str | None,
        study_spec: StudySpec | None,
    ) -> None:
        """Store the specs, and let the runs go on with them; or as they were."""
        texts = {run: spec.model_dump_json() for run, spec in specs.items()}
        of_study = (study, study_spec.model_dump_json()) if study and study_spec else None
        after = before
        try:
            if not await self._async_store.call(self._store.amend, texts, of_study):
                raise NotNow(OVER)
            after = specs
            self._active.amend(specs)
        finally:
            for run in before:
                self._executor.amend(run, after[run])


async def _largest(answers: Sequence[Future[int | None]]) -> int | None:
    """The largest of the steps, None where one is missing."""
    try:
        async with asyncio.timeout(PATIENCE):
            steps = await asyncio.gather(*map(asyncio.wrap_future, answers))
    except TimeoutError:
        raise Refused(TOO_SLOW) from None
    found = [step for step in steps if step is not None]
    return max(found) if len(found) == len(steps) else None


def _one(run: str, spec: RunSpec, step: int, values: Values) -> Amended:
    return {run: with_change(spec, step, values)}, None


def _all(runs: Sequence[str], spec: StudySpec, step: int, values: Values) -> Amended:
    changed = spec.model_copy(update={"base": with_change(spec.base, step, values)})
    return dict(zip(runs, plan(changed), strict=True)), changed
