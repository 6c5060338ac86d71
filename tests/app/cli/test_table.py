"""The table of a study."""

from __future__ import annotations

import pytest

from app.cli.report import Report
from app.cli.table import show
from app.executors.base import Batch, State, Task
from app.spec import RunSpec
from app.spec.data import Data
from app.studies.registry import plan
from app.studies.spec import DepthSpec
from models.families import net_spec


def test_the_table_finds_a_runs_value_in_what_it_trained(
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec = DepthSpec(depths=(20, 8), seeds=(0,))
    tasks = [Task(f"{run.net.skip.name}-{run.net.depth}", run) for run in reversed(plan(spec))]
    reports = {task.run: Report(RunSpec()) for task in tasks}
    for task in tasks:
        error, steps = task.spec.net.depth / 100, task.spec.steps
        result = {"step": steps, "evaluated": steps, "train_error": error, "count": 100}
        known = {"params": 0, "seconds": 0.0, **result}
        reports[task.run].add(Batch(task.run, 0, (), steps, State.FINISHED, known))

    show(spec, tasks, reports)

    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row for row in rows if row[:1] in (["8"], ["20"])] == [
        ["8", "8.0", "%", "8.0", "%"],
        ["20", "20.0", "%", "20.0", "%"],
    ]


def test_the_table_of_a_regression_shows_losses(capsys: pytest.CaptureFixture[str]) -> None:
    base = RunSpec(net=net_spec(family="mlp"), data=Data(name="identity"))
    spec = DepthSpec(base=base, depths=(8,), skips=("none",), seeds=(0, 1))
    tasks = [Task(f"none-8-{run.seed}", run) for run in plan(spec)]
    reports = {task.run: Report(task.spec) for task in tasks}
    for task in tasks:
        steps, loss = task.spec.steps, (1 + task.spec.seed) / 10
        known = {"params": 0, "seconds": 0.0, "step": steps, "evaluated": steps}
        known |= {"train_loss": loss, "test_loss": loss, "count": 1024, "test_count": 512}
        reports[task.run].add(Batch(task.run, 0, (), steps, State.FINISHED, known))

    show(spec, tasks, reports)

    out = capsys.readouterr().out
    assert "0.15 (0.1 to 0.2, n=2)" in out
    assert "training loss" in out
    assert "training error" not in out
    assert "not measured" not in out
