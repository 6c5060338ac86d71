from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from app.store.errors import Unavailable
from app.web import sockets
from app.web.sockets import Viewers
from tests.app.web.conftest import SMALL, Listening, listening
from tests.app.web.scripted import FRAMES
from tests.app.web.test_runs_api import ended

TWINS: dict[str, Any] = {"study": "twins", "base": SMALL}
ALL = list(range(FRAMES + 3))


@asynccontextmanager
async def opened(server: Listening, path: str, **options: Any) -> AsyncIterator[ClientConnection]:
    """A socket as a page of ours opens it."""
    async with connect(
        f"{server.ws}{path}", origin=Origin(server.http), compression=None, **options
    ) as socket:
        yield socket


async def hear(socket: ClientConnection) -> tuple[list[Any], list[Any], int | None]:
    """All events and states until the server closes, and the close code."""
    events, states = [], []
    try:
        async with asyncio.timeout(20):
            while True:
                message = json.loads(await socket.recv())
                if isinstance(message, list):
                    events += message
                else:
                    states.append(message)
    except ConnectionClosed as closed:
        return events, states, closed.rcvd.code if closed.rcvd else None


async def start(browser: httpx.AsyncClient, study: bool = False) -> dict[str, Any]:
    """A new run, or twins."""
    kind, spec = ("studies", TWINS) if study else ("runs", SMALL)
    answer = await browser.post(f"/api/{kind}", json=spec)
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


async def test_a_run_is_followed_from_waiting_to_its_end(server: Listening) -> None:
    async with server.browser() as browser:
        run = (await start(browser))["id"]
        async with opened(server, f"/api/runs/{run}/live") as socket:
            first = json.loads(await socket.recv())
            assert first["type"] == "state"
            assert first["run"] == run
            assert first["state"] == "queued"
            server.executor.go.set()
            events, states, code = await hear(socket)
    assert [event["seq"] for event in events] == ALL
    assert {event["run"] for event in events} == {run}
    assert states[-1]["state"] == "finished"
    assert code == 1000


async def test_first_load_and_reconnecting_are_the_same(server: Listening) -> None:
    server.executor.go.set()
    async with server.browser() as browser:
        run = (await start(browser))["id"]
        await ended(browser, run)
    for after in (-1, 0, 2, ALL[-1], 10**9):
        async with opened(server, f"/api/runs/{run}/live?after={after}") as socket:
            events, states, code = await hear(socket)
        assert [event["seq"] for event in events] == [seq for seq in ALL if seq > after]
        assert states[-1]["state"] == "finished"
        assert code == 1000


async def test_frames_can_be_left_out(server: Listening) -> None:
    server.executor.go.set()
    async with server.browser() as browser:
        run = (await start(browser))["id"]
        async with opened(server, f"/api/runs/{run}/live?frames=false") as socket:
            events, _, _ = await hear(socket)
    assert [event["type"] for event in events] == ["started", "evaluated", "finished"]


async def test_twins_come_on_one_socket(server: Listening) -> None:
    async with server.browser() as browser:
        study = await start(browser, study=True)
        first, second = [run["id"] for run in study["runs"]]
        async with opened(server, f"/api/studies/{study['id']}/live") as socket:
            await socket.send(json.dumps({"after": {first: 3}}))
            server.executor.go.set()
            events, states, code = await hear(socket)
    by_run = {run: [e["seq"] for e in events if e["run"] == run] for run in (first, second)}
    assert by_run == {first: ALL[4:], second: ALL}
    assert {state["run"] for state in states if state["state"] == "finished"} == {first, second}
    assert code == 1000


@pytest.mark.parametrize(
    "first",
    [
        "nonsense",
        "[]",
        "{",
        '{"after": {"elsewhere": 1}}',
        '{"after": {"RUN": "1"}}',
        '{"after": {"RUN": 1.5}}',
        '{"after": {"RUN": -2}}',
        '{"after": {"RUN": NaN}}',
        '{"after": [1]}',
        '{"after": {}, "frames": 1}',
        '{"after": {}, "colour": "red"}',
        b"\x00\x01",
        b"",
        b'{"after": {}}',
    ],
)
async def test_a_first_message_of_another_kind_closes(
    server: Listening, first: str | bytes
) -> None:
    async with server.browser() as browser:
        study = await start(browser, study=True)
    if isinstance(first, str):
        first = first.replace("RUN", study["runs"][0]["id"])
    async with opened(server, f"/api/studies/{study['id']}/live") as socket:
        await socket.send(first)
        assert (await hear(socket))[2] == sockets.BAD_REQUEST


async def test_a_first_message_may_not_be_large(server: Listening) -> None:
    async with server.browser() as browser:
        study = await start(browser, study=True)
    async with opened(server, f"/api/studies/{study['id']}/live") as socket:
        await socket.send('{"after": {}}' + " " * 65536)
        assert (await hear(socket))[2] == 1009


async def test_a_first_message_must_come(
    server: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "FIRST_WITHIN", 0.05)
    async with server.browser() as browser:
        study = await start(browser, study=True)
    async with opened(server, f"/api/studies/{study['id']}/live") as socket:
        assert (await hear(socket))[2] == sockets.BAD_REQUEST


@pytest.mark.parametrize("query", ["after=x", "after=-2", "after=1e3", "frames=2", "colour=red"])
async def test_an_address_that_asks_nonsense_closes(server: Listening, query: str) -> None:
    async with server.browser() as browser:
        run = (await start(browser))["id"]
    async with opened(server, f"/api/runs/{run}/live?{query}") as socket:
        assert (await hear(socket))[2] == sockets.BAD_REQUEST


async def test_what_is_not_there_can_not_be_followed(server: Listening) -> None:
    for path in ("/api/runs/zzzzzzzzzz/live", "/api/studies/zzzzzzzzzz/live"):
        async with opened(server, path) as socket:
            assert (await hear(socket))[2] == sockets.NOT_FOUND


@pytest.mark.parametrize("word", ["hello", b"hello", b""])
async def test_who_follows_has_nothing_more_to_say(server: Listening, word: str | bytes) -> None:
    async with server.browser() as browser:
        run = (await start(browser))["id"]
    async with opened(server, f"/api/runs/{run}/live") as socket:
        await socket.send(word)
        assert (await hear(socket))[2] == sockets.UNWANTED


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null"])
async def test_pages_of_other_sites_may_not_follow(server: Listening, origin: str) -> None:
    async with server.browser() as browser:
        run = (await start(browser))["id"]
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"{server.ws}/api/runs/{run}/live", origin=Origin(origin)):
            pass
    assert refused.value.response.status_code == 403
    assert refused.value.response.headers["content-type"] == "application/problem+json"


async def test_sockets_are_not_compressed(server: Listening) -> None:
    async with server.browser() as browser:
        run = (await start(browser))["id"]
    async with connect(f"{server.ws}/api/runs/{run}/live", compression="deflate") as socket:
        assert socket.response is not None
        assert "sec-websocket-extensions" not in socket.response.headers


async def test_viewers_are_bounded(tmp_path: Path) -> None:
    async with listening(tmp_path, go=False, viewers=Viewers(most=2)) as server:
        async with server.browser() as browser:
            run = (await start(browser))["id"]
        path = f"/api/runs/{run}/live"
        async with opened(server, path) as one, opened(server, path) as two:
            await one.recv()
            await two.recv()
            async with opened(server, path) as three:
                assert (await hear(three))[2] == sockets.TRY_LATER
        async with opened(server, path) as four:
            assert json.loads(await four.recv())["type"] == "state"


async def test_viewers_from_one_address_are_bounded(tmp_path: Path) -> None:
    async with listening(tmp_path, go=False, viewers=Viewers(most_machine=1)) as server:
        async with server.browser() as browser:
            run = (await start(browser))["id"]
        path = f"/api/runs/{run}/live"
        async with opened(server, path) as one:
            await one.recv()
            async with opened(server, path) as two:
                assert (await hear(two))[2] == sockets.TRY_LATER


async def test_what_can_not_be_read_now_can_be_asked_for_later(server: Listening) -> None:
    async def unavailable(_: str) -> None:
        raise Unavailable("the disk is full")

    server.site.runs.run = unavailable  # type: ignore[method-assign, assignment]
    async with opened(server, "/api/runs/aaaaaaaaaa/live") as socket:
        assert (await hear(socket))[2] == sockets.TRY_LATER


async def test_who_comes_while_the_server_goes_is_told(server: Listening) -> None:
    async with server.browser() as browser:
        study = await start(browser, study=True)
    silent = await connect(
        f"{server.ws}/api/studies/{study['id']}/live", origin=Origin(server.http)
    )
    while not server.site.viewers._open:
        await asyncio.sleep(0)
    await server.site.viewers.close()
    assert (await hear(silent))[2] == sockets.GOING_AWAY
    async with opened(server, f"/api/studies/{study['id']}/live") as late:
        assert (await hear(late))[2] == sockets.GOING_AWAY


async def test_a_server_that_goes_says_so(tmp_path: Path) -> None:
    async with listening(tmp_path, go=False) as server:
        async with server.browser() as browser:
            run = (await start(browser))["id"]
        socket = await connect(f"{server.ws}/api/runs/{run}/live", origin=Origin(server.http))
        await socket.recv()
    assert (await hear(socket))[2] == sockets.GOING_AWAY


async def test_who_does_not_read_is_let_go_and_holds_up_nobody(tmp_path: Path) -> None:
    async with listening(tmp_path, go=False, viewers=Viewers(send_within=0.2)) as server:
        sent: list[int] = []  # messages made for each viewer, in the order in which they came

        async def endless(*_: object) -> AsyncGenerator[str, None]:
            viewer = len(sent)
            sent.append(0)
            while True:
                sent[viewer] += 1
                yield "x" * 100_000

        server.site.runs.follow = endless  # type: ignore[method-assign, assignment]
        async with server.browser() as browser:
            run = (await start(browser))["id"]
        path = f"/api/runs/{run}/live"
        async with deaf_viewer(server, path), opened(server, path) as reader:
            viewers = server.site.viewers
            while len(viewers._open) < 2:
                await reader.recv()
            while len(viewers._open) > 1:  # the reader is served while the other is waited for
                await reader.recv()
            before = sent[1]
            while sent[1] < before + 200:
                await reader.recv()
        # what was made for who does not read is what the system's buffers took, and no more
        assert sent[0] < 100
        assert sent[1] > 200


@asynccontextmanager
async def deaf_viewer(server: Listening, path: str) -> AsyncIterator[None]:
    """A viewer that shakes hands and then reads nothing: its window fills up."""
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(deaf, ("127.0.0.1", server.port))
        await loop.sock_sendall(
            deaf,
            (
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            ).encode(),
        )
        assert b"101" in await loop.sock_recv(deaf, 64)
        yield
