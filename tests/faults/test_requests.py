from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.server import LONG, PATIENCE, SHORT, Server

pytestmark = pytest.mark.faults

JSON = {"content-type": "application/json"}


@pytest.fixture
def server(lasting: Server) -> Server:
    return lasting


def test_a_body_over_64_kb_is_refused_declared_or_not(server: Server) -> None:
    before = len(server.read("/api/runs")["items"])
    fits = json.dumps(SHORT).encode().ljust(65536)
    assert server.browser.post("/api/runs", content=fits, headers=JSON).status_code == 201

    def chunks() -> Iterator[bytes]:
        yield fits
        yield b" "

    for body in (fits + b" ", chunks()):
        answer = server.browser.post("/api/runs", content=body, headers=JSON)
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
    assert len(server.read("/api/runs")["items"]) == before + 1


def test_a_body_without_end_is_not_read_to_its_end(server: Server) -> None:
    host, port = server.http.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as sender:
        sender.sendall(
            f"POST /api/runs HTTP/1.1\r\nHost: {host}:{port}\r\n"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
        for _ in range(5):
            sender.sendall(chunk)
        assert b" 413 " in sender.recv(4096).partition(b"\r\n")[0]


def test_nobody_writes_or_follows_from_another_site(server: Server) -> None:
    run = server.start(LONG)["id"]
    evil = {"origin": "https://evil.example"}
    for method, path, body in (
        ("POST", "/api/runs", SHORT),
        ("POST", "/api/studies", {"study": "twins"}),
        ("POST", f"/api/runs/{run}/control", {"action": "stop"}),
        ("DELETE", f"/api/runs/{run}", None),
    ):
        answer = server.browser.request(method, path, json=body, headers=evil)
        assert answer.status_code == 403
    assert server.read(f"/api/runs/{run}")["state"] in ("queued", "running")
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(
            f"{server.http.replace('http', 'ws', 1)}/api/runs/{run}/live",
            origin=Origin("https://evil.example"),
        ),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_a_name_that_was_pointed_at_this_machine_gets_nothing(server: Server) -> None:
    answer = server.browser.get("/api/runs", headers={"host": "evil.example"})
    assert answer.status_code == 421
