"""What is under way: where each run stands, who follows, and which twins are held together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.executors.base import ENDED, Executor, State
from app.live import Live, Standing
from app.runs.archive import standing
from app.runs.pair import Pair, Stand
from app.runs.writer import Taken


@dataclass(slots=True)
class Active:
    """A run under way. ``broken``: it failed since it could not be kept, nor yet that it failed."""

    study: str | None
    state: State = State.QUEUED
    step: int = 0
    last_seq: int = -1
    place: int | None = None
    reason: str | None = None
    broken: bool = False


class Desk:
    """Everything that only the event loop may touch: it hears what is committed, and tells it."""

    def __init__(self, executor: Executor, live: Live) -> None:
        self._executor = executor
        self._live = live
        self._active: dict[str, Active] = {}
        self._pairs: dict[str, Pair] = {}  # by study
        self._broken: dict[str, str] = {}  # few, and kept: who reads may be late

    def begin(
        self, runs: Iterable[str], study: str | None = None, pair: Pair | None = None
    ) -> None:
        """These runs now wait."""
        for run in runs:
            active = self._active[run] = Active(study)
            self._live.open(run, _standing(run, active))
        if study is not None and pair is not None:
            self._pairs[study] = pair

    def forget(self, runs: Iterable[str]) -> None:
        """These runs are deleted."""
        studies = set()
        for run in runs:
            self._live.forget(run)
            self._broken.pop(run, None)
            studies.add(self._end(run))
        self._settle(studies)

    def pair(self, study: str | None) -> Pair | None:
        """The twins of this study, if it has some under way."""
        return None if study is None else self._pairs.get(study)

    def stands(self, study: str) -> dict[str, Stand]:
        """Where those of a study's runs stand that have not ended."""
        return {
            run: Stand(active.state, active.step)
            for run, active in self._active.items()
            if active.study == study and not active.broken
        }

    def place(self, run: str) -> int | None:
        """The run's place in the queue, from 1."""
        active = self._active.get(run)
        return active.place if active else None

    def broken(self, run: str) -> str | None:
        """Why the run failed, if it is one of those of which the store may not know yet."""
        return self._broken.get(run)

    def committed(self, taken: Taken) -> None:
        """This is in the store now."""
        moved: dict[str, None] = {}
        for batch in taken.batches:
            active = self._active.get(batch.run)
            if active is None:
                continue  # deleted meanwhile
            self._live.announce(batch.run, batch.first_seq, batch.events)
            active.last_seq = batch.last_seq
            active.step = max(active.step, batch.step)
            if batch.ending is not None:
                active.state, active.reason, active.broken = batch.ending, batch.reason, False
                moved[batch.run] = None
        for move in taken.moves.values():
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

    def seat(self) -> None:
        """Look at the queue again: whose place has changed hears of it."""
        places = {run: place for place, run in enumerate(self._executor.queue(), 1)}
        for run, active in self._active.items():
            place = places.get(run) if active.state is State.QUEUED else None
            if place != active.place:
                active.place = place
                self._live.stand(run, _standing(run, active))

    def _tell(self, moved: Sequence[str]) -> None:
        if not moved:
            return
        studies = set()
        for run in moved:
            active = self._active[run]
            active.place = active.place if active.state is State.QUEUED else None
            self._live.stand(run, _standing(run, active))
            studies.add(active.study)
            if active.state in ENDED and not active.broken:
                self._end(run)
        self._settle(studies)

    def _settle(self, studies: Iterable[str | None]) -> None:
        self.seat()
        for study in studies:
            if study is not None and study in self._pairs:
                self._pairs[study].settle(self._executor, self.stands(study))

    def _end(self, run: str) -> str | None:
        active = self._active.pop(run, None)
        if active is None:
            return None
        if active.study in self._pairs and not self.stands(active.study):
            del self._pairs[active.study]
        return active.study


def _standing(run: str, active: Active) -> Standing:
    return standing(
        run,
        active.state,
        active.step,
        last_seq=active.last_seq,
        place=active.place,
        reason=active.reason,
    )
