"""Run measurements and print one table of what, reach and measured."""

from __future__ import annotations

import os
import platform
import sys
from importlib import import_module
from typing import Annotated

import torch
import typer
from rich.console import Console
from rich.table import Table

from app import __version__
from benchmarks.measurement import Measurement

NAMES = (
    "step",
    "measures",
    "samples",
    "signal",
    "precision",
    "averages",
    "sweep",
    "pauses",
    "data",
    "start",
    "describe",
    "first_visit",
    "first_event",
    "delivery",
    "main_thread",
)


def main(
    names: Annotated[list[str] | None, typer.Argument(help=", ".join(NAMES))] = None,
    *,
    quick: Annotated[
        bool, typer.Option(help="Few repeats: whether it runs, not how fast.")
    ] = False,
) -> None:
    """Measure what docs/measurements.md defines; on a quiet machine, please."""
    chosen = names or list(NAMES)
    if unknown := set(chosen) - set(NAMES):
        raise typer.BadParameter(f"unknown: {', '.join(unknown)}; allowed: {', '.join(NAMES)}")
    progress = Console(stderr=True)
    rows: list[Measurement] = []
    for name in chosen:
        progress.print(f"measuring {name} ...", highlight=False)
        rows += import_module(f"benchmarks.{name}").measure(quick)
    console = Console(width=None if sys.stdout.isatty() else 220)
    console.print(_table(rows))
    console.print(
        f"Depthscope {__version__}, Python {platform.python_version()}, torch {torch.__version__}, "
        f"{os.cpu_count()} cores, {platform.machine()} {platform.system()}"
        + (", --quick: no evidence" if quick else ""),
        highlight=False,
    )


def _table(rows: list[Measurement]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("what", "reach", "measured", "", "how"):
        table.add_column(heading, justify="right" if heading in ("reach", "measured") else "left")
    words = {True: "reached", False: "NOT REACHED", None: ""}
    for row in rows:
        reach = f"at most {row.text(row.reach)}" if row.reach is not None else ""
        table.add_row(row.what, reach, row.text(row.measured), words[row.reached], row.note)
    return table


if __name__ == "__main__":
    command = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    command.command()(main)
    command()
