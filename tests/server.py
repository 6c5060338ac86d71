"""A real server in a process of its own, and what a test does with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

ROOT = Path(__file__).parents[1]
READY = "Depthscope is ready: open "
PATIENCE = 120.0  # seconds; a guard against hanging, not a measurement

# A run that lasts long enough for something to happen to it: some 2 ms a step.
LONG: dict[str, Any] = {
    "net": {"family": "mlp", "depth": 8, "width": 8},
    "steps": 50_000,
    "every": 1,
    "evaluate": {"every": 50_000, "limit": 10},
}
SHORT: dict[str, Any] = {**LONG, "steps": 50, "evaluate": {"every": None, "limit": 10}}


def command(folder: Path, port: int = 0) -> dict[str, Any]:
    """How to start a server on this data folder, for ``subprocess``."""
    return {
        "args": [sys.executable, "-m", "app.main"],
        "cwd": ROOT,
        "env": {
            **os.environ,
            "DEPTHSCOPE_DATA": str(folder),
            "DEPTHSCOPE_PORT": str(port),
            "DEPTHSCOPE_WORKERS": "2",
        },
    }


def refused(folder: Path, *, port: int = 0, **options: Any) -> str:
    """What a server says that can't start: one line, and exit code 1."""
    done = subprocess.run(
        **{**command(folder, port), **options},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("depthscope: ")
    return str(line)


class Server:
    """A server that listens; ends with the ``with`` block, if it lives that long."""

    def __init__(self, folder: Path, module: str = "app.main", **settings: str) -> None:
        self.folder = folder
        options = {**command(folder), "args": [sys.executable, "-m", module]}
        options["env"].update(settings)
        self.process = subprocess.Popen(**options, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith(READY):
            self.kill()
            raise AssertionError(f"the server did not start: {line}")
        self.http = line.removeprefix(READY).strip()
        self.browser = httpx.Client(
            base_url=self.http, headers={"origin": self.http}, timeout=PATIENCE
        )

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.close()
        if self.process.poll() is None:
            self.process.terminate()
        assert self.process.wait(PATIENCE) in (0, -signal.SIGKILL)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def start(self, spec: dict[str, Any], kind: str = "runs") -> dict[str, Any]:
        """A new run or study."""
        answer = self.browser.post(f"/api/{kind}", json=spec)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def order(self, path: str, action: str) -> None:
        """Pause, resume, step or stop a run or study."""
        answer = self.browser.post(f"{path}/control", json={"action": action})
        assert answer.status_code == 200, answer.text

    def read(self, path: str) -> dict[str, Any]:
        """A JSON answer."""
        answer = self.browser.get(path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def events(self, run: str) -> list[dict[str, Any]]:
        """All events that are stored of a run."""
        found: list[dict[str, Any]] = []
        after: int | None = -1
        while after is not None:
            page = self.read(f"/api/runs/{run}/events?after={after}")
            found += page["events"]
            after = page["next"]
        return found

    @contextmanager
    def viewer(self, path: str, **options: Any) -> Iterator[ClientConnection]:
        """A socket as a page of ours opens it: with no pings of its own."""
        address = f"{self.http.replace('http', 'ws', 1)}{path}"
        with connect(
            address,
            origin=Origin(self.http),
            compression=None,
            open_timeout=PATIENCE,
            ping_interval=None,
            **options,
        ) as viewer:
            yield viewer

    def workers(self) -> list[psutil.Process]:
        """The processes that the server started."""
        children: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return children

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait(PATIENCE)


def messages(viewer: ClientConnection) -> Iterator[Any]:
    """What a viewer is sent, until the server closes in order."""
    for message in viewer:  # raises where the socket broke or was closed with an error
        yield json.loads(message)
    assert viewer.close_code == 1000


def close_code(viewer: ClientConnection) -> int | None:
    """Read to the end; how the server closed."""
    with suppress(ConnectionClosed):
        for _ in viewer:
            pass
    return viewer.close_code


def events(viewer: ClientConnection) -> Iterator[dict[str, Any]]:
    """The events among them, one by one."""
    for message in messages(viewer):
        if isinstance(message, list):
            yield from message


def until_step(viewer: ClientConnection, step: int) -> list[dict[str, Any]]:
    """All events up to the first frame of this step or a later one."""
    found = []
    for event in events(viewer):
        found.append(event)
        if event["type"] == "frame" and event["step"] >= step:
            return found
    raise AssertionError("the run ended before")
