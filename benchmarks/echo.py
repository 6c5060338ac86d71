"""A bare socket that sends back what it hears: ``python -m benchmarks.echo`` prints its address.

What the way from a worker to the page is held against: a process of its own, and nothing but the
library that speaks WebSocket.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from websockets.sync.server import ServerConnection, serve


@contextmanager
def echoing() -> Iterator[str]:
    """The address of such a process, ended afterwards."""
    command = [sys.executable, "-m", "benchmarks.echo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def _answer(socket: ServerConnection) -> None:
    for message in socket:
        socket.send(message)


def main() -> None:
    """Answer until ended."""
    with serve(_answer, "127.0.0.1", 0, compression=None) as server:
        print(f"ws://127.0.0.1:{server.socket.getsockname()[1]}/", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
