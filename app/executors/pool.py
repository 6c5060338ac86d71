"""The workers that train, and who gets one when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock

from app.executors.assignments import Assignments
from app.executors.base import Action, Batch, Job, Queue, Refused, Sink, State
from app.executors.endings import Endings
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
        self._sink = sink
        self._endings = Endings(sink, tidy)
        self._timeouts = timeouts
        self._lock = Lock()
        self._waiting = JobQueue()
        self._runs = Assignments(size)
        self._workers = WorkerSet(
            setup, self._heard, self._lost, self._trim, linger=timeouts.linger
        )
        self._paused = PausedRuns(timeouts, self._let_yield, self._evict)
        self._reservations = Reservations()
        self._devices: tuple[str, ...] | None = None
        self._closing = False
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
            self._runs.hold(runs)
            self._waiting.join(runs.values())
            self._workers.start_failures.try_again()
            self._balance()

    def control(self, run: str, action: Action, reason: str | None) -> None:
        """Act on a run that has not ended.

        Raises:
            Refused: it has ended, or never was here.
        """
        with self._lock:
            entry = self._runs[run]
            if self._runs.worker(run) is None:
                self._control_waiting(entry, action, reason)
            elif action is Action.STOP:
                self._end(entry, State.STOPPED, reason)
            else:
                self._runs.order(run, Act(run, action))

    def align(self, runs: Sequence[str], step: int) -> None:
        """Let each of these paused runs go on until ``step`` steps are done."""
        with self._lock:
            for run in set(runs):
                self._runs.order(run, Align(run, step))

    def reserve(self, run: str) -> Future[int | None]:
        """Have the run stay before its next step; from which on it can be changed, None: nowhere.

        Raises:
            Refused: it has ended, or never was here.
        """
        with self._lock:
            return self._reservations.open(run, self._runs.worker(run))

    def amend(self, run: str, spec: RunSpec) -> None:
        """Let the run go on, with this spec; one that has ended meanwhile does not."""
        with self._lock:
            self._reservations.drop(run)
            if run in self._runs:
                self._runs.amend(run, spec)
                self._runs.order(run, Amend(run, spec))

    def queue(self) -> Queue:
        """Who waits for a worker, and who is to make room."""
        with self._lock:
            jobs = (tuple(entry.task.run for entry in job) for job in self._waiting.jobs())
            ending = {entry.task.run: entry.notice for entry in self._runs if entry.ends_at}
            free = self._runs.free(self._workers.most)
            return Queue(tuple(jobs), self._runs.size, free, ending)

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
            for entry in self._runs.trained():
                self._end(entry, State.INTERRUPTED)
            current = self._workers.close()
        for worker in current:
            worker.join()
        self._endings.close()

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
                    self._paused.moved(self._runs[run], state, step)
                    self._balance()
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
            entry = self._runs.run_of(worker)
            ending = entry and entry.lost(how)
            if entry and ending:
                self._forget(entry.task.run)
            elif entry:
                self._runs.take(entry)
                self._waiting.rejoin(entry)
            self._balance()
        if entry and ending:
            self._endings.lost(ending, entry.task.spec)
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
        for entry in self._waiting.take(
            free=min(len(idle), self._runs.vacant()),
            room=self._runs.room(self._workers.most),
            spare=self._runs.spare(),
        ):
            worker = idle.pop()
            self._runs.give(entry, worker)
            reserve = self._reservations.of(entry.task.run)
            worker.order(Train(entry.task, entry.hold_at, reserve))
        parked = [one for one in self._runs if one.parked and not one.stopping]
        full = all(self._runs.keep(worker) for worker in self._workers.current)
        self._paused.give_notice(parked, needed=full and self._waiting.urgent() > 0)
        self._workers.trim(self._wanted)

    @property
    def _wanted(self) -> int:
        """How many workers there should be."""
        return self._runs.wanted(self._waiting.urgent())

    def _release(self, worker: WorkerHandle) -> None:
        """The worker's run is over: it can take another."""
        self._workers.release(worker)
        if self._closing:
            self._workers.dismiss(worker)
        self._balance()

    def _forget(self, run: str) -> None:
        self._reservations.drop(run)
        self._runs.forget(run)

    def _control_waiting(self, entry: ScheduledRun, action: Action, reason: str | None) -> None:
        if action is Action.STOP:
            self._waiting.leave(entry)
            self._end_waiting(entry, State.STOPPED, reason)
        else:
            entry.hold(action)
        self._balance()

    def _end(self, entry: ScheduledRun, state: State, reason: str | None = None) -> None:
        """Have its worker end it: stopped, or interrupted."""
        if not entry.stopping and not entry.over:
            run = entry.task.run
            entry.stopping, entry.reason = state, reason
            stop = state is State.STOPPED
            self._runs.order(run, Act(run, Action.STOP, reason) if stop else Interrupt(run))
            entry.after(self._timeouts.grace, self._kill)

    def _end_waiting(self, entry: ScheduledRun, state: State, reason: str | None = None) -> None:
        self._forget(entry.task.run)
        self._endings.waiting(entry.ending(state, reason))

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
                for other in self._runs:
                    if other.job is entry.job and other.parked:
                        self._end(other, State.STOPPED, MADE_ROOM)

    def _kill(self, entry: ScheduledRun) -> None:
        """The worker did not obey in time."""
        with self._lock:
            if entry.due and (worker := self._runs.worker(entry.task.run)):
                worker.kill()

    def _trim(self) -> None:
        """A worker more than are wanted has been idle for a while."""
        with self._lock:
            if not self._closing:
                self._workers.trim(self._wanted)
