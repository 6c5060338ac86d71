"""The end of an engine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Thread

import pytest

from app.executors.base import Action, Refused, State
from tests.contracts.executor.lab import Labs
from tests.contracts.fake_training import Behaviour, spec


class Closing(Labs):
    """Every run ends, every process goes, and nobody waits for ever."""

    def test_closing_interrupts_every_run_and_leaves_no_process(
        self, no_process_left: AbstractContextManager[None]
    ) -> None:
        with no_process_left:
            lab = self.lab_of_fakes()
            runs = [lab.start(), lab.start(), *lab.submit(spec(), spec())]
            lab.engine.control(runs[0], Action.PAUSE)
            step = lab.sink.until_moved(runs[0], State.PAUSED)
            lab.engine.close()
        lasts = [lab.sink.batches[run][-1] for run in runs]
        assert {last.ending for last in lasts} == {State.INTERRUPTED}
        assert lasts[0].step == step
        assert [str(last.reason) for last in lasts] == [
            f"the server was shut down at step {step}",
            f"the server was shut down at step {lab.sink.events(runs[1])[-1]['step']}",
            "the server was shut down before training began",
            "the server was shut down before training began",
        ]
        lab.check()
        with pytest.raises(Refused):
            lab.submit(spec())
        with pytest.raises(Refused):
            lab.engine.describe(spec())

    def test_an_engine_can_be_closed_while_it_starts(
        self, no_process_left: AbstractContextManager[None]
    ) -> None:
        with no_process_left:
            lab = self.lab_of_fakes()
            (run,) = lab.submit(spec())
            lab.engine.close()
        assert lab.sink.batches[run][-1].ending is State.INTERRUPTED

    def test_what_was_told_to_stop_before_has_stopped(self) -> None:
        lab = self.lab_of_fakes()
        run = lab.start()
        lab.engine.control(run, Action.STOP, "enough")
        lab.engine.close()
        ending = lab.sink.batches[run][-1]
        assert (ending.ending, ending.reason) == (State.STOPPED, "enough")
        lab.check()

    def test_who_does_not_obey_is_interrupted_where_it_stands(
        self, no_process_left: AbstractContextManager[None]
    ) -> None:
        with no_process_left:
            lab = self.lab_of_fakes()
            (run,) = lab.submit(spec(Behaviour.STUCK))
            lab.sink.process(run)
            lab.engine.close()
        ending = lab.sink.batches[run][-1]
        assert ending.ending is State.INTERRUPTED
        assert ending.reason == f"the server was shut down at step {ending.step}"
        lab.check()

    def test_closing_refuses_who_waits_for_an_answer(self) -> None:
        lab = self.lab_of_fakes()
        lab.engine.describe(spec())
        refused: list[Refused] = []
        asking = Thread(
            target=lambda: _catch(lambda: lab.engine.describe(spec(Behaviour.STUCK)), refused)
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
