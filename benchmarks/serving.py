"""A server of its own for a measurement, and a browser to look at it with."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, sync_playwright

from tests import chromium

SERVE = [sys.executable, "-m", "app.cli", "serve"]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers: its address and its process's number."""

    address: str
    pid: int

    def get(self, path: str) -> bytes:
        """What is at this path."""
        with urlopen(self.address + path, timeout=60) as answer:
            body: bytes = answer.read()
        return body

    def post(self, path: str, body: Any) -> Any:
        """The JSON that is answered to this JSON."""
        request = Request(
            self.address + path,
            json.dumps(body).encode(),
            {"content-type": "application/json"},
            method="POST",
        )
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)


@contextmanager
def serving(command: list[str] | None = None) -> Iterator[Server]:
    """A server on a free port with an empty data folder, ended afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="depthscope-bench-") as folder,
        subprocess.Popen(
            [*(command or SERVE), "--port", "0", "--data", folder],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as process,
    ):
        assert process.stdout
        try:
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address, "the server did not start"
            server = Server(address[0], process.pid)
            _warm(server)
            yield server
        finally:
            process.terminate()
            process.stdout.read()


def _warm(server: Server) -> None:
    """Wait until every worker has torch loaded: a pair of short runs, and a description."""
    base = {"net": {"depth": 8, "width": 4}, "steps": 3}
    server.post("/api/describe", base)
    study = server.post("/api/studies", {"study": "twins", "base": base})
    finish(server, study["id"])


def finish(server: Server, study: str) -> None:
    """Wait until all runs of a study have ended."""
    from websockets import Origin
    from websockets.sync.client import connect

    live = f"{server.address.replace('http', 'ws')}/api/studies/{study}/live"
    with connect(live, origin=Origin(server.address), max_size=None) as messages:
        messages.send('{"after": {}, "frames": false}')
        for _ in messages:
            pass


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(chromium.find()), args=chromium.arguments()
        )
        try:
            yield running
        finally:
            running.close()
