"""``depthscope study``: several runs across the cores, and what they come to together."""

from __future__ import annotations

import json as jsonlib
import os
from contextlib import ExitStack, suppress
from queue import Empty
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.configuration import with_options
from app.cli.downloading import bring
from app.cli.listener import Listener
from app.cli.problems import FAILED, INTERRUPTED
from app.executors.base import Action, Batch, Refused, State, Task
from app.executors.jobs import jobs
from app.executors.reasons import BY_KEYBOARD
from app.spec import RunSpec, value_at
from app.studies.registry import STUDIES, plan
from app.studies.spec import DepthSpec, SweepSpec, TwinsSpec

if TYPE_CHECKING:
    from app.cli.report import Report

StudySpec = TwinsSpec | DepthSpec | SweepSpec

study = typer.Typer(help="Train a whole study across the cores, and show its results.")

Json = Annotated[bool, typer.Option("--json", help="Print every event as a line of JSON.")]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=256, help="Runs that train at once; default: one a core."),
]


@study.command(help=STUDIES["twins"].question)
@with_options("twins")
def twins(spec: StudySpec, *, json: Json = False, workers: Workers = None) -> None:
    """Train a network and its twin."""
    _train(spec, json, workers)


@study.command(help=STUDIES["depth"].question)
@with_options("depth")
def depth(spec: StudySpec, *, json: Json = False, workers: Workers = None) -> None:
    """Train networks of several depths."""
    _train(spec, json, workers)


@study.command(help=STUDIES["sweep"].question)
@with_options("sweep")
def sweep(spec: StudySpec, *, json: Json = False, workers: Workers = None) -> None:
    """Train networks that differ in any one setting."""
    _train(spec, json, workers)


def _train(spec: StudySpec, json: bool, workers: int | None) -> None:
    from app.cli.report import Report, progress_bars
    from app.cli.table import show
    from app.executors.local import LocalExecutor

    bring(spec.base.data)
    tasks = [Task(_name(spec, run), run) for run in plan(spec)]
    reports = {task.run: Report(task.spec) for task in tasks}
    listener = Listener()
    engine = LocalExecutor(min(workers or os.cpu_count() or 1, len(tasks)), describer=None)
    interrupted = False
    if json:
        typer.echo(_heading(spec, tasks))
    with ExitStack() as stack:
        bars = stack.enter_context(progress_bars(hidden=json))
        each = {t.run: bars.add_task(t.run, total=t.spec.steps, note="") for t in tasks}

        def take(batch: Batch) -> None:
            report = reports[batch.run]
            report.add(batch)
            bars.update(each[batch.run], completed=batch.step, note=report.note)
            if json:
                typer.echo(b"\n".join(batch.events))

        try:
            engine.start(listener)
            for job in jobs(spec.study, tasks):
                engine.submit(job)
            while any(report.state is State.QUEUED for report in reports.values()):
                with suppress(Empty):  # waits a moment at most: Windows hears Ctrl-C only between
                    take(listener.batches.get(timeout=0.5))
        except KeyboardInterrupt:
            interrupted = True
            for run in reports:
                with suppress(Refused):  # it has ended
                    engine.control(run, Action.STOP, BY_KEYBOARD)
        finally:
            engine.close()  # once each run has come to its ending
        while not listener.batches.empty():
            take(listener.batches.get())
    if not json:
        show(spec, tasks, reports)
    raise typer.Exit(_status(reports, interrupted))


def _heading(spec: StudySpec, tasks: list[Task]) -> str:
    """The first line of JSON: what the events that follow belong to."""
    runs = [task.run for task in tasks]
    return jsonlib.dumps({"type": "study", "spec": spec.model_dump(mode="json"), "runs": runs})


def _name(spec: StudySpec, run: RunSpec) -> str:
    """What tells a study's runs apart: ``none-56-0`` is skip, value and seed."""
    if isinstance(spec, TwinsSpec):
        return run.net.skip.name
    return f"{run.net.skip.name}-{value_at(run, spec.field)}-{run.seed}"


def _status(reports: dict[str, Report], interrupted: bool) -> int:
    if interrupted:
        return INTERRUPTED
    failed = any(report.state is not State.FINISHED for report in reports.values())
    return FAILED if failed else 0
