"""``depthscope export``: a run or study as a file to take home."""

from __future__ import annotations

import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.problems import FAILED, Usage, say, told
from app.cli.text import is_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.cli.recording import Recording
    from app.settings import Settings


class Mark(StrEnum):
    """What parts the decimals of a number in CSV."""

    POINT = "point"
    COMMA = "comma"


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
    kind: Annotated[Format, typer.Option("--format", help="The file's format.")] = Format.HTML,
    decimal: Annotated[
        Mark | None,
        typer.Option(
            help="Of CSV: comma for spreadsheets that use it; semicolons then separate the columns."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="File to write; - for standard output; default: named after it."
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="The server's data folder; the server may be running."),
    ] = None,
) -> None:
    """Export a run or study as JSON, CSV or one HTML file that opens offline."""
    from app.cli.serve import settings

    with told():
        if decimal is not None and kind is not Format.CSV:
            raise Usage([f"--decimal does not apply to {kind.value}; it is for --format csv"])
        ours = partial(settings, {"data": data})  # read where they are needed
        found = _file(Path(what)) if is_file(what) else _stored(ours(), what)
        _write(found, kind, decimal or Mark.POINT, output, lambda: _catalog(ours()))


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


def _catalog(settings: Settings) -> dict[str, Any]:
    from app.data.own import own_images
    from app.web.catalog import catalog

    return catalog(own_images(settings.data))


def _write(
    recording: Recording,
    kind: Format,
    decimal: Mark,
    output: Path | None,
    known: Callable[[], dict[str, Any]],
) -> None:
    from app.figures.export import export_run, export_study
    from app.runs.views import Study

    shown = recording.of.model_dump(mode="json")
    if isinstance(recording.of, Study):
        parts, _, name = export_study(
            shown, recording.events, kind.value, known, decimal=decimal.value
        )
    else:
        events = recording.events[recording.of.id]
        parts, _, name = export_run(shown, events, kind.value, known, decimal=decimal.value)
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
