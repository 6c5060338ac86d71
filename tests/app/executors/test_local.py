"""The engine of one machine: the contract, and what is its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from threading import Event

import psutil
import pytest

from app.executors.base import Refused, State
from app.executors.local import LocalExecutor
from app.spec import RunSpec
from tests.app.executors.local import DESCRIBE, TRAINER, Local, local
from tests.contracts.executor.contract import ExecutorContract
from tests.contracts.executor.lab import LONG
from tests.contracts.fake_training import Behaviour, spec
from tests.contracts.recording import PATIENCE

pytestmark = pytest.mark.processes

NOWHERE = "tests.contracts.nowhere:No"


class TestLocalExecutor(ExecutorContract):
    """The contract."""

    @staticmethod
    def make(workers: int, trainer: str, describer: str, sampler: str) -> LocalExecutor:
        return LocalExecutor(
            workers, trainer=trainer, describer=describer, sampler=sampler, warm=None
        )


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
    assert lab.engine.queue().runs == []
    os.kill(lab.sink.process(first), signal.SIGKILL)
    assert lab.sink.ending(run).ending is State.FINISHED


def test_an_interrupt_at_the_keyboard_is_none_of_the_workers_business(lab: Local) -> None:
    run = lab.start()
    lab.engine.describe(spec())
    for pid in lab.engine.pids():
        os.kill(pid, signal.SIGINT)
    lab.sink.until_step(run, lab.sink.batches[run][-1].step + 10)
    assert lab.engine.describe(spec())["behaviour"] == "FINE"
    lab.stop(run)


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    lab = local(patience=0.2)
    with closing(lab.engine):
        with pytest.raises(Refused, match=r"no answer within 0\.2 seconds"):
            lab.engine.describe(spec(Behaviour.STUCK))
        assert lab.engine.describe(spec())["behaviour"] == "FINE"


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
    engine = LocalExecutor(1, trainer=TRAINER, describer=DESCRIBE, warm=None)
    with pytest.raises(Refused):
        engine.describe(spec())
    assert engine.queue().runs == []
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
from models.families import net_spec
from tests.contracts.recording import Recording

sink = Recording()
engine = LocalExecutor(1)
with closing(engine):
    engine.start(sink)
    spec = RunSpec(net=net_spec(depth=8), steps=2)
    engine.submit(Job((Task("a", spec),)))
    assert engine.describe(spec)["params"] > 0
    assert sink.ending("a").ending == "finished", sink.ending("a").reason
print({"torch", "sklearn"} & set(sys.modules) or "neither")
"""
    assert _python(script).communicate()[0].split() == ["neither"]


@pytest.mark.parametrize("behaviour", [Behaviour.SLOW, Behaviour.STUCK])
def test_no_worker_outlives_a_server_that_is_killed(behaviour: Behaviour) -> None:
    script = f"""
from app.executors.base import Job, State, Task
from app.executors.local import LocalExecutor
from tests.contracts.fake_training import Behaviour, spec
from tests.contracts.recording import Recording

sink = Recording()
engine = LocalExecutor(2, trainer={TRAINER!r}, describer={DESCRIBE!r}, warm=None)
engine.start(sink)
engine.submit(Job((Task("a", spec(Behaviour.{behaviour.name}, {LONG})),)))
engine.describe(spec())
sink.process("a")
print(*engine.pids(), flush=True)
engine.describe(spec(Behaviour.STUCK))
"""
    with _python(script) as server:
        assert server.stdout
        workers = [psutil.Process(int(pid)) for pid in server.stdout.readline().split()]
        server.kill()
    assert len(workers) == 3
    assert psutil.wait_procs(workers, PATIENCE)[1] == []


def _python(script: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
