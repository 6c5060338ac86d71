"""Who sends without end is let go, and others hardly notice."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.faults.test_viewers import memory, shake_hands
from tests.server import LONG, PATIENCE, Server

pytestmark = pytest.mark.faults

FLOODS = 4  # at once
SENT = 64 * 2**20  # bytes that each would send
MORE = 32 * 2**20  # bytes that the server may hold for them all
PING = b"\x89\x80" + bytes(4)


@pytest.fixture
def server(lasting: Server) -> Server:
    return lasting


@contextmanager
def flooding(opened: list[socket.socket], part: bytes) -> Iterator[list[int]]:
    """Each of these sends this part again and again; how much each could send."""
    sent = [0] * len(opened)

    def flood(number: int) -> None:
        with suppress(OSError):  # it is let go
            while sent[number] < SENT:
                opened[number].sendall(part)
                sent[number] += len(part)

    threads = [threading.Thread(target=flood, args=(number,)) for number in range(len(opened))]
    for thread in threads:
        thread.start()
    try:
        yield sent
    finally:
        for thread in threads:
            thread.join(PATIENCE)
        for one in opened:
            one.close()


def connected(server: Server) -> socket.socket:
    """A connection on which a request has begun."""
    host, port = server.http.removeprefix("http://").split(":")
    opened = socket.create_connection((host, int(port)), timeout=PATIENCE)
    opened.sendall(f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\n".encode())
    return opened


@pytest.mark.parametrize("part", [b"x" * 2**16, b"x: y\r\n" * 10_000])
def test_headers_without_end_are_not_kept(server: Server, part: bytes) -> None:
    server.read("/healthz")
    before = memory(server)
    with flooding([connected(server) for _ in range(FLOODS)], part) as sent:
        for _ in range(20):
            server.read("/healthz")
    assert max(sent) < SENT
    assert memory(server) - before < MORE


def test_pings_without_end_are_not_answered(server: Server) -> None:
    run = server.start(LONG)["id"]
    before = memory(server)
    opened = [shake_hands(server, f"/api/runs/{run}/live") for _ in range(FLOODS)]
    with flooding(opened, PING * 10_000) as sent:
        for _ in range(20):
            server.read("/healthz")
    assert max(sent) < SENT
    assert memory(server) - before < MORE
