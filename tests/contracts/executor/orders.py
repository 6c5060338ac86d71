"""What a person has a run do."""

from __future__ import annotations

from typing import Any

import pytest

from app.executors.base import Action, Refused, State
from tests.contracts.executor.lab import LONG, Lab, Labs
from tests.contracts.fake_training import Behaviour, spec
from tests.contracts.recording import timeless


class Orders(Labs):
    """Pause, resume, step, align and stop."""

    def test_pause_and_resume_change_nothing_of_what_is_said(self, lab: Lab) -> None:
        run = lab.start(steps=60)
        lab.engine.control(run, Action.PAUSE)
        step = lab.sink.until_moved(run, State.PAUSED)
        assert step < 60
        assert lab.sink.batches[run][-1].step == step  # nothing lingers
        lab.engine.control(run, Action.RESUME)
        lab.sink.ending(run)
        (other,) = lab.submit(spec(Behaviour.SLOW, 60))
        lab.sink.ending(other)
        assert lab.sink.moves[run] == [
            (State.RUNNING, 0),
            (State.PAUSED, step),
            (State.RUNNING, step),
        ]
        assert [*map(_anonymous, lab.sink.events(run))] == [
            *map(_anonymous, lab.sink.events(other))
        ]

    def test_what_has_no_meaning_does_nothing(self, lab: Lab) -> None:
        run = lab.start()
        lab.engine.control(run, Action.RESUME)  # it runs
        lab.engine.control(run, Action.STEP)
        lab.engine.align([run], 5)
        lab.engine.control(run, Action.PAUSE)
        step = lab.sink.until_moved(run, State.PAUSED)
        lab.engine.control(run, Action.PAUSE)  # it is paused
        lab.engine.control(run, Action.STEP)
        lab.sink.until_moved(run, State.PAUSED, step + 1)
        lab.stop(run)
        assert lab.sink.moves[run] == [
            (State.RUNNING, 0),
            (State.PAUSED, step),
            (State.PAUSED, step + 1),
        ]

    def test_a_run_submitted_as_paused_is_measured_then_stepped_by_hand(self, lab: Lab) -> None:
        (run,) = lab.submit(spec(steps=3), paused=True)
        lab.sink.until_moved(run, State.PAUSED, 0)
        assert lab.sink.types(run) == ["started", "evaluated"]
        for step in (1, 2):
            lab.engine.control(run, Action.STEP)
            lab.sink.until_moved(run, State.PAUSED, step)
            assert lab.sink.types(run)[2:] == ["frame"] * step
        lab.engine.control(run, Action.STEP)  # the last: nothing is left to wait for
        assert lab.sink.ending(run).ending is State.FINISHED

    def test_every_step_asked_for_is_done(self, lab: Lab) -> None:
        (run,) = lab.submit(spec(steps=LONG), paused=True)
        for _ in range(5):  # without waiting
            lab.engine.control(run, Action.STEP)
        lab.sink.until_moved(run, State.PAUSED, 5)
        lab.stop(run)

    def test_paused_runs_are_brought_to_the_same_step(self, lab: Lab) -> None:
        twins = lab.submit(spec(Behaviour.SLOW, LONG), spec(Behaviour.SLOW, LONG))
        lab.sink.until_step(twins[0], 3)
        lab.engine.control(twins[0], Action.PAUSE)
        step = lab.sink.until_moved(twins[0], State.PAUSED)
        lab.sink.until_step(twins[1], step + 3)
        lab.engine.control(twins[1], Action.PAUSE)
        ahead = lab.sink.until_moved(twins[1], State.PAUSED)
        lab.engine.align(twins, ahead)
        lab.sink.until_moved(twins[0], State.PAUSED, ahead)
        assert lab.sink.moves[twins[0]][-1] == lab.sink.moves[twins[1]][-1]
        lab.stop(*twins)

    @pytest.mark.parametrize("paused", [False, True])
    def test_a_stopped_run_ends_at_its_step(self, lab: Lab, paused: bool) -> None:
        run = lab.start()
        if paused:
            lab.engine.control(run, Action.PAUSE)
            lab.sink.until_moved(run, State.PAUSED)
        lab.engine.control(run, Action.STOP, "enough")
        ending = lab.sink.ending(run)
        before, last = lab.sink.events(run)[-2:]
        assert (ending.ending, ending.step, ending.reason) == (
            State.STOPPED,
            before["step"],
            "enough",
        )
        assert last["reason"] == "enough"
        with pytest.raises(Refused):
            lab.engine.control(run, Action.STOP)

    def test_a_waiting_run_can_be_stopped(self, lab: Lab) -> None:
        busy = [lab.start(), lab.start()]
        twins = lab.submit(spec(), spec())
        lab.engine.control(twins[0], Action.STOP, "enough")
        assert lab.sink.ending(twins[0]).reason == "enough"
        assert lab.engine.queue().runs == [twins[1]]
        assert lab.sink.events(twins[0]) == [
            {"run": twins[0], "seq": 0, "type": "stopped", "step": 0, "reason": "enough"}
        ]
        lab.stop(busy[0])
        assert lab.sink.ending(twins[1]).ending is State.FINISHED
        lab.stop(busy[1])

    def test_a_waiting_run_can_be_paused(self, lab: Lab) -> None:
        busy = [lab.start(), lab.start()]
        run, other = lab.submit(spec(), spec())
        for waiting in (run, other):
            lab.engine.control(waiting, Action.PAUSE)
        lab.engine.control(other, Action.RESUME)
        lab.stop(*busy)
        lab.sink.until_moved(run, State.PAUSED, 0)
        assert lab.sink.ending(other).ending is State.FINISHED
        lab.stop(run)

    def test_nobody_controls_a_run_that_never_was(self, lab: Lab) -> None:
        with pytest.raises(Refused):
            lab.engine.control("nobody", Action.STOP)


def _anonymous(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in timeless(event).items() if key != "versions"}
