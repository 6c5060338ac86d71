"""``depthscope data``: which data sets there are, getting them, whether their files are whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.downloading import bars, shown
from app.cli.problems import FAILED, Usage, say, told

if TYPE_CHECKING:
    from app.data.entry import DataEntry
    from app.data.status import Status

data = typer.Typer(help="List data sets, download them, check their files.")

Folder = Annotated[
    Path | None, typer.Option("--data", help="The data folder; default: DEPTHSCOPE_DATA.")
]


@data.command("list")
def list_sets(*, folder: Folder = None) -> None:
    """Say what data sets there are, and which of them are on this machine."""
    from rich.console import Console
    from rich.table import Table

    from app.data.images import names
    from app.data.registry import DATASETS
    from app.data.status import status

    place = _folder(folder)
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "examples", "shape", "classes", "here", "licence"):
        table.add_column(heading, overflow="fold")
    found = status(place)
    own = [entry for name in names(place) if (entry := _own(name, place))]
    for entry in [*DATASETS.values(), *own]:
        table.add_row(
            entry.name,
            f"{entry.train_size:,} + {entry.test_size:,}",
            " x ".join(map(str, entry.shape)),
            str(entry.classes or "none"),
            _here(found[entry.name]) if entry.name in found else "your own",
            entry.licence,
        )
    Console().print(table)
    typer.echo(f"Data folder: {place}")


@data.command()
def get(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Names from the list.")],
    *,
    folder: Folder = None,
) -> None:
    """Download data sets, once; what is there already is left as it is."""
    from app.data.download import fetch
    from app.data.errors import DataError
    from app.data.registry import DATASETS

    with told():
        if unknown := [name for name in names if name not in DATASETS]:
            raise Usage(
                f"{name} is not a known data set; allowed: {', '.join(DATASETS)}"
                for name in unknown
            )
        failed = False
        with bars() as all_bars:
            for name in names:
                try:
                    fetch(name, _folder(folder), shown(all_bars, name))
                except DataError as error:
                    failed = True
                    say(str(error))
                else:
                    typer.echo(f"{name} is there")
        if failed:
            raise typer.Exit(FAILED)


@data.command()
def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME...]", help="Default: all that are here.")
    ] = None,
    *,
    folder: Folder = None,
) -> None:
    """Compare every file that is here with its published checksums."""
    from app.data import images
    from app.data.registry import DATASETS
    from app.data.status import status

    place = _folder(folder)
    found = status(place)
    chosen = names or [*DATASETS, *images.names(place)]
    with told():
        if unknown := [n for n in chosen if n not in DATASETS and not images.NAME.fullmatch(n)]:
            raise Usage(f"{name} is not a known data set" for name in unknown)
        whole = [_whole(name, place, asked=names is not None) for name in chosen]
        if not all(whole):
            raise typer.Exit(FAILED)
        here = any(name not in DATASETS or found[name].bytes for name in chosen)
        if names is None and not here:
            typer.echo(f"nothing to check: no data set was downloaded to {place}")


def _whole(name: str, place: Path, *, asked: bool) -> bool:
    """Say how each file of a set is; whether all are as they should be."""
    from app.data.decoded import checked
    from app.data.errors import DataError
    from app.data.registry import DATASETS
    from app.data.status import Presence, status_of

    if name not in DATASETS:
        own = _own(name, place)
        if own:
            typer.echo(f"ok      {name}: {own.train_size + own.test_size:,} images")
        return own is not None
    entry = DATASETS[name]
    found = status_of(entry, place)
    if entry.published is None or (found.presence is Presence.MISSING and not asked):
        return True
    good = True
    for file in entry.published.files:
        if file.path in found.missing:
            typer.echo(f"missing {file.path}")
            good = good and not asked
            continue
        try:
            checked(file, place)
        except DataError as error:
            typer.echo(f"WRONG   {error}")
            good = False
        else:
            typer.echo(f"ok      {file.path}")
    return good


def _own(name: str, place: Path) -> DataEntry | None:
    """The facts of a folder of images; None, and why on standard error, where it is not right."""
    from app.data.errors import DataError
    from app.data.images import scan

    try:
        return scan(name, place)
    except DataError as error:
        say(f"{name}: {error}")
        return None


def _here(found: Status) -> str:
    from app.data.status import Presence

    size = f"{found.download / 2**20:,.0f} MiB to download"
    match found.presence:
        case Presence.EMBEDDED:
            return "comes with the program"
        case Presence.PRESENT:
            return "DAMAGED: see depthscope data check" if found.damaged else "yes"
        case Presence.PARTIAL:
            return f"in part, {size}"
        case Presence.MISSING:
            return f"no, {size}"


def _folder(given: Path | None) -> Path:
    from app.data.place import data_folder

    return given or data_folder()
