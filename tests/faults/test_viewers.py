from __future__ import annotations

import json
import socket
from contextlib import ExitStack
from typing import Any

import psutil
import pytest

from tests.faults.server import LONG, Server, events, messages, until_step

pytestmark = pytest.mark.faults

VIEWERS = 20
MESSAGES = 2**19  # what one viewer may hold: a message or two of 256 KiB
CACHES = 24 * 2**20  # what the server keeps of all runs to serve its viewers, whoever they are
WIDE: dict[str, Any] = {**LONG, "net": {"family": "mlp", "depth": 64, "width": 4}, "steps": 300}


def test_a_dropped_socket_goes_on_where_it_broke(server: Server) -> None:
    run = server.start({**LONG, "steps": 1500})["id"]
    found: list[dict[str, Any]] = []
    after = -1
    for step in (10, 100, 101, 700):
        with server.viewer(f"/api/runs/{run}/live?after={after}") as viewer:
            found += until_step(viewer, step)
            viewer.socket.shutdown(socket.SHUT_RDWR)  # as when the network goes: no close frame
        after = found[-1]["seq"]
    with server.viewer(f"/api/runs/{run}/live?after={after}") as viewer:
        found += list(events(viewer))
    assert [event["seq"] for event in found] == list(range(len(found)))
    assert found[-1]["type"] == "finished"
    assert found == server.events(run)


def test_dropped_twins_go_on_where_each_was(server: Server) -> None:
    study = server.start({"study": "twins", "base": {**LONG, "steps": 600}}, "studies")
    runs = [run["id"] for run in study["runs"]]
    found: dict[str, list[dict[str, Any]]] = {run: [] for run in runs}
    for parts in (5, 20, None):
        with server.viewer(f"/api/studies/{study['id']}/live") as viewer:
            cursors = {run: said[-1]["seq"] for run, said in found.items() if said}
            viewer.send(json.dumps({"after": cursors}))
            for number, message in enumerate(messages(viewer)):
                if isinstance(message, list):
                    found[message[0]["run"]] += message
                if number == parts:
                    viewer.socket.shutdown(socket.SHUT_RDWR)
                    break
    for run in runs:
        assert [event["seq"] for event in found[run]] == list(range(len(found[run])))
        assert found[run] == server.events(run)


def test_a_viewer_that_stops_reading_costs_nobody_anything(server: Server) -> None:
    run = server.start(WIDE)["id"]
    with ExitStack() as deaf, server.viewer(f"/api/runs/{run}/live") as viewer:
        for _ in range(VIEWERS):
            deaf.enter_context(shake_hands(server, f"/api/runs/{run}/live"))
        before = memory(server)
        found = list(events(viewer))
        assert memory(server) - before < CACHES + VIEWERS * MESSAGES
    assert [event["seq"] for event in found] == list(range(len(found)))
    assert found[-1]["type"] == "finished"


def memory(server: Server) -> int:
    """Bytes that the server holds."""
    return int(psutil.Process(server.process.pid).memory_info().rss)


def shake_hands(server: Server, path: str) -> socket.socket:
    """A viewer that opens a socket and then reads no more."""
    host, port = server.http.removeprefix("http://").split(":")
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.settimeout(30)
    deaf.connect((host, int(port)))
    deaf.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {server.http}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    assert deaf.recv(12) == b"HTTP/1.1 101"
    return deaf
