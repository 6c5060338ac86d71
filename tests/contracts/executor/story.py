"""What a run says of itself."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from app.executors.base import Action, State
from app.executors.reasons import DELETED
from app.spec import RunSpec
from models.families import net_spec
from tests.contracts.executor.lab import LONG, WORKERS, Lab, Labs
from tests.contracts.fake_training import Behaviour, spec
from tests.contracts.recording import timeless


class Story(Labs):
    """Events come whole, in order, numbered, and the same on any worker."""

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
        (run,) = lab.submit(spec(Behaviour.DIVERGES))
        ending = lab.sink.ending(run)
        assert lab.sink.events(run)[-1] == {
            "run": run,
            "seq": ending.last_seq,
            "type": "finished",
            "step": 3,
            "diverged": True,
            "became": "nan",
        }
        assert lab.sink.events(run)[-2]["loss"] == [None]
        assert ending.result is not None
        assert (ending.result["diverged"], ending.result["became"]) == (True, "nan")

    def test_a_network_is_kept_before_its_ending_is_told(self, lab: Lab, tmp_path: Path) -> None:
        path = tmp_path / "kept"
        (run,) = lab.submit(spec(steps=5), keep=path)
        lab.sink.ending(run)
        assert path.read_text() == "5"
        (run,) = lab.submit(spec(Behaviour.SLOW, LONG), keep=path)
        lab.sink.until_step(run, 1)
        lab.engine.control(run, Action.STOP)
        stopped = lab.sink.ending(run)
        assert path.read_text() == str(stopped.step)

    def test_a_network_that_can_not_be_kept_costs_the_run_nothing(
        self, lab: Lab, tmp_path: Path
    ) -> None:
        (run,) = lab.submit(spec(steps=5), keep=tmp_path / "nowhere" / "kept")
        ending = lab.sink.ending(run)
        assert ending.ending is State.FINISHED
        assert lab.sink.events(run)[-1]["unkept"] == "there is no such folder"
        assert ending.result is not None
        assert ending.result["unkept"] == "there is no such folder"

    @pytest.mark.parametrize(
        ("behaviour", "reason"),
        [(Behaviour.RAISES, None), (Behaviour.SLOW, DELETED)],
        ids=["failed", "deleted"],
    )
    def test_a_network_of_a_run_that_failed_or_is_deleted_is_not_kept(
        self, lab: Lab, tmp_path: Path, behaviour: Behaviour, reason: str | None
    ) -> None:
        path = tmp_path / "kept"
        (run,) = lab.submit(spec(behaviour, LONG), keep=path)
        if reason:
            lab.sink.until_step(run, 1)
            lab.engine.control(run, Action.STOP, reason)
        lab.sink.ending(run)
        assert not path.exists()

    def test_torch_computes_in_one_thread(self, lab: Lab) -> None:
        (run,) = lab.submit(spec())
        lab.sink.ending(run)
        assert lab.sink.events(run)[0]["engine"]["threads"] == 1
        assert lab.engine.describe(spec())["threads"] == 1

    def test_one_spec_says_the_same_on_any_worker(self) -> None:
        small = RunSpec(net=net_spec(depth=8), steps=12)
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
        first, second = (list(map(timeless, lab.sink.events(run))) for run in twins)
        assert len(first) > 12
        assert first == second
