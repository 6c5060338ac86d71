"""The service: what the web, and whoever else, can do with runs and studies."""

from __future__ import annotations

import asyncio
import base64
import logging
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.analyses.spec import ANALYSIS_SPEC, AnalysisSpec, Asked
from app.executors.base import Batch, Executor, Refused, State, Task
from app.executors.jobs import jobs
from app.executors.reasons import DELETED
from app.live import Live
from app.runs.controls import RunControls, owned
from app.runs.errors import NotFound, NotKept
from app.runs.pair import Pair, stop
from app.runs.views import Run, Study
from app.runs.writer import Writer, Writes
from app.spec import RunSpec
from app.store.networks import Networks
from app.store.records import Move, NewRun, NewStudy
from app.store.store import Store
from app.studies.registry import STUDIES, plan
from app.studies.spec import StudySpec, look
from app.validation import BadField

OUTLOOK_INTERVAL = 2.0  # seconds until the queue is looked at again where nothing happens

log = logging.getLogger(__name__)


class Runs(RunControls):
    """Joins engine, store and live. Its coroutines belong to the server's loop.

    It is the engine's sink: ``moved`` and ``received`` come from the engine's threads. Everything
    that asks the store may raise ``Unavailable``.
    """

    def __init__(self, executor: Executor, store: Store, live: Live, networks: Networks) -> None:
        super().__init__(executor, store, live, networks)
        self._writer = Writer(store, self._committed, self._broke)
        self._describing = ThreadPoolExecutor(4, thread_name_prefix="describe")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._updating: asyncio.Task[None] | None = None

    @property
    def trouble(self) -> str | None:
        """Why the store did not take what was to be written last, or None where it did."""
        return self._writer.trouble

    async def start(self) -> None:
        """Start the writer, and the engine in the background."""
        self._loop = asyncio.get_running_loop()
        self._live.attach(self._async_store)
        self._writer.start()
        await self._async_store.call(self._networks.clear, self._store.known)
        self._executor.start(self)
        self._updating = asyncio.create_task(self._update_outlooks())

    async def close(self) -> None:
        """Interrupt every run, and write what they said last."""
        if self._updating:
            self._updating.cancel()
        await asyncio.to_thread(self._executor.close)
        await asyncio.to_thread(self._writer.close)
        await asyncio.sleep(0)  # so that what was written last is told
        self._async_store.close()
        self._describing.shutdown()

    # The engine's threads.

    def moved(self, run: str, state: State, step: int) -> None:
        """The run is running or paused."""
        self._writer.move(Move(run, state, step))

    def received(self, batch: Batch) -> None:
        """The run said something; blocks while too much of it waits to be written."""
        if batch.ending is not None:
            self._networks.settle(batch.run)
        self._writer.put(batch)

    # The writer's thread.

    def _committed(self, writes: Writes) -> None:
        self._call(lambda: self._active.committed(writes))

    def _broke(self, run: str, reason: str) -> None:
        stop(self._executor, [run], reason)
        self._call(lambda: self._active.broke(run, reason))

    def _call(self, act: Callable[[], None]) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(act)
        except RuntimeError:
            log.info("the loop is closed: nobody is there to hear")

    # The loop.

    async def _update_outlooks(self) -> None:
        """What lies before who waits, or is to make room, changes though nothing happens."""
        while True:
            await asyncio.sleep(OUTLOOK_INTERVAL)
            try:
                self._active.update_outlooks()
            except Exception:
                log.exception("the queue could not be looked at; it is again in a moment")

    def waiting(self) -> list[str]:
        """The runs that wait for a worker, in order."""
        return self._executor.queue().runs

    async def create_run(self, spec: RunSpec, owner: str, *, paused: bool = False) -> Run:
        """Queue a run; ``paused`` holds it before its first step.

        Raises:
            BadField: this machine lacks what it needs (see ``RunSpec.look``).
            Refused: the server is closing.
        """
        await asyncio.to_thread(spec.look, self._executor.devices())
        run = new_id()
        self._active.begin({run: spec})
        await self._submit(None, [self._training(run, spec)], owner, paused)
        return await self.run(run, viewer=owner)

    async def create_analysis(self, asked: AnalysisSpec, owner: str) -> Run:
        """Queue an analysis of a run's network; it lives as a run does.

        Raises:
            BadField: there is no such run, or it has no network that could be asked this.
            Refused: the server is closing.
        """
        spec, trained, network = await self._asked(asked)
        asked = replace(asked, trained=trained)
        run = new_id()
        self._active.begin({run: None})
        task = Task(run, spec, asked=Asked(asked, network))
        await self._submit(None, [task], owner, paused=False)
        return await self.run(run, viewer=owner)

    async def _asked(self, asked: AnalysisSpec) -> tuple[RunSpec, int, Path]:
        """Spec, steps done and network of a run that is to be analysed."""
        of = asked.of
        allowed = "allowed: a run that was trained here and whose network is kept"
        try:
            run = await self.run(of)
        except NotFound as error:
            raise BadField("of", "there is no such run", allowed) from error
        if run.analysis is not None:
            raise BadField("of", "is an analysis itself", allowed)
        if run.result is not None and run.result.diverged:
            raise BadField("of", "diverged: its loss is not finite", allowed)
        if problem := asked.entry.unfit(run.spec):
            raise BadField("of", problem, "allowed: a network that this can be asked of")
        try:
            return run.spec, run.step, await self.network(of)
        except NotKept as error:
            raise BadField("of", str(error).removesuffix("."), allowed) from error

    async def create_study(self, spec: StudySpec, owner: str, *, paused: bool = False) -> Study:
        """Queue a study's runs: twins together, others one by one in the order of the plan.

        Raises:
            BadField: it is to be held, and can't be stepped; or this machine lacks what its runs
                need (see ``RunSpec.look``).
            Refused: the server is closing.
        """
        together = STUDIES[spec.study].together
        if paused and not together:
            raise BadField("paused", "is only for twins", "allowed: false")
        await asyncio.to_thread(look, spec, self._executor.devices())
        study = NewStudy(new_id(), spec.study, spec.model_dump_json(), owner)
        runs = [(new_id(), run) for run in plan(spec)]
        pair = Pair(held=paused) if together else None
        self._active.begin(dict(runs), study.id, pair)
        tasks = [self._training(*run) for run in runs]
        await self._submit(study, tasks, owner, paused)
        return await self.study(study.id, viewer=owner)

    def _training(self, run: str, spec: RunSpec) -> Task:
        return Task(run, spec, keep=self._networks.expect(run))

    async def _submit(
        self,
        study: NewStudy | None,
        tasks: Sequence[Task],
        owner: str,
        paused: bool,
    ) -> None:
        ids = [task.run for task in tasks]
        new = [_new(task, owner) for task in tasks]
        try:
            await self._async_store.call(self._store.add, new, study)
        except BaseException:
            self._active.forget(ids)
            self._networks.forget(ids)
            raise
        try:
            for job in jobs(study.kind if study else None, tasks, paused=paused):
                self._executor.submit(job)
        except Refused:
            self._drop(ids)
            for run in ids:
                await self._async_store.call(self._store.delete_run, run)
            raise
        self._active.update_outlooks()

    async def delete_run(self, run: str, owner: str) -> None:
        """Delete all of the run and stop it.

        In this order: whoever follows it must not hear that it stopped, and where the store can't
        delete, nothing is lost.

        Raises:
            NotFound: there is none.
            NotOwner: somebody else started it.
        """
        owned(await self._row(run), owner)
        await self._async_store.call(self._store.delete_run, run)
        self._drop([run])

    async def delete_study(self, study: str, owner: str) -> None:
        """Delete all of the study's runs and stop them, as one run is.

        Raises:
            NotFound: there is none.
            NotOwner: somebody else started it.
        """
        row, rows = await self._study_rows(study)
        owned(row, owner)
        await self._async_store.call(self._store.delete_study, study)
        self._drop([run.id for run in rows])

    def _drop(self, runs: Sequence[str]) -> None:
        """Stop and forget what the store no longer has, nor takes anything of."""
        self._networks.delete(runs)
        stop(self._executor, runs, DELETED)
        self._active.forget(runs)

    async def describe(self, spec: RunSpec) -> dict[str, Any]:
        """What training this would use and show at step 0; nothing is stored.

        Raises:
            BadField: it can't be built, or does not fit.
            Refused: nobody can answer now.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._describing, self._executor.describe, spec)

    async def samples(self, data: str, count: int, resize: int | None = None) -> dict[str, Any]:
        """The test examples that a run on this data set asks, to be shown.

        ``resize``: what one's own images are brought to.

        Raises:
            BadField: the data set is not there.
            Refused: nobody can answer now.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._describing, self._executor.samples, data, count, resize
        )


def new_id() -> str:
    """Ten letters and digits that nobody guesses: 50 bits in base32, lower case."""
    return base64.b32encode(secrets.token_bytes(7)).decode().lower()[:10]


def _new(task: Task, owner: str) -> NewRun:
    spec = task.spec.model_dump_json()
    if task.asked is None:
        return NewRun(task.run, spec, owner)
    return NewRun(task.run, spec, owner, ANALYSIS_SPEC.dump_json(task.asked.spec).decode())
