"""Runs that are each paused for a moment, against the same runs undisturbed."""

from __future__ import annotations

from queue import SimpleQueue
from statistics import median
from threading import Timer
from time import perf_counter

from app.executors.base import Action, Batch, Job, Refused, State, Task
from app.executors.local import LocalExecutor
from app.spec import RunSpec
from benchmarks.measurement import Measurement
from models.families import net_spec

WORKERS = 2
RUNS = 12
MOMENT = 0.05  # seconds


def measure(quick: bool) -> list[Measurement]:
    """One engine, warm, in turns; from asking for the runs to the end of the last."""
    steps, rounds = (20, 1) if quick else (500, 3)
    spec = RunSpec(net=net_spec(family="mlp", depth=8, width=16), steps=steps)
    crowd = Crowd()
    try:
        crowd.train([spec.model_copy(update={"steps": 2})] * WORKERS, paused=False)
        times: dict[bool, list[float]] = {True: [], False: []}
        for number in range(rounds):
            for paused in (True, False) if number % 2 else (False, True):
                times[paused].append(crowd.train([spec] * RUNS, paused=paused))
    finally:
        crowd.engine.close()
    disturbed, calm = median(times[True]), median(times[False])
    return [
        Measurement(
            f"{RUNS} runs, each paused for {1000 * MOMENT:.0f} ms / undisturbed",
            disturbed / calm,
            1.10,
            "x",
            f"{disturbed:.1f} / {calm:.1f} s, {steps} steps, {WORKERS} workers, "
            f"median of {rounds}; {crowd.pauses} of {rounds * RUNS} paused, "
            f"{crowd.came} processes in all",
        )
    ]


class Crowd:
    """An engine and its sink: pauses each run as soon as it has said something, if it is to."""

    def __init__(self) -> None:
        self.engine = LocalExecutor(WORKERS, describer=None)
        self._ended: SimpleQueue[str] = SimpleQueue()
        self._to_pause: set[str] = set()
        self._seen: set[int] = set()
        self._paused: SimpleQueue[str] = SimpleQueue()
        self.engine.start(self)

    @property
    def came(self) -> int:
        """How many worker processes there have been."""
        return len(self._seen)

    @property
    def pauses(self) -> int:
        """How many runs have been paused: who ended before the order came was not."""
        return self._paused.qsize()

    def train(self, specs: list[RunSpec], *, paused: bool) -> float:
        """Seconds until all of them have ended."""
        began = perf_counter()
        runs = [f"{began}-{number}" for number in range(len(specs))]
        if paused:
            self._to_pause |= set(runs)
        for run, spec in zip(runs, specs, strict=True):
            self.engine.submit(Job((Task(run, spec),)))
        for _ in runs:
            self._ended.get()
        return perf_counter() - began

    def moved(self, run: str, state: State, step: int) -> None:
        """Go on in a moment."""
        self._seen |= set(self.engine.pids())
        if state is State.PAUSED:
            self._paused.put(run)
            Timer(MOMENT, self._order, (run, Action.RESUME)).start()

    def received(self, batch: Batch) -> None:
        """Pause who has begun to train."""
        if batch.run in self._to_pause and batch.step:
            self._to_pause.discard(batch.run)
            self._order(batch.run, Action.PAUSE)
        if batch.ending:
            self._ended.put(batch.run)

    def _order(self, run: str, action: Action) -> None:
        try:
            self.engine.control(run, action)
        except Refused:  # it ended meanwhile
            return
