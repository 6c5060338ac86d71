"""Twins held at one step, by an engine that a test leads."""

from __future__ import annotations

import pytest

from app.executors.base import Action, Batch, Job, State, Task
from app.runs.pair import Pair, Progress
from app.spec import RunSpec
from tests.app.scripted import Scripted


class Told:
    """Where the runs stand, as the engine told its sink."""

    def __init__(self) -> None:
        self.progress: dict[str, Progress] = {}

    def moved(self, run: str, state: State, step: int) -> None:
        """Called by the engine."""
        self.progress[run] = Progress(state, step)

    def received(self, batch: Batch) -> None:
        """Called by the engine; the events are of no interest here."""


@pytest.mark.parametrize("inertia", [{}, {"a": 2}, {"a": 1, "b": 4}])
def test_a_step_holds_twins_of_whom_nobody_told_yet_that_they_run(inertia: dict[str, int]) -> None:
    engine, told, pair = Scripted(inertia), Told(), Pair(held=True)
    engine.start(told)
    engine.submit(Job(tuple(Task(run, RunSpec()) for run in "ab"), paused=True))
    for run in "ab":
        engine.begin(run)
    before = dict(told.progress)
    pair.order(engine, Action.RESUME, before)
    pair.order(engine, Action.STEP, before)  # what they did since is not committed
    pair.align(engine, told.progress)
    step = max(1, *inertia.values(), 0)
    assert told.progress == {run: Progress(State.PAUSED, step) for run in "ab"}
