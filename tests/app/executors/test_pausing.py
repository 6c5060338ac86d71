"""What a paused run costs those who wait, and what they cost it."""

from __future__ import annotations

from contextlib import closing, suppress

import psutil
import pytest

from app.executors.base import Action, State
from app.executors.sizing import SUBSTITUTES
from app.executors.timeouts import Timeouts
from tests.app.executors.local import Local, local
from tests.contracts.fake_training import spec
from tests.contracts.recording import PATIENCE

pytestmark = pytest.mark.processes


def parked(lab: Local, count: int) -> list[str]:
    """So many runs, each paused after the one before it."""
    runs: list[str] = []
    for _ in range(count):
        runs += lab.submit(spec(), paused=True)
        lab.sink.until_moved(runs[-1], State.PAUSED)
    return runs


def test_where_all_are_parked_the_longest_parked_makes_room(lab: Local) -> None:
    first, second, *others = parked(lab, 1 + SUBSTITUTES)
    lab.engine.control(first, Action.STEP)
    lab.sink.until_moved(first, State.PAUSED, 1)  # not the longest any more
    (waiting,) = lab.submit(spec())
    assert lab.sink.ending(waiting).ending is State.FINISHED
    ending = lab.sink.ending(second)
    assert (ending.ending, ending.reason) == (State.STOPPED, "it was paused while others waited")
    assert lab.sink.events(second)[-1]["reason"] == ending.reason
    assert lab.sink.moves[waiting][0] == (State.RUNNING, 0)
    lab.stop(first, *others)


def test_where_paused_runs_keep_the_other_workers_none_is_free() -> None:
    lab = local(2, timeouts=Timeouts(yield_after=0.05, notice=3600))
    with closing(lab.engine):
        assert lab.engine.queue().free == 2
        yielding = parked(lab, 1 + SUBSTITUTES)
        assert lab.engine.queue().free == 1  # the last substitute has not started
        busy = lab.start()
        (waiting,) = lab.submit(spec())
        queue = lab.engine.queue()
        assert (queue.runs, queue.free, queue.ending) == ([waiting], 0, {})
        lab.stop(busy)
        assert lab.sink.ending(waiting).ending is State.FINISHED
        lab.stop(*yielding)
    lab.check()


def test_twins_make_room_together() -> None:
    lab = local(2)
    with closing(lab.engine):
        pairs = []
        for _ in range(1 + SUBSTITUTES // 2):
            pairs.append(lab.submit(spec(), spec(), paused=True))
            for run in pairs[-1]:
                lab.sink.until_moved(run, State.PAUSED)
        late = lab.submit(spec(), spec(), paused=True)
        for run in late:
            lab.sink.until_moved(run, State.PAUSED)
        assert {lab.sink.ending(run).ending for run in pairs[0]} == {State.STOPPED}
        assert not any(lab.sink.ended(run) for pair in pairs[1:] for run in pair)
        lab.stop(*late, *(run for pair in pairs[1:] for run in pair))
    lab.check()


def test_nobody_makes_room_for_who_was_paused_while_waiting(lab: Local) -> None:
    busy = lab.start()
    held = [lab.submit(spec())[0] for _ in range(3)]
    for run in held:
        lab.engine.control(run, Action.PAUSE)
    lab.stop(busy)
    paused, other, waiting = held
    lab.sink.until_moved(paused, State.PAUSED)
    assert lab.engine.queue().runs == [other, waiting]
    lab.engine.control(waiting, Action.RESUME)  # now it wants to train, and takes a substitute
    assert lab.sink.ending(waiting).ending is State.FINISHED
    assert lab.engine.queue().runs == [other]  # which is not for who only waits to be paused
    assert not lab.sink.ended(paused)
    lab.stop(paused, other)


def test_who_goes_on_keeps_the_worker_though_others_wait() -> None:
    lab = local(timeouts=Timeouts(yield_after=0.05, notice=3600))
    with closing(lab.engine):
        first, second, *others = parked(lab, 1 + SUBSTITUTES)
        (waiting,) = lab.submit(spec())
        lab.engine.control(first, Action.RESUME)  # it had notice, and now the second has
        assert lab.sink.ending(first).ending is State.FINISHED
        assert lab.sink.ending(waiting).ending is State.FINISHED
        assert not any(lab.sink.ended(run) for run in (second, *others))
        lab.stop(second, *others)
    lab.check()


def test_a_short_pause_costs_nothing() -> None:
    lab = local(timeouts=Timeouts(yield_after=3600))
    with closing(lab.engine):
        run = lab.start()
        (waiting,) = lab.submit(spec())
        processes = lab.engine.pids()
        lab.engine.control(run, Action.PAUSE)
        lab.sink.until_moved(run, State.PAUSED)
        lab.engine.control(run, Action.RESUME)
        lab.sink.until_moved(run, State.RUNNING)
        lab.stop(run)
        assert lab.sink.ending(waiting).ending is State.FINISHED
        assert lab.sink.process(waiting) == lab.sink.process(run)
        assert lab.engine.pids() == processes
    lab.check()


def test_no_substitute_is_started_until_somebody_waits(lab: Local) -> None:
    (yielding,) = parked(lab, 1)
    lab.engine.describe(spec())  # takes longer than the moment after which it rests
    assert lab.engine.pids()[:-1] == [lab.sink.process(yielding)]
    (other,) = lab.submit(spec())
    assert lab.sink.ending(other).ending is State.FINISHED
    lab.stop(yielding)


def test_a_substitute_stays_for_who_comes_next(lab: Local) -> None:
    (yielding,) = lab.submit(spec(), paused=True)
    lab.sink.until_moved(yielding, State.PAUSED)
    (first,) = lab.submit(spec())
    lab.sink.ending(first)
    (second,) = lab.submit(spec())
    lab.sink.ending(second)
    assert lab.sink.process(first) == lab.sink.process(second)
    lab.stop(yielding)


def test_a_substitute_leaves_when_nobody_has_needed_it_for_a_while() -> None:
    lab = local(timeouts=Timeouts(yield_after=0.05, linger=0.05))
    with closing(lab.engine):
        (yielding,) = lab.submit(spec(), paused=True)
        lab.sink.until_moved(yielding, State.PAUSED)
        (other,) = lab.submit(spec())
        lab.sink.ending(other)
        with suppress(psutil.NoSuchProcess):  # it left before we looked
            extra = psutil.Process(lab.sink.process(other))
            assert psutil.wait_procs([extra], PATIENCE)[1] == []
        assert lab.sink.process(yielding) in lab.engine.pids()
        lab.engine.control(yielding, Action.RESUME)
        assert lab.sink.ending(yielding).ending is State.FINISHED
    lab.check()
