"""Data sets downloaded at the command line, with a bar that shows how far it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from app.cli.problems import FAILED, say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from app.spec.data import Data


def bring(data: Data) -> None:
    """Download what a run's data set lacks, before it is asked for by the runs themselves.

    Raises:
        typer.Exit: it can't be had; why, and what helps, is said.
    """
    from app.data.errors import DataError
    from app.data.loading import obtain

    if data.entry is None:  # one's own images: they are there, or training says what is wrong
        return
    kept = data.kept(data.entry.train_size)
    try:
        with bars() as all_bars:
            obtain(data.entry, kept, shown(all_bars, data.name), lambda: False)
    except DataError as error:
        say(str(error))
        raise typer.Exit(FAILED) from None


def shown(all_bars: Progress, name: str) -> Callable[[int, int], None]:
    """What shows a download's progress, in bytes, as a bar of its own once there is any."""
    tasks: list[TaskID] = []

    def show(done: int, total: int) -> None:
        if not tasks:
            tasks.append(all_bars.add_task(f"downloading {name}", total=total))
        all_bars.update(tasks[0], completed=done, total=total)

    return show


def bars() -> Progress:
    """Bars on standard error, where that is a terminal; gone once all is there."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
