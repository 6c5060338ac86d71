"""What every engine must do. A test module subclasses ExecutorContract and says how to make one."""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from itertools import count
from threading import Event, Thread
from typing import Any

import pytest

from app.executors.base import Action, Executor, Job, Refused, State, Task
from app.mistakes import BadField
from app.spec import RunSpec
from models.spec import NetSpec
from tests.contracts.puppet import Part, spec
from tests.contracts.recording import Recording

WORKERS = 2
LONG = 100_000  # steps: a slow puppet takes minutes over them
NAMES = (f"run{number}" for number in count())


class Lab:
    """An engine that is open, and its sink."""

    def __init__(self, engine: Executor) -> None:
        self.engine = engine
        self.sink = Recording()
        engine.start(self.sink)

    def submit(self, *specs: RunSpec, paused: bool = False, first_seq: int = 0) -> tuple[str, ...]:
        """Submit the specs as one job; returns the runs' names."""
        runs = tuple(next(NAMES) for _ in specs)
        tasks = tuple(Task(run, spec, first_seq) for run, spec in zip(runs, specs, strict=True))
        self.engine.submit(Job(tasks, paused))
        return runs

    def start(self, part: Part = Part.SLOW, steps: int = LONG) -> str:
        """Submit one run, and wait until it trains."""
        (run,) = self.submit(spec(part, steps))
        self.sink.until_step(run, 1)
        return run

    def stop(self, *runs: str) -> None:
        """Stop the runs, and wait for their endings."""
        for run in runs:
            self.engine.control(run, Action.STOP)
        for run in runs:
            self.sink.ending(run)

    def check(self) -> None:
        """What must hold of all that any run ever said."""
        for run, batches in self.sink.batches.items():
            numbers = [event["seq"] for event in self.sink.events(run)]
            first = batches[0].first_seq
            assert numbers == list(range(first, first + len(numbers))), "a hole, or a repetition"
            assert all(event["run"] == run for event in self.sink.events(run))
            assert all(batch.events for batch in batches)
            assert [b.ending is not None for b in batches] == [False] * (len(batches) - 1) + [True]
            assert self.sink.types(run)[-1] == batches[-1].ending


class ExecutorContract(ABC):
    """The suite. ``make`` gives an engine, not started, with this many workers and this code."""

    @staticmethod
    @abstractmethod
    def make(workers: int, trainer: str, describer: str, sampler: str) -> Executor: ...

    @classmethod
    def lab_of_puppets(cls, workers: int = WORKERS) -> Lab:
        puppet = "tests.contracts.puppet"
        return Lab(
            cls.make(workers, *(f"{puppet}:{name}" for name in ("Puppet", "describe", "samples")))
        )

    @pytest.fixture(scope="class")
    @classmethod
    def shared(cls) -> Iterator[Lab]:
        lab = cls.lab_of_puppets()
        with closing(lab.engine):
            yield lab
        lab.check()

    @pytest.fixture
    def lab(self, shared: Lab) -> Iterator[Lab]:
        """The engine all tests share: a fault that one provokes must not show in the next."""
        yield shared
        shared.stop(*[run for run in shared.sink.moves if not shared.sink.ended(run)])

    # --- What a run says.

    def test_a_run_tells_its_whole_story_in_order(self, lab: Lab) -> None:
        (run,) = lab.submit(spec(steps=20))
        ending = lab.sink.ending(run)
        assert lab.sink.types(run) == [
            "started",
            "evaluated",
            *["frame"] * 20,
            "evaluated",
            "finished",
        ]
        assert (ending.ending, ending.step, ending.reason) == (State.FINISHED, 20, None)
        assert ending.result is not None
        assert ending.result["step"] == 20
        assert ending.result["params"] == 7
        assert ending.result["train_error"] == 1 / 21
        assert lab.sink.moves[run] == [(State.RUNNING, 0)]

    def test_events_are_numbered_from_where_the_run_left_off(self, lab: Lab) -> None:
        (run,) = lab.submit(spec(steps=3), first_seq=41)
        assert lab.sink.ending(run).last_seq == 41 + 6
        assert lab.sink.events(run)[0]["seq"] == 41

    def test_a_loss_that_is_not_a_number_travels_as_null(self, lab: Lab) -> None:
        (run,) = lab.submit(spec(Part.DIVERGES))
        ending = lab.sink.ending(run)
        assert lab.sink.events(run)[-1] == {
            "run": run,
            "seq": ending.last_seq,
            "type": "finished",
            "step": 3,
            "diverged": True,
        }
        assert lab.sink.events(run)[-2]["loss"] == [None]
        assert ending.result is not None
        assert ending.result["diverged"] is True

    def test_torch_computes_in_one_thread(self, lab: Lab) -> None:
        (run,) = lab.submit(spec())
        lab.sink.ending(run)
        assert lab.sink.events(run)[0]["engine"]["threads"] == 1
        assert lab.engine.describe(spec())["threads"] == 1

    def test_one_spec_says_the_same_on_any_worker(self) -> None:
        small = RunSpec(net=NetSpec(depth=8), steps=12)
        lab = Lab(
            self.make(
                WORKERS,
                "app.training.loop:Training",
                "app.training.describe:describe",
                "app.training.samples:show",
            )
        )
        with closing(lab.engine):
            twins = lab.submit(small, small)  # together, hence on two workers
            for run in twins:
                assert lab.sink.ending(run).ending is State.FINISHED
        first, second = (list(map(_timeless, lab.sink.events(run))) for run in twins)
        assert len(first) > 12
        assert first == second

    # --- Who trains when.

    def test_the_runs_of_a_job_start_together(self, lab: Lab) -> None:
        busy = lab.start()
        twins = lab.submit(spec(), spec())
        assert lab.engine.queue() == list(twins)  # though one worker is free
        lab.stop(busy)
        for run in twins:
            lab.sink.ending(run)
        assert lab.sink.process(twins[0]) != lab.sink.process(twins[1])

    def test_first_come_first_served(self, lab: Lab) -> None:
        busy = [lab.start(), lab.start()]
        waiting = [lab.submit(spec())[0] for _ in range(4)]
        assert lab.engine.queue() == waiting
        lab.stop(busy[0])
        for run in waiting:
            lab.sink.ending(run)
        first_words = [run for run in lab.sink.moves if run in waiting]
        assert first_words == waiting
        lab.stop(busy[1])

    def test_a_job_larger_than_the_pool_is_done_as_workers_come_free(self, lab: Lab) -> None:
        runs = lab.submit(*[spec(steps=3)] * 5)
        assert {lab.sink.ending(run).ending for run in runs} == {State.FINISHED}

    def test_a_run_is_held_once(self, lab: Lab) -> None:
        run = lab.start()
        with pytest.raises(Refused):
            lab.engine.submit(Job((Task(run, spec()),)))
        lab.stop(run)

    # --- What a person does.

    def test_pause_and_resume_change_nothing_of_what_is_said(self, lab: Lab) -> None:
        run = lab.start(steps=60)
        lab.engine.control(run, Action.PAUSE)
        step = lab.sink.until_moved(run, State.PAUSED)
        assert step < 60
        assert lab.sink.batches[run][-1].step == step  # nothing lingers
        lab.engine.control(run, Action.RESUME)
        lab.sink.ending(run)
        (other,) = lab.submit(spec(Part.SLOW, 60))
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
        twins = lab.submit(spec(Part.SLOW, LONG), spec(Part.SLOW, LONG))
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

    def test_a_paused_run_takes_nobodys_place(self, lab: Lab) -> None:
        paused = lab.submit(spec(), spec(), paused=True)
        for run in paused:
            lab.sink.until_moved(run, State.PAUSED)
        twins = lab.submit(spec(), spec())
        for run in twins:
            assert lab.sink.ending(run).ending is State.FINISHED
        for run in paused:
            lab.engine.control(run, Action.RESUME)
            assert lab.sink.ending(run).ending is State.FINISHED

    @pytest.mark.parametrize("paused", [False, True])
    def test_a_stopped_run_ends_at_its_step(self, lab: Lab, paused: bool) -> None:
        run = lab.start()
        if paused:
            lab.engine.control(run, Action.PAUSE)
            lab.sink.until_moved(run, State.PAUSED)
        lab.stop(run)
        ending = lab.sink.ending(run)
        last = lab.sink.events(run)[-2]
        assert (ending.ending, ending.step, ending.reason) == (State.STOPPED, last["step"], None)
        with pytest.raises(Refused):
            lab.engine.control(run, Action.STOP)

    def test_a_waiting_run_can_be_stopped(self, lab: Lab) -> None:
        busy = [lab.start(), lab.start()]
        twins = lab.submit(spec(), spec())
        lab.stop(twins[0])
        assert lab.engine.queue() == [twins[1]]
        assert lab.sink.events(twins[0]) == [
            {"run": twins[0], "seq": 0, "type": "stopped", "step": 0}
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

    # --- What goes wrong.

    @pytest.mark.parametrize(
        ("part", "step", "reason"),
        [
            (Part.RAISES, 2, "ZeroDivisionError: a puppet's fault"),
            (Part.REFUSES, 0, "net.depth: is too deep for a puppet; allowed: 8"),
            (Part.OUT_OF_MEMORY, 2, "out of memory"),
            (Part.SILENT, 20, "without an ending"),
        ],
    )
    def test_a_run_at_fault_fails_alone_and_says_why(
        self, lab: Lab, part: Part, step: int, reason: str
    ) -> None:
        run, twin = lab.submit(spec(part), spec())
        ending = lab.sink.ending(run)
        assert (ending.ending, ending.step) == (State.FAILED, step)
        assert ending.reason is not None
        assert reason in ending.reason
        assert lab.sink.events(run)[-1]["reason"] == ending.reason
        assert lab.sink.ending(twin).ending is State.FINISHED
        after = lab.submit(spec(), spec())  # the pool is whole again
        assert {lab.sink.ending(run).ending for run in after} == {State.FINISHED}

    @pytest.mark.parametrize(
        ("part", "how"), [(Part.EXITS, "exit code 3"), (Part.DIES, "signal 9, Killed")]
    )
    def test_a_worker_that_dies_is_replaced(self, lab: Lab, part: Part, how: str) -> None:
        run, twin = lab.submit(spec(part), spec())
        ending = lab.sink.ending(run)
        assert (ending.ending, ending.reason) == (State.FAILED, f"the worker died ({how})")
        assert lab.sink.ending(twin).ending is State.FINISHED
        after = lab.submit(spec(), spec())
        assert {lab.sink.ending(run).ending for run in after} == {State.FINISHED}

    def test_a_killed_worker_costs_its_run_alone(self, lab: Lab) -> None:
        run, twin = lab.submit(spec(Part.SLOW, LONG), spec(Part.SLOW, LONG))
        os.kill(lab.sink.process(run), signal.SIGKILL)
        ending = lab.sink.ending(run)
        assert ending.ending is State.FAILED
        assert "the worker died" in str(ending.reason)
        assert ending.step == lab.sink.batches[run][-2].step
        lab.sink.until_step(twin, ending.step + 3)
        lab.stop(twin)
        assert lab.sink.ending(twin).ending is State.STOPPED

    def test_a_step_that_does_not_end_is_stopped_all_the_same(self, lab: Lab) -> None:
        run, twin = lab.submit(spec(Part.STUCK), spec(Part.SLOW, LONG))
        lab.sink.until_step(twin, 2)
        lab.stop(run)
        ending = lab.sink.ending(run)
        assert (ending.ending, ending.reason) == (State.STOPPED, None)
        assert not lab.sink.ended(twin)
        lab.stop(twin)

    def test_a_sink_that_does_not_take_events_makes_that_run_wait(self, lab: Lab) -> None:
        run, other = next(NAMES), next(NAMES)
        lab.sink.gates[run] = gate = Event()
        lab.engine.submit(Job((Task(run, spec(Part.HUGE, LONG)), Task(other, spec()))))
        assert lab.sink.ending(other).ending is State.FINISHED
        (another,) = lab.submit(spec(Part.SLOW, 100))
        assert lab.sink.ending(another).ending is State.FINISHED
        lab.engine.control(run, Action.STOP)
        gate.set()
        assert lab.sink.ending(run).step < 100  # what the pipe holds, not what there was time for

    # --- Questions.

    def test_questions_are_answered_while_runs_train(self, lab: Lab) -> None:
        busy = [lab.start(), lab.start()]
        answer = lab.engine.describe(spec())
        assert answer["part"] == "FINE"
        assert answer["process"] not in map(lab.sink.process, busy)
        lab.stop(*busy)

    def test_a_network_that_cannot_be_names_its_field(self, lab: Lab) -> None:
        with pytest.raises(BadField) as caught:
            lab.engine.describe(spec(Part.REFUSES))
        assert (caught.value.field, caught.value.allowed) == ("net.depth", "allowed: 8")
        with pytest.raises(BadField, match="memory"):
            lab.engine.describe(spec(Part.OUT_OF_MEMORY))

    def test_a_question_that_fails_is_refused_and_the_next_is_answered(self, lab: Lab) -> None:
        with pytest.raises(Refused, match="a puppet's fault"):
            lab.engine.describe(spec(Part.RAISES))
        with pytest.raises(Refused, match="lost"):
            lab.engine.describe(spec(Part.DIES))
        assert lab.engine.describe(spec())["part"] == "FINE"

    def test_samples_are_shown_by_the_one_who_describes(self, lab: Lab) -> None:
        shown = lab.engine.samples("digits", 3)
        assert (shown["data"], shown["count"]) == ("digits", 3)
        assert shown["process"] == lab.engine.describe(spec())["process"]

    def test_data_that_is_not_there_is_named(self, lab: Lab) -> None:
        with pytest.raises(BadField) as caught:
            lab.engine.samples("nowhere", 3)
        assert (caught.value.field, caught.value.problem) == ("data", "is not there")
        assert lab.engine.samples("digits", 1)["count"] == 1

    # --- The end.

    def test_closing_ends_every_run_and_leaves_no_process(
        self, no_process_left: AbstractContextManager[None]
    ) -> None:
        with no_process_left:
            lab = self.lab_of_puppets()
            runs = [lab.start(), lab.start(), *lab.submit(spec(), spec())]
            lab.engine.control(runs[0], Action.PAUSE)
            lab.sink.until_moved(runs[0], State.PAUSED)
            lab.engine.close()
        assert {lab.sink.batches[run][-1].ending for run in runs} == {State.STOPPED}
        lab.check()
        with pytest.raises(Refused):
            lab.submit(spec())
        with pytest.raises(Refused):
            lab.engine.describe(spec())

    def test_an_engine_can_be_closed_while_it_starts(
        self, no_process_left: AbstractContextManager[None]
    ) -> None:
        with no_process_left:
            lab = self.lab_of_puppets()
            (run,) = lab.submit(spec())
            lab.engine.close()
        assert lab.sink.batches[run][-1].ending is State.STOPPED

    def test_closing_refuses_who_waits_for_an_answer(self) -> None:
        lab = self.lab_of_puppets()
        lab.engine.describe(spec())
        refused: list[Refused] = []
        asking = Thread(
            target=lambda: _catch(lambda: lab.engine.describe(spec(Part.STUCK)), refused)
        )
        asking.start()
        lab.engine.close()
        asking.join()
        assert len(refused) == 1


def _catch(act: Callable[[], object], caught: list[Refused]) -> None:
    try:
        act()
    except Refused as refused:
        caught.append(refused)


def _timeless(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key not in ("run", "time")}


def _anonymous(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in _timeless(event).items() if key != "versions"}
