"""Who follows: not too many, told when the server goes, and let go where they don't read."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from websockets.asyncio.client import connect
from websockets.typing import Origin

from app.web import sockets
from app.web.sockets import Viewers
from tests.app.web.conftest import Listening, listening
from tests.app.web.following import hear, opened, start


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


async def test_who_comes_while_the_server_goes_is_told(server: Listening) -> None:
    async with server.browser() as browser:
        study = await start(browser, study=True)
    silent = await connect(
        f"{server.ws}/api/studies/{study['id']}/live", origin=Origin(server.http)
    )
    while not server.context.viewers._open:
        await asyncio.sleep(0)
    await server.context.viewers.close()
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
        sent: list[int] = []  # messages made for each viewer, whichever came first

        async def endless(*_: object) -> AsyncGenerator[str, None]:
            viewer = len(sent)
            sent.append(0)
            while True:
                sent[viewer] += 1
                yield "x" * 100_000

        server.context.runs.follow = endless  # type: ignore[method-assign, assignment]
        async with server.browser() as browser:
            run = (await start(browser))["id"]
        path = f"/api/runs/{run}/live"
        async with deaf_viewer(server, path), opened(server, path) as reader:
            viewers = server.context.viewers
            while len(viewers._open) < 2:
                await reader.recv()
            while len(viewers._open) > 1:  # the reader is served while the other is waited for
                await reader.recv()
            before = sum(sent)  # the reader alone is served now
            while sum(sent) < before + 200:
                await reader.recv()
        # what was made for who does not read is what the system's buffers took, and no more
        deaf, read = sorted(sent)
        assert deaf < 100
        assert read > 200


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
