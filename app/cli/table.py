"""A study's outcome as a table on standard output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean

from rich.console import Console
from rich.table import Table

from app.cli.report import Report, percent
from app.executors.base import Task
from app.spec import value_at
from app.studies.registry import STUDIES
from app.studies.spec import DepthSpec, SweepSpec, TwinsSpec


def show(
    spec: TwinsSpec | DepthSpec | SweepSpec, tasks: Sequence[Task], reports: Mapping[str, Report]
) -> None:
    """Print every run's outcome, and for a sweep the means by value and skip."""
    console = Console(soft_wrap=True)
    base = spec.base
    console.print(
        f"[bold]{STUDIES[spec.study].question}[/bold] "
        f"{base.net.family} on {base.data.name}, after {base.steps} steps, "
        f"lr {base.optimizer.lr}.",
        highlight=False,
    )
    console.print(_by_run(tasks, reports))
    if not isinstance(spec, TwinsSpec):
        console.print(_by_value(spec, tasks, reports))
    console.print(f"What to look for: {STUDIES[spec.study].look_for}", highlight=False)


def _by_run(tasks: Sequence[Task], reports: Mapping[str, Report]) -> Table:
    table = _table("run", "training error", "test error", "how it ended")
    for task in tasks:
        report = reports[task.run]
        known = report.result
        table.add_row(
            task.run,
            percent(known.train_error, known.count) + report.when,
            percent(known.test_error, known.test_count) + report.when,
            _ending(report),
        )
    return table


def _ending(report: Report) -> str:
    if report.result.diverged:
        return f"became infinite at step {report.step}"
    words = f"{report.state} after {report.step} steps"
    return f"{words}: {report.reason}" if report.reason else words


def _by_value(
    spec: DepthSpec | SweepSpec, tasks: Sequence[Task], reports: Mapping[str, Report]
) -> Table:
    """Mean training error over the seeds, least and greatest beside it; values down."""
    table = _table(spec.field, *(f"skip {skip}" for skip in spec.skips))
    errors: dict[tuple[object, str], list[float]] = {}
    for task in tasks:
        result = reports[task.run].result
        # A network that did not do all of its steps has no place beside those that did.
        if result.train_error is not None and result.measured_after(task.spec.steps):
            place = (value_at(task.spec, spec.field), task.spec.net.skip)
            errors.setdefault(place, []).append(result.train_error)
    for value in spec.values:
        table.add_row(str(value), *(_spread(errors.get((value, skip), [])) for skip in spec.skips))
    return table


def _spread(errors: Sequence[float]) -> str:
    if not errors:
        return "not measured"
    middle = f"{100 * mean(errors):.1f} %"
    if len(errors) == 1:
        return middle
    return f"{middle} ({100 * min(errors):.1f} to {100 * max(errors):.1f}, n={len(errors)})"


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for heading in others:
        table.add_column(heading, justify="right", no_wrap=True)
    return table
