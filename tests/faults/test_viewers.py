from __future__ import annotations

import json
import socket
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.contracts.fake_training import Behaviour
from tests.server import LONG, PATIENCE, Server, events, messages, until_step

pytestmark = pytest.mark.faults

VIEWERS = 20
MESSAGES = 2**20  # what one viewer may hold: a message of 256 KiB or two, made and being sent
CACHES = 2 * 32 * 2**20  # tails, pages and the writer: of all runs, whoever reads; old and new
LOUD: dict[str, Any] = {"net": {"depth": 8}, "steps": 400, "seed": Behaviour.HUGE}
SAID = 400 * 200_000  # bytes, about


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


def test_a_viewer_that_stops_reading_costs_nobody_anything(folder: Path) -> None:
    with Server(folder, "tests.faults.talkative") as server, ExitStack() as opened:
        run = server.start(LOUD)["id"]
        viewer = opened.enter_context(server.viewer(f"/api/runs/{run}/live"))
        open_before = connections(server)
        deaf = [
            opened.enter_context(shake_hands(server, f"/api/runs/{run}/live"))
            for _ in range(VIEWERS)
        ]
        before = most = memory(server)
        seqs: list[int] = []
        for event in events(viewer):  # raises where this one is not told to the end
            seqs.append(event["seq"])
            most = max(most, memory(server))
        assert seqs == list(range(LOUD["steps"] + 4))
        process = psutil.Process(server.process.pid)
        while connections(server) >= open_before:  # the deaf are let go, and the one that is done
            psutil.wait_procs([process], timeout=0.05)
            most = max(most, memory(server))
        assert most - before < CACHES + VIEWERS * MESSAGES
        # what they find in their buffers is less than was said, and no end of it
        assert max(map(left_over, deaf)) < SAID / 4


def memory(server: Server) -> int:
    """Bytes that the server holds."""
    return int(psutil.Process(server.process.pid).memory_info().rss)


def connections(server: Server) -> int:
    """How many connections the server has open."""
    return len(psutil.Process(server.process.pid).net_connections("tcp"))


def left_over(deaf: socket.socket) -> int:
    """Bytes that had been sent before the server let go."""
    size = 0
    with suppress(ConnectionError):
        while part := deaf.recv(2**16):
            size += len(part)
    return size


def shake_hands(server: Server, path: str) -> socket.socket:
    """A viewer that opens a socket and then reads no more."""
    host, port = server.http.removeprefix("http://").split(":")
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.settimeout(PATIENCE)
    deaf.connect((host, int(port)))
    deaf.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {server.http}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    assert deaf.recv(12) == b"HTTP/1.1 101"
    return deaf
