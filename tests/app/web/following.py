"""Sockets as a page opens them, and what comes over them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from tests.app.web.conftest import SMALL, Listening
from tests.app.web.scripted import FRAMES

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
