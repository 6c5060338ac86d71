"""How a run went, in words."""

from __future__ import annotations

import pytest

from app.cli.report import Report
from app.executors.base import Batch, State
from app.spec import RunSpec
from app.spec.data import Data
from models.families import net_spec


@pytest.mark.parametrize(
    ("evaluated", "says"), [(9, " (50 of 100); 1.0 s"), (5, " (50 of 100) at step 5; 1.0 s")]
)
def test_an_error_from_before_the_ending_says_its_step(evaluated: int, says: str) -> None:
    errors = {"train_error": 0.5, "test_error": 0.5, "count": 100, "test_count": 100}
    result = {"step": 9, "params": 1, "seconds": 1.0, "evaluated": evaluated, **errors}
    report = Report(RunSpec())
    report.add(Batch("run", 0, (), 9, ending=State.STOPPED, result=result))

    assert report.outcome.startswith("stopped after 9 steps, training error 50 % (50 of 100)")
    assert says in report.outcome


def test_a_run_without_errors_is_told_by_its_losses() -> None:
    losses = {"train_loss": 0.04213, "test_loss": 1.0, "count": 1024, "test_count": 512}
    result = {"step": 9, "params": 1, "seconds": 1.0, "evaluated": 9, **losses}
    report = Report(RunSpec(net=net_spec(family="mlp", depth=4), data=Data(name="identity")))
    report.add(Batch("run", 0, (), 9, ending=State.FINISHED, result=result))

    said = "after 9 steps, training loss 0.0421 (on 1,024), test loss 1 (on 512); 1.0 s of training"
    assert report.outcome == said
    assert report.note == "training loss 0.0421"
