"""The end of an engine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Thread

import pytest

from app.executors.base import Action, Refused, State
from tests.contracts.executor.lab import Labs
from tests.contracts.puppet import Part, spec


class Closing(Labs):
    """Every run ends, every process goes, and nobody waits for ever."""

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
