"""``depthscope serve``: the browser's side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.problems import Usage, told
from app.settings import Settings

EVERYWHERE = "0.0.0.0"  # for a class: every address of this machine


def serve(
    *,
    host: Annotated[
        str | None, typer.Option("--host", help="Address to bind; default: 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", help="Port to bind; 0 picks a free one; default: 8000.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder for the database and the secret.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Runs that train at once; default: one a core.")
    ] = None,
    classroom: Annotated[
        bool,
        typer.Option("--class", help="Open it to the network and show the address as a QR code."),
    ] = False,
) -> None:
    """Serve the pages until told to stop (Ctrl-C).

    Options not given are read from DEPTHSCOPE_HOST, DEPTHSCOPE_PORT, DEPTHSCOPE_DATA and so on.
    """
    from app.main import serve as serve_pages

    given = {"host": host, "port": port, "data": data, "workers": workers}
    with told():
        serve_pages(settings(given, classroom=classroom), classroom=classroom)


def settings(given: dict[str, Any], *, classroom: bool = False) -> Settings:
    """The settings: what was given, else the environment's.

    Raises:
        Usage: names the setting and what is wrong with it.
    """
    from pydantic import ValidationError

    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        found = Settings(**chosen)
    except ValidationError as error:
        raise Usage(
            f"{'.'.join(map(str, detail['loc']))}: {detail['msg'].lower()}"
            for detail in error.errors(include_url=False, include_input=False)
        ) from None
    if classroom and "host" not in found.model_fields_set:
        return Settings(**chosen, host=EVERYWHERE)
    return found
