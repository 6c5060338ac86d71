"""Writes docs/protocol.md: ``python -m docs.protocol > docs/protocol.md``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from app.executors.local import LocalExecutor
from app.live import Live
from app.runs import Runs
from app.settings import Settings
from app.store.networks import Networks
from app.store.store import Store
from app.web.factory import create_app
from app.web.protocol import protocol
from app.web.server import make_context


def description() -> dict[str, Any]:
    """The interface as OpenAPI, without a server."""
    with tempfile.TemporaryDirectory() as folder:  # nothing is started; the secret needs a place
        executor = LocalExecutor(2)
        runs = Runs(executor, Store("sqlite://"), Live(), Networks(Path(folder), 0))
        context = make_context(Settings(data=Path(folder)), runs, runs.waiting)
        return create_app(context).openapi()


if __name__ == "__main__":
    print(protocol(description()), end="")
