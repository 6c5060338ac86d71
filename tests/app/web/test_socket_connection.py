from __future__ import annotations

import pytest

from app.web.bodies import MAX_BODY
from app.web.socket_connection import FLOOD, MOST_FRAMES, NOT_TEXT, SLICE
from tests.app.web.conftest import Listening
from tests.app.web.following import hear, opened, start
from tests.app.web.raw import BYTES, PING, TEXT, close_code, exchange, frame, handshake, head

PONG = bytes([0x80 | 10, 0])


async def live(server: Listening, study: bool = False) -> str:
    """The address of a socket on which nothing comes to its end."""
    async with server.browser() as browser:
        found = await start(browser, study)
    return f"/api/{'studies' if study else 'runs'}/{found['id']}/live"


async def test_as_many_pings_as_are_allowed_are_answered(server: Listening) -> None:
    async with opened(server, await live(server)) as socket:
        for _ in range(MOST_FRAMES - 1):
            await (await socket.ping())
        server.executor.go.set()
        assert (await hear(socket))[2] == 1000


@pytest.mark.parametrize("study", [False, True])
@pytest.mark.parametrize(
    "flood",
    [
        frame(PING, b""),
        frame(10, b""),  # answers to nothing
        frame(PING, b"") + frame(PING, b"x" * 125),
        frame(0, b"", last=False),  # a message that goes on for ever
    ],
)
async def test_a_flood_of_frames_closes(server: Listening, flood: bytes, study: bool) -> None:
    path = await live(server, study)
    first = frame(TEXT, b"", last=False) if flood[0] == 0 else b""
    answer = await exchange(server, handshake(server, path), first + flood * 100_000)
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert close_code(answer) == FLOOD
    assert answer.count(PONG) <= MOST_FRAMES + SLICE // len(frame(PING, b""))


async def test_a_flood_after_the_end_is_not_heeded(server: Listening) -> None:
    path = await live(server)
    said = frame(TEXT, b"hello") + frame(PING, b"") * 100_000
    answer = await exchange(server, handshake(server, path), said)
    assert close_code(answer) == FLOOD


@pytest.mark.parametrize("study", [False, True])
@pytest.mark.parametrize(
    "said",
    [
        frame(TEXT, b"\xff\xfe"),
        frame(TEXT, b'{"after": {"\xed\xa0\x80": 1}}'),  # half a surrogate pair
        frame(TEXT, b"\xc3", last=False) + frame(0, b"\x28"),
    ],
)
async def test_text_that_is_not_utf_8_closes(
    server: Listening, said: bytes, study: bool, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await exchange(server, handshake(server, await live(server, study)), said)
    assert close_code(answer) == NOT_TEXT
    assert caplog.records == []


async def test_a_character_may_be_split_between_frames(server: Listening) -> None:
    said = frame(TEXT, b"\xc3", last=False) + frame(0, b"\xa9")
    answer = await exchange(server, handshake(server, await live(server)), said)
    assert close_code(answer) == 1008  # it is text, if not wanted


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"\x81\x02{}", 1002),  # no mask
        (bytes([0xC1]) + frame(TEXT, b"{}")[1:], 1002),  # a bit that nobody agreed on
        (frame(3, b""), 1002),  # no kind of frame
        (frame(0, b"x"), 1002),  # goes on with nothing
        (frame(PING, b"x" * 125)[:1] + b"\xfe\x00\x7e" + bytes(130), 1002),  # too long a ping
        (frame(8, b"\x03"), 1002),  # half a code
        (frame(8, b"\x03\xe8\xff"), 1007),  # a reason that is not text
        (b"\x81\xff" + b"\xff" * 8, 1009),
        (b"\x81\xff" + (MAX_BODY + 1).to_bytes(8, "big") + bytes(4), 1009),
        (b"GET / HTTP/1.1\r\n\r\n", 1002),
    ],
)
async def test_frames_that_are_none_close(
    server: Listening, said: bytes, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    for study in (False, True):
        answer = await exchange(server, handshake(server, await live(server, study)), said)
        assert close_code(answer) == code
    assert caplog.records == []


@pytest.mark.parametrize("header", ["Content-Length: 5", "Transfer-Encoding: chunked"])
async def test_a_handshake_has_no_body(
    server: Listening, header: str, caplog: pytest.LogCaptureFixture
) -> None:
    request = handshake(server, await live(server))[:-2] + f"{header}\r\n\r\n".encode()
    answer = await exchange(server, request, b"hello")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert caplog.records == []


async def test_a_refused_handshake_leaves_no_word_in_the_log(
    server: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    path = await live(server)
    foreign = handshake(server, path).replace(b"Origin: http://127", b"Origin: http://128")
    assert (await exchange(server, foreign)).startswith(b"HTTP/1.1 403 ")
    unknown = handshake(server, "/nowhere")
    assert (await exchange(server, unknown)).startswith(b"HTTP/1.1 403 ")
    other = head(server, f"GET {path}", "Upgrade: h2c", "Connection: Upgrade, close") + b"\r\n"
    assert (await exchange(server, other)).startswith(b"HTTP/1.1 404 ")
    assert caplog.records == []


async def test_bytes_are_no_first_message(server: Listening) -> None:
    answer = await exchange(
        server, handshake(server, await live(server, study=True)), frame(BYTES, b"\xff")
    )
    assert close_code(answer) == 4400
