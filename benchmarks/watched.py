"""A server whose Lab tells by itself what a first visit was like.

``python -m benchmarks.watched --port P --data FOLDER`` is ``depthscope serve`` but for that: the
Lab carries a script more (``visit.js``), and GET /visit answers with what it saw, once it has.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = Path(__file__).with_name("visit.js")
TAG = b'<script src="/visit.js"></script>'
HEAD = b"<head>"


class Watched:
    """ASGI middleware that adds the script to the Lab, and passes on what it tells."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._told: asyncio.Queue[bytes] = asyncio.Queue()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        match scope["method"], scope["path"]:
            case "GET", "/visit.js":
                answer = Response(SCRIPT.read_bytes(), media_type="text/javascript")
            case "POST", "/visit":
                self._told.put_nowait(await Request(scope, receive).body())
                answer = Response(status_code=204)
            case "GET", "/visit":
                answer = Response(await self._told.get(), media_type="application/json")
            case "GET", "/":
                await self._app(_plain(scope), receive, _adding(send))
                return
            case _:
                await self._app(scope, receive, send)
                return
        await answer(scope, receive, send)


def _plain(scope: Scope) -> Scope:
    """The request without its offer to take a compressed answer."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}


def _adding(send: Send) -> Send:
    """Send a page with the script at the top of its head."""
    started: dict[str, Any] = {}

    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
            return
        body = message["body"].replace(HEAD, HEAD + TAG, 1)
        headers = [(name, value) for name, value in started["headers"] if name != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({**started, "headers": headers})
        await send({**message, "body": body})

    return add


def main() -> None:
    """Serve, with the Lab watched."""
    from app.cli import app
    from app.web import factory, server

    vars(server)["create_app"] = lambda context: Watched(factory.create_app(context))
    app(["serve", *sys.argv[1:]])


if __name__ == "__main__":
    main()
