from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest

from app.web import bodies, connection
from app.web.connection import MAX_HEAD, MAX_LINE, MOST_HEADERS, MOST_PIPELINED
from tests.app.web.conftest import Listening
from tests.app.web.raw import UPGRADE, exchange, head, refusal

MANY = 200 * 2**20  # bytes that a flood would send
PART = b"x" * 2**16


async def status(server: Listening, *parts: bytes) -> int:
    return refusal(await exchange(server, *parts))[0]


async def test_as_many_headers_as_are_allowed_are_taken(server: Listening) -> None:
    most = [f"X{number}: y" for number in range(MOST_HEADERS - 2)]  # and two more
    answer = await exchange(
        server, head(server, "GET /healthz", "Connection: close", *most) + b"\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 200 ")
    for path in ("/healthz", "/api/runs/aaaaaaaaaa/live"):
        for more in ("", UPGRADE):
            request = head(server, f"GET {path}", *most, "A: b") + more.encode() + b"C: d\r\n\r\n"
            assert await status(server, request) == 431


async def test_a_header_may_be_as_long_as_is_allowed(server: Listening) -> None:
    fits = "y" * (MAX_LINE - 1)
    answer = await exchange(
        server, head(server, "GET /healthz", "Connection: close", f"X: {fits}") + b"\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert await status(server, head(server, "GET /healthz", f"X: {fits}y") + b"\r\n") == 431
    several = [f"X{number}: {fits[:-2]}" for number in range(5)]
    assert await status(server, head(server, "GET /healthz", *several) + b"\r\n") == 431


async def test_a_refusal_says_what_is_allowed(server: Listening) -> None:
    _, found = refusal(
        await exchange(server, head(server, "GET /", "X: " + "y" * MAX_LINE) + b"\r\n")
    )
    for most in (MOST_HEADERS, MAX_LINE, MAX_HEAD):
        assert f"{most:,}" in found["detail"]


async def test_an_address_may_be_as_long_as_is_allowed(server: Listening) -> None:
    path = "/api/runs?text="
    fits = path + "y" * (MAX_LINE - len(path))
    answer = await exchange(server, head(server, f"GET {fits}", "Connection: close") + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 422 ")  # the route's own bound
    assert await status(server, head(server, f"GET {fits}y") + b"\r\n") == 414


@pytest.mark.parametrize(
    ("start", "part"),
    [
        ("X: ", PART),  # one header without end
        ("", PART),  # the name of one
        ("", b"X: y\r\n" * 10_000),
        ("\r\n", b"\r\n" * 2**15),  # nothing between requests
        ("Transfer-Encoding: chunked\r\n\r\n0\r\nX: ", PART),  # a header after the body
        ("Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 10_000),
        ("Transfer-Encoding: chunked\r\n\r\n1;", PART),  # a word about a chunk
    ],
)
async def test_what_never_ends_is_not_read_to_its_end(
    server: Listening, start: str, part: bytes
) -> None:
    request = head(server, "POST /api/runs", "Content-Type: application/json") + start.encode()
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while taken < MANY:
            taken += len(part)
            yield part

    answer = await exchange(server, request, more=endless())
    assert taken < MANY
    # where the application answers already, there is nothing to be said but the end
    assert answer == b"" or b" 431 " in answer.partition(b"\r\n")[0]


async def test_no_more_requests_wait_behind_another_than_are_allowed(server: Listening) -> None:
    one = head(server, "GET /healthz") + b"\r\n"
    last = head(server, "GET /healthz", "Connection: close") + b"\r\n"
    answer = await exchange(server, one * MOST_PIPELINED + last)
    assert answer.count(b"HTTP/1.1 200 ") == MOST_PIPELINED + 1
    answer = await exchange(server, one * 10_000)
    assert answer.count(b"HTTP/1.1 200 ") < 10_000


async def test_a_head_must_come_in_time(server: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_WITHIN", 0.05)
    assert await status(server, head(server, "GET /healthz")) == 408
    assert await status(server, b"G") == 408
    assert await exchange(server) == b""  # a connection that a browser kept ready
    answered = await exchange(
        server, head(server, "GET /healthz") + b"\r\n", head(server, "GET /healthz")
    )
    assert answered.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answered


async def test_a_body_must_come_in_time(server: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_WITHIN", 0.05)
    headers = ("Content-Type: application/json", "Content-Length: 10")
    assert await status(server, head(server, "POST /api/runs", *headers) + b"\r\n{") == 408


async def test_a_reader_must_take_what_it_asked_for(
    server: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "TAKE_WITHIN", 0.05)
    _, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=2**10)
    writer.write(b"".join([head(server, "GET /api/catalog"), b"\r\n"]) * MOST_PIPELINED)
    with suppress(ConnectionError):  # more and more is asked for, and nothing read
        while not writer.is_closing():
            writer.write(head(server, "GET /api/catalog") + b"\r\n")
            await asyncio.wait_for(writer.drain(), 20)
    writer.close()


async def test_one_address_does_not_take_all_connections(
    server: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MOST_MACHINE", 3)
    opened = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(3)]
    assert await status(server) == 503
    for _, writer in opened:
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("nonsense", [b"\x16\x03\x01\x02\x00", b"hello\r\n\r\n"])
async def test_what_is_no_http_is_refused(server: Listening, nonsense: bytes) -> None:
    assert await status(server, nonsense) == 400
