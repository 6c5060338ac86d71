"""A study's outcome as a table on standard output."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from statistics import mean

from rich.console import Console
from rich.table import Table

from app.cli.report import Report, kind_of
from app.executors.base import Task
from app.spec import RunSpec, value_at
from app.studies.registry import STUDIES
from app.studies.spec import DepthSpec, SweepSpec, TwinsSpec

WIDE = 200  # columns where no terminal says how many: nothing is cut


def show(
    spec: TwinsSpec | DepthSpec | SweepSpec, tasks: Sequence[Task], reports: Mapping[str, Report]
) -> None:
    """Print every run's outcome, and for a sweep the means by value and skip."""
    console = Console(soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
    base = spec.base
    console.print(
        f"[bold]{_about(STUDIES[spec.study].question, base)}[/bold] "
        f"{base.net.family} on {base.data.name}, after {base.steps} steps, "
        f"lr {base.optimizer.lr}.",
        highlight=False,
    )
    console.print(_by_run(tasks, reports))
    if not isinstance(spec, TwinsSpec):
        console.print(_by_value(spec, tasks, reports))
    look_for = _about(STUDIES[spec.study].look_for, base)
    console.print(f"What to look for: {look_for}", highlight=False)


def _about(text: str, spec: RunSpec) -> str:
    """A study's words, which are written of errors, for a task that may have none."""
    return text.replace("training error", f"training {kind_of(spec)}")


def _by_run(tasks: Sequence[Task], reports: Mapping[str, Report]) -> Table:
    kind = kind_of(tasks[0].spec)
    table = _table("run", f"training {kind}", f"test {kind}")
    table.add_column("how it ended", overflow="fold")
    for task in tasks:
        report = reports[task.run]
        table.add_row(task.run, *report.cells, _ending(report))
    return table


def _ending(report: Report) -> str:
    if report.result.diverged:
        return report.outcome
    words = f"{report.state} after {report.step} steps"
    return f"{words}: {report.reason}" if report.reason else words


def _by_value(
    spec: DepthSpec | SweepSpec, tasks: Sequence[Task], reports: Mapping[str, Report]
) -> Table:
    """Mean training error (or loss) over the seeds, least and greatest beside it; values down."""
    kind = kind_of(spec.base)
    table = _table(spec.field, *(f"skip {skip}" for skip in spec.skips))
    found: dict[tuple[object, str], list[float]] = {}
    for task in tasks:
        result = reports[task.run].result
        # A network that did not do all of its steps has no place beside those that did.
        measured = getattr(result, f"train_{kind}")
        if measured is not None and result.measured_after(task.spec.steps):
            place = (value_at(task.spec, spec.field), task.spec.net.skip.name)
            found.setdefault(place, []).append(measured)
    for value in spec.values:
        cells = (_spread(found.get((value, skip), []), kind) for skip in spec.skips)
        table.add_row(str(value), *cells)
    return table


def _spread(values: Sequence[float], kind: str) -> str:
    if not values:
        return "not measured"

    def written(value: float) -> str:
        return f"{value:.3g}" if kind == "loss" else f"{100 * value:.1f}"

    middle = f"{written(mean(values))}{'' if kind == 'loss' else ' %'}"
    if len(values) == 1:
        return middle
    return f"{middle} ({written(min(values))} to {written(max(values))}, n={len(values)})"


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first, overflow="fold")
    for heading in others:
        table.add_column(heading, justify="right", no_wrap=True)
    return table
