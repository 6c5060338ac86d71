"""``depthscope train``: one run, here and now."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from app.cli.configuration import with_options
from app.cli.downloading import bring
from app.cli.problems import STATUS, Usage, say
from app.events import ENDINGS, Failed, Stopped
from app.executors.base import Batch, Task
from app.executors.failures import message
from app.executors.reasons import BY_KEYBOARD
from app.executors.recorder import Ending, Recorder
from app.spec import RunSpec
from app.validation import BadField

if TYPE_CHECKING:
    from collections.abc import Generator

    from app.events import Event
    from app.training.loop import Training

RUN = "train"  # what the run is called in its events


@with_options()
def train(
    spec: RunSpec,
    *,
    json: Annotated[
        bool, typer.Option("--json", help="Print every event as a line of JSON.")
    ] = False,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="FILE", help="Keep the trained network in this file."),
    ] = None,
) -> None:
    """Train one network and say how it went.

    Its events are the same as in the browser, bit for bit, except for the time.
    """
    from app.cli.report import Report, name_of, progress_bars

    bring(spec.data)
    report = Report(spec)
    with progress_bars(hidden=json) as bars:
        bar = bars.add_task(name_of(spec), total=spec.steps, note="")

        def ship(batch: Batch) -> None:
            report.add(batch)
            bars.update(bar, completed=batch.step, note=report.note)
            if json:
                typer.echo(b"\n".join(batch.events))

        recorder = Recorder(Task(RUN, spec), ship)
        training = _training(spec)
        ending = _lead(training, recorder)
        recorder.end(_kept(training, ending, keep) if keep else ending)
    if not json:
        typer.echo(f"{name_of(spec)}: {report.outcome}")
    elif report.reason:
        say(report.reason)
    raise typer.Exit(STATUS[report.state])


def _training(spec: RunSpec) -> Training:
    """The run; torch is loaded here, and not before the options were read."""
    from app.training.loop import Training

    return Training(spec)


def _kept(training: Training, ending: Ending, path: Path) -> Ending:
    """The ending, which says so where the network could not be kept."""
    if isinstance(ending, Failed):
        return ending
    unkept = training.keep(path)
    if unkept is not None:
        say(f"{path}: the network could not be kept: {unkept}")
    return ending.model_copy(update={"unkept": unkept})


def _lead(training: Training, recorder: Recorder) -> Ending:
    """Train to the one ending, however it comes.

    Raises:
        Usage: the network can't be built here, or doesn't fit.
    """
    try:
        with closing(cast("Generator[Event | None]", iter(training))) as events:
            for event in events:
                if isinstance(event, ENDINGS):
                    return event
                recorder.add(event)
        raise AssertionError("training ends with an ending")
    except KeyboardInterrupt:
        return Stopped(step=training.step, reason=BY_KEYBOARD)
    except BadField as error:
        raise Usage([str(error)]) from error
    except Exception as error:  # noqa: BLE001 (the edge: whatever went wrong, the run says so)
        return Failed(step=training.step, reason=message(error))
