"""What stands between a page and its server in some networks."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit

HEAD = b"\r\n\r\n"
REFUSED = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


T = TypeVar("T")


class Proxy:
    """Forwards to a server; can lose connections without a word, and may know no sockets."""

    def __init__(self, server: str, *, sockets: bool = True) -> None:
        self._port = urlsplit(server).port
        self._sockets = sockets
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.Event] = set()  # by connection: set once it is silent
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._listening = self._do(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.http = f"http://127.0.0.1:{self._listening.sockets[0].getsockname()[1]}"

    def __enter__(self) -> Proxy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def freeze(self) -> None:
        """From now on nothing comes through the connections that are open, nor do they close."""
        self._do(self._freeze())

    def _do(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _freeze(self) -> None:
        for silent in self._open:
            silent.set()

    async def _end(self) -> None:
        self._listening.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        silent = asyncio.Event()
        self._open.add(silent)
        try:
            await self._forward(reader, writer, silent)
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # either side has gone
        finally:
            self._open.discard(silent)
            writer.close()

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, silent: asyncio.Event
    ) -> None:
        head = await reader.readuntil(HEAD)
        if not self._sockets:
            if b"upgrade: websocket" in head.lower():
                writer.write(REFUSED)
                await writer.drain()
                return
            # each request on a connection of its own, so that each is looked at
            head = re.sub(rb"(?i)connection: keep-alive", b"Connection: close", head)
        there, onward = await asyncio.open_connection("127.0.0.1", self._port)
        onward.write(head)
        try:
            both = [_pipe(reader, onward, silent), _pipe(there, writer, silent)]
            tasks = [asyncio.ensure_future(one) for one in both]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            onward.close()


async def _pipe(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, silent: asyncio.Event
) -> None:
    while part := await reader.read(2**16):
        if silent.is_set():
            await asyncio.Event().wait()  # for ever: neither said on, nor closed
        writer.write(part)
        await writer.drain()
