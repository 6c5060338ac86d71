"""What is changed of a run while it trains."""

from __future__ import annotations

import psutil
import pytest

from app.executors.base import Action, Refused, State
from app.spec import RunSpec, with_change
from tests.contracts.executor.lab import Lab, Labs
from tests.contracts.fake_training import Behaviour, spec
from tests.contracts.recording import PATIENCE

FAST = {"optimizer.lr": 0.5}


def told(lab: Lab, run: str) -> list[tuple[str, int]]:
    """The run's frames and changes: their types and steps."""
    return [
        (event["type"], event["step"])
        for event in lab.sink.events(run)
        if event["type"] in ("frame", "changed")
    ]


def once(step: int, steps: int) -> list[tuple[str, int]]:
    """Those of a run of so many steps that is changed from one on."""
    before = [("frame", one) for one in range(1, step)]
    return [*before, ("changed", step), *(("frame", one) for one in range(step, steps + 1))]


class Changes(Labs):
    """A run is reserved, and amended."""

    def test_a_reserved_run_stays_until_it_is_amended(self, lab: Lab) -> None:
        run = lab.start(steps=400)
        step = lab.engine.reserve(run).result(PATIENCE)
        assert step is not None
        again = lab.engine.reserve(run)  # whoever asks anew hears the same: it has not moved
        assert again.result(PATIENCE) == step
        lab.engine.amend(run, with_change(spec(Behaviour.SLOW, 400), step, FAST))
        lab.sink.ending(run)
        assert told(lab, run) == once(step, 400)
        assert lab.sink.moves[run] == [(State.RUNNING, 0)]

    def test_twins_are_changed_at_one_step(self, lab: Lab) -> None:
        specs = [spec(Behaviour.SLOW, 800), spec(Behaviour.SLOW, 900)]
        twins = lab.submit(*specs)
        for run in twins:
            lab.sink.until_step(run, 1)
        answers = [lab.engine.reserve(run).result(PATIENCE) for run in twins]
        last = max(step for step in answers if step is not None)
        for run, one in zip(twins, specs, strict=True):
            lab.engine.amend(run, with_change(one, last, FAST))
        assert None not in answers
        for run, one in zip(twins, specs, strict=True):
            lab.sink.ending(run)
            assert told(lab, run) == once(last, one.steps)

    def test_a_paused_run_is_changed_at_its_next_step(self, lab: Lab) -> None:
        (run,) = lab.submit(spec(Behaviour.SLOW, 9), paused=True)
        lab.sink.until_moved(run, State.PAUSED, 0)
        for _ in range(3):
            lab.engine.control(run, Action.STEP)
        lab.sink.until_moved(run, State.PAUSED, 3)
        assert lab.engine.reserve(run).result(PATIENCE) == 4
        lab.engine.amend(run, with_change(spec(Behaviour.SLOW, 9), 4, FAST))
        lab.engine.control(run, Action.STEP)
        lab.sink.until_moved(run, State.PAUSED, 4)
        assert told(lab, run) == once(4, 4)
        lab.stop(run)

    def test_a_run_that_goes_on_meanwhile_still_waits(self, lab: Lab) -> None:
        (run,) = lab.submit(spec(Behaviour.SLOW, 9), paused=True)
        lab.sink.until_moved(run, State.PAUSED, 0)
        assert lab.engine.reserve(run).result(PATIENCE) == 1
        lab.engine.control(run, Action.RESUME)
        lab.sink.until_moved(run, State.RUNNING, 0)
        lab.engine.amend(run, with_change(spec(Behaviour.SLOW, 9), 1, FAST))
        lab.sink.ending(run)
        assert told(lab, run) == once(1, 9)

    def test_a_run_that_waits_has_all_its_steps_before_it(self, lab: Lab) -> None:
        busy = [lab.start(), lab.start()]
        (run,) = lab.submit(spec(steps=5))
        assert lab.engine.reserve(run).result(PATIENCE) == 1
        lab.stop(busy[0])  # it gets the worker, and stays all the same
        lab.sink.until_moved(run, State.RUNNING, 0)
        lab.engine.amend(run, with_change(spec(steps=5), 1, FAST))
        lab.sink.ending(run)
        assert told(lab, run) == once(1, 5)
        lab.stop(busy[1])

    def test_a_run_that_is_changed_while_it_waits_starts_so(self, lab: Lab) -> None:
        busy = [lab.start(), lab.start()]
        (run,) = lab.submit(spec(steps=5))
        lab.engine.reserve(run)
        amended = with_change(spec(steps=5), 1, FAST)
        lab.engine.amend(run, amended)
        lab.stop(*busy)
        lab.sink.ending(run)
        assert told(lab, run) == once(1, 5)
        assert RunSpec.model_validate(lab.sink.events(run)[0]["spec"]) == amended

    def test_a_reserved_run_can_be_stopped(self, lab: Lab) -> None:
        run = lab.start()
        step = lab.engine.reserve(run).result(PATIENCE)
        lab.engine.control(run, Action.STOP, "enough")
        ending = lab.sink.ending(run)
        assert (ending.ending, ending.step + 1) == (State.STOPPED, step)
        lab.engine.amend(run, spec())  # in vain, and no harm
        with pytest.raises(Refused):
            lab.engine.reserve(run)

    def test_of_a_run_that_ends_meanwhile_no_step_is_left(self, lab: Lab) -> None:
        run = lab.start()
        process = psutil.Process(lab.sink.process(run))
        process.suspend()
        while process.status() != psutil.STATUS_STOPPED:
            pass
        answer = lab.engine.reserve(run)
        lab.engine.control(run, Action.STOP)  # it does not obey, and is killed
        assert answer.result(PATIENCE) is None
        assert lab.sink.ending(run).ending == State.STOPPED  # told a moment after the answer

    def test_nobody_reserves_a_run_that_never_was(self, lab: Lab) -> None:
        with pytest.raises(Refused):
            lab.engine.reserve("nobody")
