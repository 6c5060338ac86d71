"""Bytes as they stand on the wire, for what no client library would send."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain
from typing import Any

from tests.app.web.conftest import Listening

UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
TEXT, BYTES, CLOSE, PING = 1, 2, 8, 9


def head(server: Listening, start: str, *headers: str) -> bytes:
    """A request's head that lacks its last, empty line."""
    host = f"Host: 127.0.0.1:{server.port}"
    return "".join(f"{line}\r\n" for line in (f"{start} HTTP/1.1", host, *headers)).encode()


def handshake(server: Listening, path: str) -> bytes:
    """The request that opens a socket."""
    return head(server, f"GET {path}", f"Origin: {server.http}") + UPGRADE.encode() + b"\r\n"


def frame(kind: int, payload: bytes, *, last: bool = True) -> bytes:
    """A frame of a client, masked with zeros."""
    length = (
        bytes([0x80 | len(payload)])
        if len(payload) < 126
        else bytes([0x80 | 126, *len(payload).to_bytes(2, "big")])
    )
    return bytes([(0x80 if last else 0) | kind]) + length + bytes(4) + payload


async def exchange(
    server: Listening, first: bytes = b"", *parts: bytes, more: Iterable[bytes] = ()
) -> bytes:
    """Everything the server answers, until it closes, to what is sent part by part."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    answer = b""
    writer.write(first)
    if UPGRADE.encode() in first:  # the socket is open once that is said
        answer = await reader.readuntil(b"\r\n\r\n")

    async def read() -> None:
        nonlocal answer
        with suppress(ConnectionError):  # it may close before it has read all that came
            while part := await reader.read(2**16):
                answer += part

    reading = asyncio.create_task(read())
    with suppress(ConnectionError):
        for part in chain(parts, more):
            writer.write(part)
            await writer.drain()
    async with asyncio.timeout(60):
        await reading
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return answer


def refusal(answer: bytes) -> tuple[int, dict[str, Any]]:
    """The status and the problem of an answer that is one."""
    start, _, rest = answer.partition(b"\r\n")
    headers, _, body = rest.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in headers.lower()
    found: dict[str, Any] = json.loads(body)
    assert start == f"HTTP/1.1 {found['status']} {found['title']}".encode()
    return found["status"], found


def close_code(answer: bytes) -> int:
    """The code of the close frame that ends what a socket was sent (its reason is short)."""
    start = max(answer.rfind(bytes([0x80 | CLOSE, size])) for size in range(2, 126))
    assert start >= 0, answer[-200:]
    return int.from_bytes(answer[start + 2 : start + 4], "big")
