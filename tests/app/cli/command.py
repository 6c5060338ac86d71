"""``depthscope``, as a test runs it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from app.cli import app

QUICK = ["--depth", "8", "--width", "4", "--steps", "6"]
COMMAND = [sys.executable, "-c", "from app.cli import app; app()"]


def run(*arguments: str, stdin: str = "", **environment: str) -> Result:
    """The command in this process: what it does with signals is tested in one of its own."""
    told = {"NO_COLOR": "1", "COLUMNS": "200", **environment}
    done = CliRunner().invoke(app, arguments, input=stdin, env=told)
    if not isinstance(done.exception, SystemExit | None):
        raise done.exception
    return done


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def without_time(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in one.items() if key != "time"} for one in events]


def interrupted(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """The status of a command that is interrupted at its first frame, and what it then says."""
    # Who runs tests in the background ignores interruptions, and so would what it starts.
    heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    python, option, code = COMMAND
    with subprocess.Popen(
        [python, option, f"{heeding}; {code}", *arguments], stdout=subprocess.PIPE, text=True
    ) as command:
        assert command.stdout
        for line in command.stdout:
            if '"type":"frame"' in line:
                break
        command.send_signal(signal.SIGINT)
        rest = lines(command.stdout.read())
    return command.returncode, rest


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A server on a free port; gives its address, and ends it as Docker would."""
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--data", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stdout
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address
        try:
            yield address[0]
        finally:
            server.send_signal(signal.SIGTERM)
            server.stdout.read()
    assert server.returncode == 0
