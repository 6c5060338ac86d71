"""The server: takes its port and its data folder, then puts the parts together and serves."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

# What only a running server needs is imported inside functions: the command line imports this
# module also to print its help.
if TYPE_CHECKING:
    import socket

    from app.settings import Settings


def serve(settings: Settings, *, classroom: bool = False) -> None:
    """Serve until told to stop. ``classroom`` shows the address for others, with a QR code.

    Raises:
        SystemExit: the server can't start; the message is one line, and nothing was changed.
    """
    from app.store.errors import StoreError
    from app.store.folder import claim
    from app.web.listening import CantListen, listen

    try:
        with listen(settings.host, settings.port) as listener, claim(settings.data):
            _run(settings, listener, classroom)
    except (CantListen, StoreError) as error:
        raise SystemExit(f"depthscope: {error}") from error


def _run(settings: Settings, listener: socket.socket, classroom: bool) -> None:
    from app.data.folders import VARIABLE
    from app.executors.local import LocalExecutor
    from app.live import Live
    from app.runs import Runs
    from app.store.networks import Networks
    from app.store.store import Store
    from app.web.announce import announce
    from app.web.server import serve_on

    os.environ[VARIABLE] = str(settings.data.absolute())  # where the workers find data sets
    store = Store(settings.database_url)
    try:
        store.open()
        executor = LocalExecutor(settings.workers)
        networks = Networks(settings.networks_folder, settings.networks * 10**6)
        runs = Runs(executor, store, Live(), networks)
        serve_on(
            listener,
            settings,
            runs,
            runs.waiting,
            lambda: announce(settings, listener, classroom=classroom),
        )
    finally:
        store.close()


def main() -> None:
    """``python -m app.main [class]``, configured by the environment."""
    from pydantic import ValidationError

    from app.settings import Settings

    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise SystemExit(f"depthscope: DEPTHSCOPE_{name}: {first['msg']}") from error
    serve(settings, classroom="class" in sys.argv[1:])


if __name__ == "__main__":
    main()
