"""``depthscope data``: which data sets there are, getting them, whether their files are whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.downloading import bars, shown
from app.cli.problems import FAILED, Usage, say, told

if TYPE_CHECKING:
    from app.data.entry import DataEntry
    from app.data.own import Unusable
    from app.data.status import Status

data = typer.Typer(help="List data sets, download them, check their files.")

Folder = Annotated[
    Path | None, typer.Option("--data", help="The data folder; default: DEPTHSCOPE_DATA.")
]


@data.command("list")
def list_sets(*, folder: Folder = None) -> None:
    """List the data sets, and say which are on this machine."""
    from rich.console import Console
    from rich.table import Table

    from app.data.own import own_images
    from app.data.registry import DATASETS
    from app.data.status import status

    place = _folder(folder)
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "examples", "shape", "classes", "here", "licence"):
        table.add_column(heading, overflow="fold")
    found = status(place)
    own = own_images(place)
    for entry in [*DATASETS.values(), *own.usable]:
        table.add_row(
            entry.name,
            f"{entry.train_size:,} + {entry.test_size:,}",
            " x ".join(map(str, entry.shape)),
            str(entry.classes or "none"),
            _here(found[entry.name]) if entry.name in found else _own(entry),
            entry.licence,
        )
    Console().print(table)
    for wrong in own.unusable:
        _say_unusable(wrong)
    typer.echo(f"Data folder: {_shown(place)}")


@data.command()
def get(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Names from the list.")],
    *,
    folder: Folder = None,
) -> None:
    """Download data sets whose files are missing or not as published."""
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
    from app.data.images import FOLDER
    from app.data.own import look, own_images
    from app.data.registry import DATASETS
    from app.data.status import status

    place = _folder(folder)
    with told():
        chosen = [*DATASETS] if names is None else names
        if unknown := [n for n in chosen if n not in DATASETS and not n.startswith(FOLDER)]:
            raise Usage(f"{name} is not a known data set" for name in unknown)
        if names is None:
            found = own_images(place)
            own: list[DataEntry | Unusable] = [*found.usable, *found.unusable]
        else:
            own = [look(name, place) for name in names if name not in DATASETS]
        whole = [_whole(name, place, asked=bool(names)) for name in chosen if name in DATASETS]
        whole += [_said(one) for one in own]
        if not all(whole):
            raise typer.Exit(FAILED)
        if names is None and not own and not any(one.bytes for one in status(place).values()):
            typer.echo(f"nothing to check: no data set was downloaded to {_shown(place)}")


def _whole(name: str, place: Path, *, asked: bool) -> bool:
    """Say how each file of a set is; whether all are as they should be."""
    from app.data.checksums import mismatch
    from app.data.folders import shelves
    from app.data.registry import DATASETS
    from app.data.status import Presence, status_of
    from app.data.variants import find

    entry = DATASETS[name]
    found = status_of(entry, place)
    if entry.published is None or (found.presence is Presence.MISSING and not asked):
        return True
    good = True
    for file in entry.published.files:
        there = find(file, shelves(place))
        if there is None:
            typer.echo(f"missing {file.path}")
            good = good and not asked
        elif problem := mismatch(there):
            typer.echo(f"WRONG   {there.variant.path} is not the published file: it {problem}")
            good = False
        else:
            typer.echo(f"ok      {there.variant.path}")
    if not good:
        typer.echo(f"        get it again with: depthscope data get {name}")
    return good


def _own(entry: DataEntry) -> str:
    return f"your own, resized: --resize {entry.resize}" if entry.resize else "your own"


def _said(own: DataEntry | Unusable) -> bool:
    """Say how a folder of images is; whether it can be used."""
    from app.data.own import Unusable

    if isinstance(own, Unusable):
        _say_unusable(own)
        return False
    typer.echo(f"ok      {own.name}: {own.train_size + own.test_size:,} images")
    return True


def _say_unusable(own: Unusable) -> None:
    say(f"{own.name}: {own.problem}; {own.remedy}")


def _shown(place: Path) -> str:
    """The folder's name as it can be printed."""
    from app.data.errors import sayable

    return sayable(str(place))


def _here(found: Status) -> str:
    from app.data.status import Presence

    size = f"{found.download / 2**20:,.0f} MiB to download"
    match found.presence:
        case Presence.EMBEDDED:
            return "comes with the program"
        case Presence.PRESENT:
            return f"DAMAGED: depthscope data get {found.name}" if found.damaged else "yes"
        case Presence.PARTIAL:
            return f"in part, {size}"
        case Presence.MISSING:
            return f"no, {size}"


def _folder(given: Path | None) -> Path:
    from app.data.folders import data_folder

    return given or data_folder()
