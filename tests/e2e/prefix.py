"""A proxy before a server, as a school's web server is one: it serves the pages below a path."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from urllib.parse import urlsplit

PATH = "/class"


@contextmanager
def below_a_path(server: str) -> Iterator[str]:
    """The address under which ``server``'s first page is found, below ``PATH``."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(_listen(server), loop).result(10)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}{PATH}/"
    finally:
        asyncio.run_coroutine_threadsafe(_close(listening), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _listen(server: str) -> asyncio.Server:
    target = urlsplit(server)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            upstream = await asyncio.open_connection(target.hostname, target.port)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            return
        upstream[1].write(_below(head))
        await asyncio.gather(_copy(reader, upstream[1]), _copy(upstream[0], writer))

    return await asyncio.start_server(serve, "127.0.0.1", 0)


def _below(head: bytes) -> bytes:
    """A request's head without the path in front; one request a connection, but for sockets."""
    line, _, fields = head.partition(b"\r\n")
    method, path, version = line.split(b" ")
    stripped = path.removeprefix(PATH.encode())
    if stripped == path:  # not ours: as a web server says it
        stripped = b"/not/below/the/path"
    if b"upgrade: websocket" not in fields.lower():
        fields = b"Connection: close\r\n" + _without_connection(fields)
    return b" ".join((method, stripped, version)) + b"\r\n" + fields


def _without_connection(fields: bytes) -> bytes:
    lines = fields.split(b"\r\n")
    return b"\r\n".join(one for one in lines if not one.lower().startswith(b"connection:"))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    except ConnectionError:
        pass  # one end went away: the other is told by the close
    finally:
        writer.close()


async def _close(listening: asyncio.Server) -> None:
    listening.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.sleep(0)
