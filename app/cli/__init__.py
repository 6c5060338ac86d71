"""The command line. Each command imports what it needs when it runs, so that help comes at once."""

from __future__ import annotations

from typing import Annotated

import typer

from app import __version__
from app.cli.analyse import analyse
from app.cli.data import data
from app.cli.describe import describe
from app.cli.doctor import doctor
from app.cli.export import export
from app.cli.serve import serve
from app.cli.study import study
from app.cli.train import train

app = typer.Typer(
    name="depthscope",
    help="Shows, live, why deep networks need skip connections.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"depthscope {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Shows, live, why deep networks need skip connections."""


for command in (serve, train, describe, export, doctor):
    app.command()(command)
app.add_typer(study, name="study")
app.add_typer(data, name="data")
app.add_typer(analyse, name="analyse")
