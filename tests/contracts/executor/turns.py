"""Who trains when."""

from __future__ import annotations

import pytest

from app.executors.base import Action, Job, Refused, State, Task
from tests.contracts.executor.lab import Lab, Labs
from tests.contracts.fake_training import spec


class Turns(Labs):
    """Jobs are served in turn, and the runs of one together."""

    def test_the_runs_of_a_job_start_together(self, lab: Lab) -> None:
        busy = lab.start()
        twins = lab.submit(spec(), spec())
        assert lab.engine.queue().runs == list(twins)  # though one worker is free
        lab.stop(busy)
        for run in twins:
            lab.sink.ending(run)
        assert lab.sink.process(twins[0]) != lab.sink.process(twins[1])

    def test_first_come_first_served(self, lab: Lab) -> None:
        busy = [lab.start(), lab.start()]
        waiting = [lab.submit(spec())[0] for _ in range(4)]
        assert lab.engine.queue().runs == waiting
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
