"""What becomes of a run's events, on a clock of the test's own."""

from __future__ import annotations

import json

from app.events import EVENT, Evaluated, Finished, Frame, Stopped
from app.executors.base import Batch, State, Task
from app.executors.recorder import Recorder
from tests.contracts.fake_training import FakeTraining, spec


class Bench:
    """A recorder, what it shipped, and the time it goes by."""

    def __init__(self, first_seq: int = 0) -> None:
        self.now = 0.0
        self.shipped: list[Batch] = []
        task = Task("run", spec(), first_seq)
        self.recorder = Recorder(task, self.shipped.append, lambda: self.now)

    def after(self, milliseconds: float, step: int | None = None) -> list[int]:
        """Add a frame, or nothing; returns how many events each batch so far holds."""
        self.now += milliseconds / 1000
        self.recorder.add(None if step is None else frame(step))
        return [len(batch.events) for batch in self.shipped]


def frame(step: int) -> Frame:
    return Frame(
        step=step,
        loss=(1.0,),
        measures={
            "flow": (),
            "weight_grad": (),
            "update_ratio": (),
        },
        lr=0.1,
        time=step / 10,
    )


def evaluated(step: int, loss: float = 0.5) -> Evaluated:
    return Evaluated(
        step=step,
        train_error=0.25,
        train_loss=loss,
        test_error=0.5,
        test_loss=loss,
        count=4,
        test_count=2,
    )


def test_quick_steps_travel_together() -> None:
    bench = Bench()
    for step in range(1, 4):
        assert bench.after(6, step) == []
    assert bench.after(6, 4) == [4]  # at 24 ms: the next would come after 30
    assert bench.shipped[0].step == 4


def test_a_slow_step_is_not_waited_for() -> None:
    assert Bench().after(30, 1) == [1]
    bench = Bench()
    assert bench.after(15, 1) == [1]  # the next would come after 30 ms


def test_what_gathered_leaves_between_evaluation_batches() -> None:
    bench = Bench()
    assert bench.after(1, 1) == []
    assert bench.after(30) == [1]
    assert bench.after(30) == [1]  # nothing is no batch


def test_the_first_word_does_not_wait() -> None:
    bench = Bench()
    started = next(event for event in FakeTraining(spec()) if event)
    bench.recorder.add(started)
    assert len(bench.shipped) == 1


def test_events_are_numbered_and_readable() -> None:
    bench = Bench(first_seq=7)
    bench.after(30, 1)
    bench.recorder.end(Finished(step=1))
    numbers = [json.loads(e)["seq"] for batch in bench.shipped for e in batch.events]
    assert numbers == [7, 8]
    assert [batch.first_seq for batch in bench.shipped] == [7, 8]
    assert EVENT.validate_json(bench.shipped[0].events[0]) == frame(1)


def test_the_result_is_the_last_evaluation_and_the_sum_of_its_parts() -> None:
    bench = Bench()
    bench.after(30, 1)
    assert bench.shipped[-1].result is None
    bench.now += 1
    bench.recorder.add(evaluated(1))
    bench.after(30, 2)
    bench.recorder.end(Stopped(step=2, reason="enough"))
    assert [batch.result is not None for batch in bench.shipped] == [False, True, False, True]
    last = bench.shipped[-1]
    assert (last.ending, last.reason, last.step) == (State.STOPPED, "enough", 2)
    assert last.result == {
        "step": 2,
        "params": 0,
        "seconds": 0.2,
        "diverged": False,
        "evaluated": 1,
        "train_error": 0.25,
        "train_loss": 0.5,
        "test_error": 0.5,
        "test_loss": 0.5,
        "count": 4,
        "test_count": 2,
    }


def test_a_loss_that_is_not_finite_is_null_in_the_result() -> None:
    bench = Bench()
    bench.recorder.add(evaluated(1, float("inf")))
    bench.recorder.end(Finished(step=1, diverged=True, became="infinite"))
    result = bench.shipped[-1].result
    assert result is not None
    assert result["train_loss"] is None
    assert (result["diverged"], result["became"]) == (True, "infinite")


def test_it_knows_whether_anything_was_evaluated() -> None:
    bench = Bench()
    bench.after(1, 1)
    assert not bench.recorder.evaluated
    bench.recorder.add(evaluated(0))
    assert bench.recorder.evaluated
