"""The service: what the web, and whoever else, can do with runs and studies."""

from __future__ import annotations

import asyncio
import base64
import logging
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from app.executors.base import ENDED, Action, Batch, Executor, Refused, State, Task
from app.executors.jobs import jobs
from app.live import Live
from app.mistakes import BadField
from app.runs.desk import Desk
from app.runs.errors import NotNow, NotOwner
from app.runs.pair import Pair, stop, tell
from app.runs.reading import Reading
from app.runs.views import Run, Study
from app.runs.writer import Taken, Writer
from app.spec import RunSpec
from app.store.records import Move, NewRun, NewStudy, RunRow, StudyRow
from app.store.store import Store
from app.studies.registry import STUDIES, plan
from app.studies.spec import StudySpec, look

log = logging.getLogger(__name__)


class Runs(Reading):
    """Joins engine, store and live. Its coroutines belong to the server's loop.

    It is the engine's sink: ``moved`` and ``received`` come from the engine's threads. Everything
    that asks the store may raise ``Unavailable``.
    """

    def __init__(self, executor: Executor, store: Store, live: Live) -> None:
        super().__init__(store, live, Desk(executor, live))
        self._executor = executor
        self._writer = Writer(store, self._committed, self._broke)
        self._describing = ThreadPoolExecutor(4, thread_name_prefix="describe")
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def trouble(self) -> str | None:
        """Why the store did not take what was to be written last, or None where it did."""
        return self._writer.trouble

    async def start(self) -> None:
        """Start the writer, and the engine in the background."""
        self._loop = asyncio.get_running_loop()
        self._live.attach(self._archive)
        self._writer.start()
        self._executor.start(self)

    async def close(self) -> None:
        """Stop every run, and write what they said last."""
        await asyncio.to_thread(self._executor.close)
        await asyncio.to_thread(self._writer.close)
        await asyncio.sleep(0)  # so that what was written last is told
        self._archive.close()
        self._describing.shutdown()

    # The engine's threads.

    def moved(self, run: str, state: State, step: int) -> None:
        """The run is running or paused."""
        self._writer.move(Move(run, state, step))

    def received(self, batch: Batch) -> None:
        """The run said something; blocks while too much of it waits to be written."""
        self._writer.put(batch)

    # The writer's thread.

    def _committed(self, taken: Taken) -> None:
        self._call(lambda: self._desk.committed(taken))

    def _broke(self, run: str, reason: str) -> None:
        stop(self._executor, [run])
        self._call(lambda: self._desk.broke(run, reason))

    def _call(self, act: Callable[[], None]) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(act)
        except RuntimeError:
            log.info("the loop is closed: nobody is there to hear")

    # The loop.

    async def create_run(self, spec: RunSpec, owner: str, *, paused: bool = False) -> Run:
        """Queue a run; ``paused`` holds it before its first step.

        Raises:
            BadField: this machine lacks what it needs (see ``RunSpec.look``).
            Refused: the server is closing.
        """
        await asyncio.to_thread(spec.look, self._executor.devices())
        run = new_id()
        self._desk.begin([run])
        await self._submit(None, [(run, spec)], owner, paused)
        return await self.run(run, viewer=owner)

    async def create_study(self, spec: StudySpec, owner: str, *, paused: bool = False) -> Study:
        """Queue a study's runs: twins together, others one by one in the order of the plan.

        Raises:
            BadField: it is to be held, and can't be stepped; or this machine lacks what its runs
                need (see ``RunSpec.look``).
            Refused: the server is closing.
        """
        together = STUDIES[spec.study].together
        if paused and not together:
            raise BadField("paused", "is for twins, which are stepped by hand", "allowed: false")
        await asyncio.to_thread(look, spec, self._executor.devices())
        study = NewStudy(new_id(), spec.study, spec.model_dump_json(), owner)
        runs = [(new_id(), run) for run in plan(spec)]
        pair = Pair(held=paused) if together else None
        self._desk.begin([run for run, _ in runs], study.id, pair)
        await self._submit(study, runs, owner, paused)
        return await self.study(study.id, viewer=owner)

    async def _submit(
        self,
        study: NewStudy | None,
        runs: Sequence[tuple[str, RunSpec]],
        owner: str,
        paused: bool,
    ) -> None:
        ids = [run for run, _ in runs]
        new = [NewRun(run, spec.model_dump_json(), owner) for run, spec in runs]
        tasks = [Task(run, spec) for run, spec in runs]
        try:
            await self._archive.do(self._store.add, new, study)
        except BaseException:
            self._desk.forget(ids)
            raise
        try:
            for job in jobs(study.kind if study else None, tasks, paused=paused):
                self._executor.submit(job)
        except Refused:
            stop(self._executor, ids)
            self._desk.forget(ids)
            for run in ids:
                await self._archive.do(self._store.delete_run, run)
            raise
        self._desk.seat()

    async def control_run(self, run: str, action: Action, owner: str) -> Run:
        """Act on a run.

        Raises:
            NotFound: there is none.
            NotOwner: somebody else started it.
            NotNow: it has ended.
        """
        row = await self._row(run)
        _owned(row, owner)
        state = State.FAILED if self._desk.broken(run) else State(row.state)
        if state in ENDED:
            raise NotNow(f"This run is over: {state}.")
        if pair := self._desk.pair(row.study):
            pair.release()
        try:
            tell(self._executor, [run], action)
        except Refused as error:
            raise NotNow("This run has just ended.") from error
        self._desk.seat()
        return await self.run(run, viewer=owner)

    async def control_study(self, study: str, action: Action, owner: str) -> Study:
        """Act on all runs of a study that have not ended; twins pause at one step and step by one.

        Raises:
            NotFound: there is none.
            NotOwner: somebody else started it.
            NotNow: all its runs have ended, or it can't be stepped.
        """
        row, _ = await self._study_rows(study)
        _owned(row, owner)
        stands = self._desk.stands(study)
        if not stands:
            raise NotNow("All runs of this study are over.")
        pair = self._desk.pair(study)
        try:
            if pair is not None:
                pair.order(self._executor, action, stands)
            elif action is Action.STEP:
                raise NotNow("Only twins can be stepped together.")
            else:
                tell(self._executor, list(stands), action)
        except Refused as error:
            raise NotNow("The runs of this study have just ended.") from error
        self._desk.seat()
        return await self.study(study, viewer=owner)

    async def delete_run(self, run: str, owner: str) -> None:
        """Delete all of the run and stop it.

        In this order: whoever follows it must not hear that it stopped, and where the store can't
        delete, nothing is lost.

        Raises:
            NotFound: there is none.
            NotOwner: somebody else started it.
        """
        _owned(await self._row(run), owner)
        await self._archive.do(self._store.delete_run, run)
        self._drop([run])

    async def delete_study(self, study: str, owner: str) -> None:
        """Delete all of the study's runs and stop them, as one run is.

        Raises:
            NotFound: there is none.
            NotOwner: somebody else started it.
        """
        row, rows = await self._study_rows(study)
        _owned(row, owner)
        await self._archive.do(self._store.delete_study, study)
        self._drop([run.id for run in rows])

    def _drop(self, runs: Sequence[str]) -> None:
        """Stop and forget what the store no longer has, nor takes anything of."""
        stop(self._executor, runs)
        self._desk.forget(runs)

    async def describe(self, spec: RunSpec) -> dict[str, Any]:
        """What training this would use and show at step 0; nothing is stored.

        Raises:
            BadField: it can't be built, or does not fit.
            Refused: nobody can answer now.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._describing, self._executor.describe, spec)

    async def samples(self, data: str, count: int) -> dict[str, Any]:
        """The test examples that a run on this data set asks, to be shown.

        Raises:
            BadField: the data set is not there.
            Refused: nobody can answer now.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._describing, self._executor.samples, data, count)


def new_id() -> str:
    """Ten letters and digits that nobody guesses: 50 bits in base32, lower case."""
    return base64.b32encode(secrets.token_bytes(7)).decode().lower()[:10]


def _owned(row: RunRow | StudyRow, owner: str) -> None:
    if row.owner != owner:
        raise NotOwner("Only the browser that started it may do this.")
