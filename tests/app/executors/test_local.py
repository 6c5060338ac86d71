"""The engine of one machine: the contract, and what is its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from threading import Event
from typing import Any

import psutil
import pytest

from app.executors.base import Action, Refused, State
from app.executors.local import LocalExecutor
from app.executors.pool import SUBSTITUTES
from app.spec import RunSpec
from tests.contracts.executor.contract import ExecutorContract
from tests.contracts.executor.lab import LONG, Lab
from tests.contracts.puppet import Part, spec
from tests.contracts.recording import PATIENCE

PUPPET = "tests.contracts.puppet:Puppet"
DESCRIBE = "tests.contracts.puppet:describe"
NOWHERE = "tests.contracts.nowhere:No"


class TestLocalExecutor(ExecutorContract):
    """The contract."""

    @staticmethod
    def make(workers: int, trainer: str, describer: str, sampler: str) -> LocalExecutor:
        return LocalExecutor(
            workers, trainer=trainer, describer=describer, sampler=sampler, warm=None
        )


class Local(Lab):
    """A lab with an engine of this machine."""

    engine: LocalExecutor


def local(workers: int = 1, **options: Any) -> Local:
    return Local(
        LocalExecutor(
            workers, **{"trainer": PUPPET, "describer": DESCRIBE, "warm": None, **options}
        )
    )


@pytest.fixture
def lab() -> Iterator[Local]:
    lab = local()
    with closing(lab.engine):
        yield lab
    lab.check()


def test_closing_waits_until_what_a_lost_worker_left_is_tidied_and_told() -> None:
    tidying, closed = Event(), Event()

    def tidy(_: RunSpec) -> None:
        tidying.set()
        closed.wait(1.0)  # a slow disk; it is over sooner only if nobody waited for it

    lab = local(tidy=tidy)
    run = lab.start()
    os.kill(lab.sink.process(run), signal.SIGKILL)
    assert tidying.wait(PATIENCE)
    lab.engine.close()
    told = lab.sink.ended(run)
    closed.set()
    assert told
    assert lab.sink.ending(run).ending is State.FAILED
    lab.check()


def test_a_parked_run_is_stopped_in_the_end() -> None:
    lab = local(parked_limit=0.1)
    with closing(lab.engine):
        (run,) = lab.submit(spec(), paused=True)
        ending = lab.sink.ending(run)
    assert ending.ending is State.STOPPED
    assert ending.reason == lab.sink.events(run)[-1]["reason"]
    assert "paused for more than" in str(ending.reason)


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
    assert (ending.ending, ending.reason) == (State.STOPPED, "paused while others waited")
    assert lab.sink.moves[waiting][0] == (State.RUNNING, 0)
    lab.stop(first, *others)


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
    held = [lab.submit(spec())[0] for _ in range(2 + SUBSTITUTES)]
    for run in held:
        lab.engine.control(run, Action.PAUSE)
    lab.stop(busy)
    *paused, waiting = held
    for run in paused:
        lab.sink.until_moved(run, State.PAUSED)
    assert lab.engine.queue() == [waiting]
    lab.engine.control(waiting, Action.RESUME)  # now it wants to train
    assert lab.sink.ending(waiting).ending is State.FINISHED
    assert [run for run in paused if lab.sink.ended(run)] == paused[:1]
    lab.stop(*paused[1:])


def test_substitutes_leave_when_they_are_not_needed(lab: Local) -> None:
    (parked,) = lab.submit(spec(), paused=True)
    lab.sink.until_moved(parked, State.PAUSED)
    (other,) = lab.submit(spec())
    lab.sink.ending(other)
    extra = psutil.Process(lab.sink.process(parked))
    lab.engine.control(parked, Action.RESUME)
    lab.sink.ending(parked)
    assert psutil.wait_procs([extra], PATIENCE)[1] == []
    assert lab.sink.process(other) in lab.engine.pids()


def test_a_worker_killed_at_rest_is_replaced(lab: Local) -> None:
    (run,) = lab.submit(spec())
    lab.sink.ending(run)
    os.kill(lab.sink.process(run), signal.SIGKILL)
    (after,) = lab.submit(spec())
    assert lab.sink.ending(after).ending is State.FINISHED


@pytest.mark.skipif(sys.platform == "win32", reason="there is no way to halt a process there")
def test_a_run_whose_worker_never_began_gets_another(lab: Local) -> None:
    (first,) = lab.submit(spec())
    lab.sink.ending(first)
    os.kill(lab.sink.process(first), signal.SIGSTOP)  # deaf to what it is ordered
    (run,) = lab.submit(spec())
    assert lab.engine.queue() == []
    os.kill(lab.sink.process(first), signal.SIGKILL)
    assert lab.sink.ending(run).ending is State.FINISHED


def test_an_interrupt_at_the_keyboard_is_none_of_the_workers_business(lab: Local) -> None:
    run = lab.start()
    lab.engine.describe(spec())
    for pid in lab.engine.pids():
        os.kill(pid, signal.SIGINT)
    lab.sink.until_step(run, lab.sink.batches[run][-1].step + 10)
    assert lab.engine.describe(spec())["part"] == "FINE"
    lab.stop(run)


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    lab = local(patience=0.2)
    with closing(lab.engine):
        with pytest.raises(Refused, match=r"no answer within 0\.2 seconds"):
            lab.engine.describe(spec(Part.STUCK))
        assert lab.engine.describe(spec())["part"] == "FINE"


def test_workers_that_cannot_start_are_an_error_not_a_loop() -> None:
    lab = local(trainer=NOWHERE, describer=NOWHERE)
    with closing(lab.engine):
        runs = lab.submit(spec(), spec())
        reasons = {str(lab.sink.ending(run).reason) for run in runs}
        assert reasons == {
            "no worker can start: ModuleNotFoundError: No module named 'tests.contracts.nowhere'"
        }
        assert lab.engine.pids()[1:] == []
        (again,) = lab.submit(spec())  # tries once more
        assert lab.sink.ending(again).ending is State.FAILED
        with pytest.raises(Refused, match="No module named"):
            lab.engine.describe(spec())


def test_where_nobody_will_ask_no_process_waits_for_questions() -> None:
    lab = local(describer=None)
    with closing(lab.engine):
        (run,) = lab.submit(spec())
        lab.sink.ending(run)
        assert lab.engine.pids() == [lab.sink.process(run)]
        with pytest.raises(Refused):
            lab.engine.describe(spec())


def test_the_engine_must_be_open() -> None:
    engine = LocalExecutor(1, trainer=PUPPET, describer=DESCRIBE, warm=None)
    with pytest.raises(Refused):
        engine.describe(spec())
    assert engine.queue() == []
    assert engine.pids() == []
    engine.close()


def test_a_worker_knows_with_how_many_it_shares_the_machine() -> None:
    lab = local(3)
    with closing(lab.engine):
        assert lab.engine.describe(spec())["runs_at_once"] == 3


def test_a_worker_loads_nothing_of_its_parent(lab: Local) -> None:
    modules = lab.engine.describe(spec())["modules"]
    assert "torch" in modules
    assert {"fastapi", "pytest", "_pytest", "app.web"}.isdisjoint(modules)


def test_the_server_never_loads_torch() -> None:
    script = """
import sys
from contextlib import closing
from app.executors.base import Job, Task
from app.executors.local import LocalExecutor
from app.spec import RunSpec
from models.spec import NetSpec
from tests.contracts.recording import Recording

sink = Recording()
engine = LocalExecutor(1)
with closing(engine):
    engine.start(sink)
    spec = RunSpec(net=NetSpec(depth=8), steps=2)
    engine.submit(Job((Task("a", spec),)))
    assert engine.describe(spec)["params"] > 0
    assert sink.ending("a").ending == "finished", sink.ending("a").reason
print({"torch", "sklearn"} & set(sys.modules) or "neither")
"""
    assert _python(script).communicate()[0].split() == ["neither"]


@pytest.mark.parametrize("part", [Part.SLOW, Part.STUCK])
def test_no_worker_outlives_a_server_that_is_killed(part: Part) -> None:
    script = f"""
from app.executors.base import Job, State, Task
from app.executors.local import LocalExecutor
from tests.contracts.puppet import Part, spec
from tests.contracts.recording import Recording

sink = Recording()
engine = LocalExecutor(2, trainer={PUPPET!r}, describer={DESCRIBE!r}, warm=None)
engine.start(sink)
engine.submit(Job((Task("a", spec(Part.{part.name}, {LONG})),)))
engine.describe(spec())
sink.process("a")
print(*engine.pids(), flush=True)
engine.describe(spec(Part.STUCK))
"""
    with _python(script) as server:
        assert server.stdout
        workers = [psutil.Process(int(pid)) for pid in server.stdout.readline().split()]
        server.kill()
    assert len(workers) == 3
    assert psutil.wait_procs(workers, PATIENCE)[1] == []


def _python(script: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
