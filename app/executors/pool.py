"""The workers that train, and who gets one when."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from app.events import Failed, Stopped
from app.executors.base import Action, Batch, Job, Refused, Sink, State
from app.executors.line import Line
from app.executors.messages import Act, Align, Moved, News, Ready, Setup, Train, Unable
from app.executors.post import Post
from app.executors.recorder import Ending
from app.executors.starts import Starts
from app.executors.ticket import Ticket
from app.spec import RunSpec

SUBSTITUTES = 4  # at most so many workers more, while as many are kept by paused runs

log = logging.getLogger(__name__)


class Pool:
    """Keeps ``size`` workers warm and gives them runs.

    One thread a worker hears it and tells the sink; one lock guards who does what, and is never
    held while the sink is told. A paused run keeps its worker, and a substitute takes its place.
    ``grace``: seconds a worker has to obey a stop before it is killed. ``parked_limit``: seconds
    a run may stay paused while nobody needs its worker. ``tidy`` is given the spec of each run
    that ends because its worker died, and may take a moment.
    """

    def __init__(
        self,
        size: int,
        setup: Setup,
        sink: Sink,
        *,
        grace: float,
        parked_limit: float,
        tidy: Callable[[RunSpec], None],
    ) -> None:
        self._size = size
        self._setup = setup
        self._sink = sink
        self._grace = grace
        self._parked_limit = parked_limit
        self._tidy = tidy
        self._lock = Lock()
        self._line = Line()
        self._tickets: dict[str, Ticket] = {}  # of each run that has not ended
        self._at: dict[str, Post] = {}  # where each of these is trained, if it is
        self._posts: set[Post] = set()
        self._leaving: set[Post] = set()  # their workers are gone, and that is being told
        self._devices: tuple[str, ...] | None = None
        self._starts = Starts()
        self._closing = False
        # Tells the endings of runs without a worker: there the sink may block nobody else.
        self._clerk = ThreadPoolExecutor(1, thread_name_prefix="clerk")
        with self._lock:
            self._balance()

    def submit(self, job: Job) -> None:
        """Queue the job.

        Raises:
            Refused: the pool is closing, or holds one of these runs already.
        """
        tickets = {task.run: Ticket(task, job, 0 if job.paused else None) for task in job.tasks}
        with self._lock:
            if self._closing:
                raise Refused("the engine is closing")
            if not self._tickets.keys().isdisjoint(tickets):
                raise Refused("the engine holds this run already")
            self._tickets |= tickets
            self._line.join(tickets.values())
            self._starts.try_again()
            self._balance()

    def control(self, run: str, action: Action) -> None:
        """Act on a run that has not ended.

        Raises:
            Refused: it has ended, or never was here.
        """
        with self._lock:
            if run not in self._tickets:
                raise Refused("the engine does not hold this run")
            ticket = self._tickets[run]
            if run not in self._at:
                self._control_waiting(ticket, action)
            elif action is Action.STOP:
                self._stop(ticket)
            else:
                self._at[run].order(Act(run, action))

    def align(self, runs: Sequence[str], step: int) -> None:
        """Let each of these paused runs go on until ``step`` steps are done."""
        with self._lock:
            for run in self._at.keys() & set(runs):
                self._at[run].order(Align(run, step))

    def queue(self) -> list[str]:
        """The runs that wait for a worker, in order."""
        with self._lock:
            return [ticket.task.run for ticket in self._line.tickets()]

    def devices(self) -> tuple[str, ...] | None:
        """What the workers can compute on; None until one has told."""
        with self._lock:
            return self._devices

    def pids(self) -> list[int]:
        """The workers' processes."""
        with self._lock:
            return [post.pid for post in self._posts if post.pid]

    def close(self) -> None:
        """Stop every run; returns when every ending is told and no worker is left."""
        with self._lock:
            self._closing = True
            for ticket in self._line.clear():
                self._end_waiting(ticket, Stopped)
            for run in self._at:
                self._stop(self._tickets[run])
            posts = list(self._posts)
            for post in posts:
                if post.run is None:
                    post.dismiss()
            posts += self._leaving
        for post in posts:
            post.join()
        self._clerk.shutdown()

    # --- What a worker's thread calls.

    def _heard(self, post: Post, news: News) -> None:
        match news:
            case Ready(devices=devices):
                with self._lock:
                    self._devices = devices
                    post.ready = True
                    self._starts.succeeded()
                    self._balance()
            case Unable(reason=reason):
                with self._lock:
                    self._starts.said(reason)
            case Moved(run=run, state=state, step=step):
                with self._lock:
                    self._note_move(self._tickets[run], state, step)
                self._sink.moved(run, state, step)
            case Batch(run=run, ending=None):
                with self._lock:
                    self._tickets[run].received(news)
                self._sink.received(news)
            case Batch(run=run):
                with self._lock:
                    self._forget(run)
                self._sink.received(news)
                with self._lock:
                    self._release(post)

    def _lost(self, post: Post, how: str) -> None:
        with self._lock:
            self._posts.discard(post)
            self._leaving.add(post)
            if not post.ready and not post.dismissed:
                self._starts.failed(how)
            ticket = self._tickets[post.run] if post.run in self._at else None
            ending = self._end_lost(ticket, how) if ticket else None
            self._balance()
        if ticket and ending:
            try:
                self._tidy(ticket.task.spec)
            except Exception:
                log.exception("what a lost worker left could not be taken away")
            self._sink.received(ending)
        with self._lock:
            self._leaving.discard(post)

    # --- What follows is done with the lock held.

    @property
    def _parked(self) -> int:
        return sum(ticket.parked for ticket in self._tickets.values())

    @property
    def _wanted(self) -> int:
        """How many workers there should be."""
        return self._size + min(self._parked, SUBSTITUTES)

    def _balance(self) -> None:
        """Employ as many workers as are wanted, and give the free ones runs."""
        if self._closing:
            return
        while len(self._posts) < self._wanted and not self._starts.given_up:
            self._posts.add(Post(self._setup, self._heard, self._lost))
        if not self._posts:
            for ticket in self._line.clear():
                self._end_waiting(ticket, Failed, f"no worker can start: {self._starts.complaint}")
        reachable = len(self._posts) if self._starts.given_up else self._wanted
        idle = [post for post in self._posts if post.ready and post.run is None]
        training = len(self._at) - self._parked
        for ticket in self._line.take(
            free=min(len(idle), self._size - training),
            room=max(1, min(self._size, reachable - self._parked)),
        ):
            post = idle.pop()
            post.run = ticket.task.run
            self._at[post.run] = post
            post.order(Train(ticket.task, hold_at=ticket.hold_at))
        if self._line.urgent() and all(self._rests(post) for post in self._posts):
            self._make_room()

    def _rests(self, post: Post) -> bool:
        """Whether the worker is kept by a paused run, and nothing will end that."""
        ticket = self._tickets.get(post.run or "")
        return ticket is not None and ticket.parked and not ticket.stopping

    def _make_room(self) -> None:
        """Every worker is kept by a paused run: the job longest at rest gives its own back."""
        parked = [ticket for ticket in self._tickets.values() if ticket.parked]
        job = min(parked, key=lambda ticket: ticket.since).job
        for ticket in parked:
            if ticket.job is job:
                self._stop(ticket, "paused while others waited")

    def _release(self, post: Post) -> None:
        """The worker's run is over: it takes another, or goes where more than enough are left."""
        post.run = None
        if self._closing or len(self._posts) > self._wanted:
            self._posts.discard(post)
            post.dismiss()
        self._balance()

    def _forget(self, run: str) -> Ticket:
        self._at.pop(run, None)
        ticket = self._tickets.pop(run)
        ticket.cancel()
        return ticket

    def _control_waiting(self, ticket: Ticket, action: Action) -> None:
        match action:
            case Action.STOP:
                self._line.leave(ticket)
                self._end_waiting(ticket, Stopped)
            case Action.PAUSE if ticket.hold_at is None:
                ticket.hold_at = 0
            case Action.RESUME:
                ticket.hold_at = None
            case Action.STEP if ticket.hold_at is not None:
                ticket.hold_at += 1
        self._balance()

    def _stop(self, ticket: Ticket, reason: str | None = None) -> None:
        if not ticket.stopping:
            ticket.stopping, ticket.reason = True, reason
            self._at[ticket.task.run].order(Act(ticket.task.run, Action.STOP, reason))
            ticket.after(self._grace, self._kill)

    def _note_move(self, ticket: Ticket, state: State, step: int) -> None:
        ticket.moved(state, step)
        if not ticket.stopping:
            if ticket.parked:
                ticket.after(self._parked_limit, self._evict)
            else:
                ticket.cancel()
        self._balance()

    def _end_waiting(self, ticket: Ticket, kind: type[Ending], reason: str | None = None) -> None:
        self._forget(ticket.task.run)
        self._clerk.submit(self._sink.received, ticket.ending(kind, reason))

    def _end_lost(self, ticket: Ticket, how: str) -> Batch | None:
        """What becomes of a run whose worker is gone; None: it waits for another."""
        if ticket.stopping:
            return self._forget(ticket.task.run).ending(Stopped, ticket.reason)
        if ticket.begun:
            return self._forget(ticket.task.run).ending(Failed, f"the worker died ({how})")
        del self._at[ticket.task.run]
        self._line.rejoin(ticket)
        return None

    # --- What timers call.

    def _kill(self, ticket: Ticket) -> None:
        """The worker did not obey in time."""
        with self._lock:
            if ticket is self._tickets.get(ticket.task.run):
                self._at[ticket.task.run].kill()

    def _evict(self, ticket: Ticket) -> None:
        """The run kept its worker for too long."""
        with self._lock:
            if ticket is self._tickets.get(ticket.task.run) and ticket.parked:
                self._stop(ticket, f"paused for more than {self._parked_limit / 60:g} minutes")
