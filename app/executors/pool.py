"""The workers that train, and who gets one when."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Lock

from app.executors import sizing
from app.executors.base import Action, Batch, Job, Queue, Refused, Sink, State
from app.executors.job_queue import JobQueue
from app.executors.messages import (
    Act,
    Align,
    Amend,
    Interrupt,
    Keeping,
    Moved,
    News,
    Ready,
    Reserved,
    Setup,
    Train,
    Unable,
)
from app.executors.paused_runs import PausedRuns
from app.executors.reasons import MADE_ROOM
from app.executors.reservations import Reservations
from app.executors.scheduled_run import ScheduledRun
from app.executors.timeouts import Timeouts
from app.executors.worker_handle import WorkerHandle
from app.executors.worker_set import WorkerSet
from app.spec import RunSpec

log = logging.getLogger(__name__)


class Pool:
    """Keeps ``size`` workers warm and gives them runs.

    One thread a worker hears it and tells the sink; one lock guards who does what, and is never
    held while the sink is told. A paused run keeps its worker; after a moment it yields: where
    others wait, a substitute takes its place. Where there can be no more of these, the job that
    was paused longest is given notice, and gives its workers up in the end. ``timeouts`` says
    after how long. ``tidy`` is given the spec of each run that ends because its worker died.
    """

    def __init__(
        self,
        size: int,
        setup: Setup,
        sink: Sink,
        *,
        timeouts: Timeouts,
        tidy: Callable[[RunSpec], None],
    ) -> None:
        self._size = size
        self._sink = sink
        self._timeouts = timeouts
        self._tidy = tidy
        self._lock = Lock()
        self._waiting = JobQueue()
        self._runs: dict[str, ScheduledRun] = {}  # of each run that has not ended
        self._worker_of: dict[str, WorkerHandle] = {}  # which trains it, if one does
        self._workers = WorkerSet(
            setup, self._heard, self._lost, self._trim, linger=timeouts.linger
        )
        self._paused = PausedRuns(timeouts, self._let_yield, self._evict)
        self._reservations = Reservations()
        self._devices: tuple[str, ...] | None = None
        self._closing = False
        # Tells the endings of runs without a worker: there the sink may block nobody else.
        self._ending_thread = ThreadPoolExecutor(1, thread_name_prefix="endings")
        with self._lock:
            self._balance()

    def submit(self, job: Job) -> None:
        """Queue the job.

        Raises:
            Refused: the pool is closing, or holds one of these runs already.
        """
        runs = {task.run: ScheduledRun(task, job, 0 if job.paused else None) for task in job.tasks}
        with self._lock:
            if self._closing:
                raise Refused("the engine is closing")
            if not self._runs.keys().isdisjoint(runs):
                raise Refused("the engine holds this run already")
            self._runs |= runs
            self._waiting.join(runs.values())
            self._workers.start_failures.try_again()
            self._balance()

    def control(self, run: str, action: Action, reason: str | None) -> None:
        """Act on a run that has not ended.

        Raises:
            Refused: it has ended, or never was here.
        """
        with self._lock:
            if run not in self._runs:
                raise Refused("the engine does not hold this run")
            entry = self._runs[run]
            if run not in self._worker_of:
                self._control_waiting(entry, action, reason)
            elif action is Action.STOP:
                self._end(entry, State.STOPPED, reason)
            else:
                self._worker_of[run].order(Act(run, action))

    def align(self, runs: Sequence[str], step: int) -> None:
        """Let each of these paused runs go on until ``step`` steps are done."""
        with self._lock:
            for run in self._worker_of.keys() & set(runs):
                self._worker_of[run].order(Align(run, step))

    def reserve(self, run: str) -> Future[int | None]:
        """Have the run stay before its next step; from which on it can be changed, None: nowhere.

        Raises:
            Refused: it has ended, or never was here.
        """
        with self._lock:
            if run not in self._runs:
                raise Refused("the engine does not hold this run")
            return self._reservations.open(run, self._worker_of.get(run))

    def amend(self, run: str, spec: RunSpec) -> None:
        """Let the run go on, with this spec; one that has ended meanwhile does not."""
        with self._lock:
            self._reservations.drop(run)
            if run in self._runs:
                entry = self._runs[run]
                entry.task = replace(entry.task, spec=spec)
            if run in self._worker_of:
                self._worker_of[run].order(Amend(run, spec))

    def queue(self) -> Queue:
        """Who waits for a worker, and who is to make room."""
        with self._lock:
            jobs = (tuple(entry.task.run for entry in job) for job in self._waiting.jobs())
            ending = {run: entry.notice for run, entry in self._runs.items() if entry.ends_at}
            parked = self._count(lambda entry: entry.parked)
            free = sizing.free(
                self._size, parked, len(self._worker_of) - parked, self._workers.most
            )
            return Queue(tuple(jobs), self._size, free, ending)

    def devices(self) -> tuple[str, ...] | None:
        """What the workers can compute on; None until one has told."""
        with self._lock:
            return self._devices

    def pids(self) -> list[int]:
        """The workers' processes."""
        with self._lock:
            return [worker.pid for worker in self._workers.current if worker.pid]

    def close(self) -> None:
        """Interrupt every run; returns when every ending is told and no worker is left."""
        with self._lock:
            self._closing = True
            for entry in self._waiting.clear():
                self._end_waiting(entry, State.INTERRUPTED)
            for run in self._worker_of:
                self._end(self._runs[run], State.INTERRUPTED)
            current = self._workers.close()
        for worker in current:
            worker.join()
        self._ending_thread.shutdown()

    # --- What a worker's thread calls.

    def _heard(self, worker: WorkerHandle, news: News) -> None:
        match news:
            case Ready(devices=devices):
                with self._lock:
                    self._devices = devices
                    worker.ready = True
                    self._workers.release(worker)
                    self._workers.start_failures.succeeded()
                    self._balance()
            case Unable(reason=reason):
                with self._lock:
                    self._workers.start_failures.reported(reason)
            case Moved(run=run, state=state, step=step):
                with self._lock:
                    self._note_move(self._runs[run], state, step)
                self._sink.moved(run, state, step)
            case Reserved():
                with self._lock:
                    self._reservations.answered(news)
            case Keeping(run=run):
                with self._lock:  # whatever was ordered: it is obeyed
                    self._runs[run].over = True
                    self._runs[run].after(self._timeouts.keeping, self._kill)
            case Batch(run=run, ending=None):
                with self._lock:
                    self._runs[run].received(news)
                self._sink.received(news)
            case Batch(run=run):
                with self._lock:
                    self._forget(run)
                self._sink.received(news)
                with self._lock:
                    self._release(worker)

    def _lost(self, worker: WorkerHandle, how: str) -> None:
        with self._lock:
            self._workers.lost(worker, how)
            entry = self._runs[worker.run] if worker.run in self._worker_of else None
            ending = self._end_lost(entry, how) if entry else None
            self._balance()
        if entry and ending:
            try:
                self._tidy(entry.task.spec)
            except Exception:
                log.exception("what a lost worker left could not be taken away")
            self._sink.received(ending)
        with self._lock:
            self._workers.leaving.discard(worker)

    # --- What follows is done with the lock held.

    def _balance(self) -> None:
        """Start as many workers as are wanted, and give the free ones runs."""
        if self._closing:
            return
        self._workers.start(self._wanted)
        if not self._workers.current:
            why = f"no worker can start: {self._workers.start_failures.complaint}"
            for entry in self._waiting.clear():
                self._end_waiting(entry, State.FAILED, why)
        idle = self._workers.idle()
        training = len(self._worker_of) - self._count(lambda entry: entry.yields)
        for entry in self._waiting.take(
            free=min(len(idle), self._size - training),
            room=sizing.room(
                self._size, self._count(lambda entry: entry.parked), self._workers.most
            ),
            spare=self._size - len(self._worker_of),
        ):
            worker = idle.pop()
            worker.run = entry.task.run
            self._worker_of[worker.run] = worker
            worker.order(Train(entry.task, hold_at=entry.hold_at))
            self._reservations.bring(worker.run, worker)
        parked = [one for one in self._runs.values() if one.parked and not one.stopping]
        full = all(self._is_kept(worker) for worker in self._workers.current)
        self._paused.give_notice(parked, needed=full and self._waiting.urgent() > 0)
        self._workers.trim(self._wanted)

    @property
    def _wanted(self) -> int:
        """How many workers there should be."""
        yielding = self._count(lambda entry: entry.yields)
        return sizing.wanted(self._size, yielding, len(self._worker_of) + self._waiting.urgent())

    def _count(self, holds: Callable[[ScheduledRun], bool]) -> int:
        return sum(map(holds, self._runs.values()))

    def _is_kept(self, worker: WorkerHandle) -> bool:
        """Whether a yielding run keeps the worker, and nothing will end that."""
        entry = self._runs.get(worker.run or "")
        return entry is not None and entry.yields and not entry.stopping

    def _release(self, worker: WorkerHandle) -> None:
        """The worker's run is over: it can take another."""
        self._workers.release(worker)
        if self._closing:
            self._workers.dismiss(worker)
        self._balance()

    def _forget(self, run: str) -> ScheduledRun:
        self._worker_of.pop(run, None)
        self._reservations.drop(run)
        entry = self._runs.pop(run)
        entry.cancel()
        return entry

    def _control_waiting(self, entry: ScheduledRun, action: Action, reason: str | None) -> None:
        match action:
            case Action.STOP:
                self._waiting.leave(entry)
                self._end_waiting(entry, State.STOPPED, reason)
            case Action.PAUSE if entry.hold_at is None:
                entry.hold_at = 0
            case Action.RESUME:
                entry.hold_at = None
            case Action.STEP if entry.hold_at is not None:
                entry.hold_at += 1
        self._balance()

    def _end(self, entry: ScheduledRun, state: State, reason: str | None = None) -> None:
        """Have its worker end it: stopped, or interrupted."""
        if not entry.stopping and not entry.over:
            run = entry.task.run
            entry.stopping, entry.reason = state, reason
            stop = state is State.STOPPED
            self._worker_of[run].order(Act(run, Action.STOP, reason) if stop else Interrupt(run))
            entry.after(self._timeouts.grace, self._kill)

    def _note_move(self, entry: ScheduledRun, state: State, step: int) -> None:
        self._paused.moved(entry, state, step)
        self._balance()

    def _end_waiting(self, entry: ScheduledRun, state: State, reason: str | None = None) -> None:
        self._forget(entry.task.run)
        self._ending_thread.submit(self._sink.received, entry.ending(state, reason))

    def _end_lost(self, entry: ScheduledRun, how: str) -> Batch | None:
        """What becomes of a run whose worker is gone; None: it waits for another."""
        if entry.stopping:
            return self._forget(entry.task.run).ending(entry.stopping, entry.reason)
        if entry.begun:
            return self._forget(entry.task.run).ending(
                State.FAILED, f"the worker process ended unexpectedly ({how})"
            )
        del self._worker_of[entry.task.run]
        self._waiting.rejoin(entry)
        return None

    # --- What timers call: the call may have been replaced or cancelled before the lock was had.

    def _let_yield(self, entry: ScheduledRun) -> None:
        """The run has been paused for a moment: others may train meanwhile."""
        with self._lock:
            if entry.due:
                entry.yields = True
                self._balance()

    def _evict(self, entry: ScheduledRun) -> None:
        """Its job kept workers that others waited for, and nobody went on with it."""
        with self._lock:
            if entry.due:
                for other in self._runs.values():
                    if other.job is entry.job and other.parked:
                        self._end(other, State.STOPPED, MADE_ROOM)

    def _kill(self, entry: ScheduledRun) -> None:
        """The worker did not obey in time."""
        with self._lock:
            if entry.due:
                self._worker_of[entry.task.run].kill()

    def _trim(self) -> None:
        """A worker more than are wanted has been idle for a while."""
        with self._lock:
            if not self._closing:
                self._workers.trim(self._wanted)
