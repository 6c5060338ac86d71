"""What goes wrong in one run, and costs no other."""

from __future__ import annotations

import os
import signal
from threading import Event

import pytest

from app.executors.base import Action, Job, State, Task
from tests.contracts.executor.lab import LONG, NAMES, Lab, Labs
from tests.contracts.fake_training import Behaviour, spec


class Faults(Labs):
    """Runs that raise, hang, die or are not listened to."""

    @pytest.mark.parametrize(
        ("behaviour", "step", "reason"),
        [
            (Behaviour.RAISES, 2, "ZeroDivisionError: a fault on purpose"),
            (Behaviour.REFUSES, 0, "net.depth: is too deep to fake; allowed: 8"),
            (Behaviour.OUT_OF_MEMORY, 2, "out of memory"),
            (Behaviour.SILENT, 20, "without an ending"),
        ],
    )
    def test_a_run_at_fault_fails_alone_and_says_why(
        self, lab: Lab, behaviour: Behaviour, step: int, reason: str
    ) -> None:
        run, twin = lab.submit(spec(behaviour), spec())
        ending = lab.sink.ending(run)
        assert (ending.ending, ending.step) == (State.FAILED, step)
        assert ending.reason is not None
        assert reason in ending.reason
        assert lab.sink.events(run)[-1]["reason"] == ending.reason
        assert lab.sink.ending(twin).ending is State.FINISHED
        after = lab.submit(spec(), spec())  # the pool is whole again
        assert {lab.sink.ending(run).ending for run in after} == {State.FINISHED}

    @pytest.mark.parametrize(
        ("behaviour", "how"),
        [(Behaviour.EXITS, "exit code 3"), (Behaviour.DIES, "signal 9, Killed")],
    )
    def test_a_worker_that_dies_is_replaced(self, lab: Lab, behaviour: Behaviour, how: str) -> None:
        run, twin = lab.submit(spec(behaviour), spec())
        ending = lab.sink.ending(run)
        assert (ending.ending, ending.reason) == (
            State.FAILED,
            f"the worker process ended unexpectedly ({how})",
        )
        assert lab.sink.ending(twin).ending is State.FINISHED
        after = lab.submit(spec(), spec())
        assert {lab.sink.ending(run).ending for run in after} == {State.FINISHED}

    def test_a_killed_worker_costs_its_run_alone(self, lab: Lab) -> None:
        run, twin = lab.submit(spec(Behaviour.SLOW, LONG), spec(Behaviour.SLOW, LONG))
        os.kill(lab.sink.process(run), signal.SIGKILL)
        ending = lab.sink.ending(run)
        assert ending.ending is State.FAILED
        assert "the worker process ended unexpectedly" in str(ending.reason)
        assert ending.step == lab.sink.batches[run][-2].step
        lab.sink.until_step(twin, ending.step + 3)
        lab.stop(twin)
        assert lab.sink.ending(twin).ending is State.STOPPED

    def test_a_step_that_does_not_end_is_stopped_all_the_same(self, lab: Lab) -> None:
        run, twin = lab.submit(spec(Behaviour.STUCK), spec(Behaviour.SLOW, LONG))
        lab.sink.until_step(twin, 2)
        lab.stop(run)
        ending = lab.sink.ending(run)
        assert (ending.ending, ending.reason) == (State.STOPPED, None)
        assert not lab.sink.ended(twin)
        lab.stop(twin)

    def test_a_sink_that_does_not_take_events_makes_that_run_wait(self, lab: Lab) -> None:
        run, other = next(NAMES), next(NAMES)
        lab.sink.gates[run] = gate = Event()
        lab.engine.submit(Job((Task(run, spec(Behaviour.HUGE, LONG)), Task(other, spec()))))
        assert lab.sink.ending(other).ending is State.FINISHED
        (another,) = lab.submit(spec(Behaviour.SLOW, 100))
        assert lab.sink.ending(another).ending is State.FINISHED
        lab.engine.control(run, Action.STOP)
        gate.set()
        assert lab.sink.ending(run).step < 100  # what the pipe holds, not what there was time for
