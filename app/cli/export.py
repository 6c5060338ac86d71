"""``depthscope export``: a run or study as a file to take home."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.problems import FAILED, Usage, say, told

if TYPE_CHECKING:
    from app.cli.recording import Recording
    from app.settings import Settings


class Format(StrEnum):
    """What it is written as: all of it, the numbers as a table, or the charts as one page."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"


def export(
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID|FILE",
            help="A run's or study's id in the data folder, or a file that --json printed.",
        ),
    ],
    *,
    kind: Annotated[Format, typer.Option("--format", help="How it is written.")] = Format.HTML,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to; - for standard output; default: its name."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="The server's data folder; it may be running.")
    ] = None,
) -> None:
    """Export a run or study as JSON, CSV or one HTML file that opens with no network."""
    from app.cli.serve import settings

    with told():
        path = Path(what)
        _write(
            _file(path) if path.is_file() else _stored(settings({"data": data}), what), kind, output
        )


def _file(path: Path) -> Recording:
    from app.cli.recording import from_file

    return from_file(path)


def _stored(settings: Settings, name: str) -> Recording:
    from app.cli.recording import from_store
    from app.store.errors import StoreError

    try:
        found = from_store(settings.database_url, name)
    except StoreError as error:
        say(str(error))
        raise typer.Exit(FAILED) from error
    if found is None:
        raise Usage([f"{name}: no such run or study in {settings.data}, and no such file"])
    return found


def _write(recording: Recording, kind: Format, output: Path | None) -> None:
    from app.figures.export import export_run, export_study
    from app.runs.views import Study

    shown = recording.of.model_dump(mode="json")
    if isinstance(recording.of, Study):
        parts, _, name = export_study(shown, recording.events, kind.value)
    else:
        parts, _, name = export_run(shown, recording.events[recording.of.id], kind.value)
    if output == Path("-"):
        for part in parts:
            sys.stdout.buffer.write(part)
        return
    target = output or Path(name)
    try:
        with target.open("wb") as file:
            file.writelines(parts)
    except OSError as error:
        say(f"can't write {target}: {error.strerror}")
        raise typer.Exit(FAILED) from error
    typer.echo(f"wrote {target}")
