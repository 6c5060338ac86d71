"""A worker process as its parent sees it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from app.executors.channel import Channel
from app.executors.messages import News, Order, Setup

PATIENCE = 2.0  # seconds that a worker may take to leave once it hung up


class Process:
    """Orders go in, news comes out, until the process is gone, however it went.

    A new interpreter rather than a fork or multiprocessing's spawn: a fork would copy locks that
    other threads hold; spawn would import the parent's main module (command line and web server)
    into each worker, and leave a tracker process behind.

    Raises:
        OSError: the system starts no more processes.
    """

    def __init__(self, setup: Setup) -> None:
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "app.executors.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": _path()},
        )
        assert self._popen.stdin
        assert self._popen.stdout
        self._output = self._popen.stdout
        self._channel = Channel(self._popen.stdout, self._popen.stdin)
        self._send(setup)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._popen.pid

    def order(self, order: Order) -> None:
        """Tell it. Where it is gone this does nothing: whoever reads its news will learn of it."""
        self._send(order)

    def hear(self) -> News:
        """The next of its news; waits for it.

        Raises:
            EOFError: it is gone, and this was its last word.
        """
        news: News = self._channel.receive()
        return news

    @property
    def gone(self) -> bool:
        """Whether it has ended."""
        return self._popen.poll() is not None

    def kill(self) -> None:
        """End it at once."""
        self._popen.kill()

    def dismiss(self) -> None:
        """Let it end by itself, at once; what it had still to say is lost."""
        self._channel.hang_up()

    def reap(self) -> str:
        """Wait until it is gone, release what it held; returns how it went, in words."""
        self._channel.hang_up()
        try:
            code = self._popen.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            code = self._popen.wait()
        self._output.close()
        return f"signal {-code}, {signal.strsignal(-code)}" if code < 0 else f"exit code {code}"

    def _send(self, message: Order | Setup) -> None:
        with suppress(OSError, ValueError):
            self._channel.send(message)


def _path() -> str:
    """Where this process finds its modules, for the worker to find the same."""
    return os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
