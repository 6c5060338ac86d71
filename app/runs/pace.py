"""How long runs take here, as measured while they train."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from time import monotonic

from app.executors.base import State
from app.spec import RunSpec

LEAST = 0.5  # seconds of training before a pace is worth telling
KEPT = 256  # kinds of run whose pace is remembered


@dataclass(slots=True)
class _Clock:
    """One run's own time: it stands still while the run is paused. In seconds."""

    spec: RunSpec
    before: float = 0.0
    since: float | None = None  # when it last went on; None: it stands
    step: int = 0
    at: float = 0.0  # the time of that step
    first: tuple[float, int] | None = None  # time and number of the first step that was told

    def time(self, now: float) -> float:
        return self.before + (0.0 if self.since is None else now - self.since)


class Paces:
    """Measures every run's seconds a step by the wall clock, evaluations included.

    ``clock``: seconds, of any origin.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._runs: dict[str, _Clock] = {}
        self._alike: OrderedDict[Hashable, float] = OrderedDict()  # seconds a step; oldest first

    def moved(self, run: str, spec: RunSpec, state: State) -> None:
        """The run goes on, pauses, or has ended."""
        now = self._clock()
        one = self._runs.setdefault(run, _Clock(spec))
        one.before = one.time(now)
        one.since = now if state is State.RUNNING else None
        if state is State.FINISHED and one.step == spec.steps:
            self._learn(spec, one.before / spec.steps)
        if state not in (State.RUNNING, State.PAUSED):
            del self._runs[run]

    def reached(self, run: str, step: int) -> None:
        """The run has done so many steps."""
        one = self._runs.get(run)
        if one is None or step <= one.step:
            return
        one.step, one.at = step, one.time(self._clock())
        if one.first is None:
            one.first = one.at, step
        elif (pace := _pace(one)) is not None and _kind(one.spec) not in self._alike:
            self._learn(one.spec, pace)

    def forget(self, run: str) -> None:
        """The run is not there any more."""
        self._runs.pop(run, None)

    def left(self, run: str) -> float | None:
        """Seconds that a run which trains still needs; None: nothing tells."""
        one = self._runs.get(run)
        if one is None:
            return None
        pace = _pace(one) or self._alike.get(_kind(one.spec))
        if pace is None:
            return None
        since = one.time(self._clock()) - one.at
        return max(0.0, (one.spec.steps - one.step) * pace - since)

    def needed(self, spec: RunSpec) -> float | None:
        """Seconds that such a run needs from its start; None: there was none like it."""
        pace = self._alike.get(_kind(spec))
        return None if pace is None else pace * spec.steps

    def _learn(self, spec: RunSpec, pace: float) -> None:
        kind = _kind(spec)
        self._alike[kind] = pace
        self._alike.move_to_end(kind)
        while len(self._alike) > KEPT:
            self._alike.popitem(last=False)


def _pace(one: _Clock) -> float | None:
    if one.first is None:
        return None
    began, step = one.first
    seconds = one.at - began
    return seconds / (one.step - step) if seconds >= LEAST else None


def _kind(spec: RunSpec) -> Hashable:
    """What a step's cost depends on."""
    return spec.net, spec.data, spec.batch_size, spec.every, spec.evaluate, spec.device
