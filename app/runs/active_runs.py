"""The runs that have not ended: their states, their outlooks, and which twins are paired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from app.executors.base import ENDED, Executor, State
from app.live import Live, StateMessage
from app.runs.async_store import state_message
from app.runs.forecast import forecast
from app.runs.pace import Paces
from app.runs.pair import Pair, Progress
from app.runs.views import NO_OUTLOOK, Outlook
from app.runs.writer import Writes
from app.spec import RunSpec

NOTICE = 30  # seconds: as often is it said again how soon a paused run is to make room


@dataclass(slots=True)
class ActiveRun:
    """A run that has not ended. ``broken``: it failed, and the store could not be told yet.

    ``spec``: what is trained; None of an analysis, whose pace nothing tells.
    """

    study: str | None
    spec: RunSpec | None
    state: State = State.QUEUED
    step: int = 0
    last_seq: int = -1
    outlook: Outlook = NO_OUTLOOK
    reason: str | None = None
    broken: bool = False


class ActiveRuns:
    """The runs that have not ended; only the event loop may touch them.

    Hears what is committed to the store, and tells ``live``.
    """

    def __init__(self, executor: Executor, live: Live) -> None:
        self._executor = executor
        self._live = live
        self._active: dict[str, ActiveRun] = {}
        self._pairs: dict[str, Pair] = {}  # by study
        self._broken: dict[str, str] = {}  # few, and kept: who reads may be late
        self._paces = Paces()

    def begin(
        self, runs: Mapping[str, RunSpec | None], study: str | None = None, pair: Pair | None = None
    ) -> None:
        """Add runs that now wait for a worker."""
        for run, spec in runs.items():
            active = self._active[run] = ActiveRun(study, spec)
            self._live.open(run, _state_message(run, active))
        if study is not None and pair is not None:
            self._pairs[study] = pair

    def amend(self, specs: Mapping[str, RunSpec]) -> None:
        """These runs go on with other specs."""
        for run in specs.keys() & self._active.keys():
            self._active[run].spec = specs[run]

    def forget(self, runs: Iterable[str]) -> None:
        """These runs are deleted."""
        studies = set()
        for run in runs:
            self._live.forget(run)
            self._broken.pop(run, None)
            studies.add(self._end(run))
        self._align(studies)

    def pair(self, study: str | None) -> Pair | None:
        """The twins of this study, if it has some under way."""
        return None if study is None else self._pairs.get(study)

    def progress(self, study: str) -> dict[str, Progress]:
        """State and step of each run of the study that has not ended."""
        return {
            run: Progress(active.state, active.step)
            for run, active in self._active.items()
            if active.study == study and not active.broken
        }

    def outlook(self, run: str) -> Outlook:
        """What the run waits for, and when it is to make room."""
        active = self._active.get(run)
        return active.outlook if active else NO_OUTLOOK

    def broken(self, run: str) -> str | None:
        """Why the run failed, if it is one of those of which the store may not know yet."""
        return self._broken.get(run)

    def committed(self, writes: Writes) -> None:
        """This is in the store now."""
        moved: dict[str, None] = {}
        for batch in writes.batches:
            active = self._active.get(batch.run)
            if active is None:
                continue  # deleted meanwhile
            self._live.announce(batch.run, batch.first_seq, batch.events)
            active.last_seq = batch.last_seq
            active.step = max(active.step, batch.step)
            self._paces.reached(batch.run, batch.step)
            if batch.ending is not None:
                active.state, active.reason, active.broken = batch.ending, batch.reason, False
                moved[batch.run] = None
        for move in writes.moves.values():
            active = self._active.get(move.run)
            if active is not None and active.state not in ENDED:
                active.state, active.step = State(move.state), max(active.step, move.step)
                moved[move.run] = None
        self._tell(list(moved))

    def broke(self, run: str, reason: str) -> None:
        """The run's events could not be kept: it has failed, though the store can't say so yet."""
        active = self._active.get(run)
        if active is not None:
            active.state, active.reason, active.broken = State.FAILED, reason, True
            self._broken[run] = reason
            self._tell([run])

    def update_outlooks(self) -> None:
        """Look at the queue again, and tell the outlooks that have changed."""
        queue = self._executor.queue()
        training = [run for run, one in self._active.items() if one.state is State.RUNNING]
        waits = forecast(queue, [self._paces.left(run) for run in training], self._needed)
        for run, active in self._active.items():
            outlook = NO_OUTLOOK
            if active.state is State.QUEUED and run in waits:
                outlook = Outlook(waits=waits[run])
            elif active.state is State.PAUSED and run in queue.ending:
                outlook = Outlook(ends_in=NOTICE * ceil(queue.ending[run] / NOTICE))
            if outlook != active.outlook:
                active.outlook = outlook
                self._live.set_state(run, _state_message(run, active))

    def _needed(self, run: str) -> float | None:
        active = self._active.get(run)
        return self._paces.needed(active.spec) if active and active.spec else None

    def _tell(self, moved: Sequence[str]) -> None:
        if not moved:
            return
        studies = set()
        for run in moved:
            active = self._active[run]
            active.outlook = active.outlook if active.state is State.QUEUED else NO_OUTLOOK
            if active.spec:
                self._paces.moved(run, active.spec, active.state)
            self._live.set_state(run, _state_message(run, active))
            studies.add(active.study)
            if active.state in ENDED and not active.broken:
                self._end(run)
        self._align(studies)

    def _align(self, studies: Iterable[str | None]) -> None:
        self.update_outlooks()
        for study in studies:
            if study is not None and study in self._pairs:
                self._pairs[study].align(self._executor, self.progress(study))

    def _end(self, run: str) -> str | None:
        active = self._active.pop(run, None)
        self._paces.forget(run)
        if active is None:
            return None
        if active.study in self._pairs and not self.progress(active.study):
            del self._pairs[active.study]
        return active.study


def _state_message(run: str, active: ActiveRun) -> StateMessage:
    return state_message(
        run,
        active.state,
        active.step,
        last_seq=active.last_seq,
        reason=active.reason,
        outlook=active.outlook,
    )
