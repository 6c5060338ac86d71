"""What a socket brings, and what it takes for a first word."""

from __future__ import annotations

import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from app.store.errors import Unavailable
from app.web import sockets
from tests.app.web.conftest import Listening
from tests.app.web.following import ALL, hear, opened, start
from tests.app.web.test_runs_api import ended


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


NONSENSE = [
    *("after=x", "after=-2", "after=1e3", "after=%2B1", "after=1_0", "after=%D9%A1", "after="),
    *("after=9007199254740993", f"after={'9' * 5000}", "after=%00"),
    *("frames=2", "frames=yes", "frames=True", "colour=red", "=1"),
]


@pytest.mark.parametrize("query", NONSENSE)
async def test_an_address_that_asks_nonsense_closes(
    server: Listening, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with server.browser() as browser:
        run = (await start(browser))["id"]
        study = (await start(browser, study=True))["id"]
    for address in (f"runs/{run}", f"studies/{study}"):
        async with opened(server, f"/api/{address}/live?{query}") as socket:
            assert (await hear(socket))[2] == sockets.BAD_REQUEST
    assert caplog.records == []


@pytest.mark.parametrize(
    "query", ["after=1&after=2", "frames=true&frames=false", "frames=true&frames=true"]
)
async def test_an_address_that_says_a_thing_twice_is_told_which(
    server: Listening, query: str
) -> None:
    async with server.browser() as browser:
        run = (await start(browser))["id"]
    async with opened(server, f"/api/runs/{run}/live?{query}") as socket:
        await hear(socket)
        assert socket.close_code == sockets.BAD_REQUEST
        assert socket.close_reason == f"{query.partition('=')[0]} is given twice"


@pytest.mark.parametrize("address", ["live?after=%FF", "live?%FF=1", "%FF/live"])
async def test_an_address_that_is_not_utf_8_opens_nothing(
    server: Listening, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with opened(server, f"/api/runs/aaaaaaaaaa/{address}"):
            pass
    assert refused.value.response.status_code == 400
    assert caplog.records == []


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


async def test_what_can_not_be_read_now_can_be_asked_for_later(server: Listening) -> None:
    async def unavailable(_: str) -> None:
        raise Unavailable("the disk is full")

    server.context.runs.run = unavailable  # type: ignore[method-assign, assignment]
    async with opened(server, "/api/runs/aaaaaaaaaa/live") as socket:
        assert (await hear(socket))[2] == sockets.TRY_LATER


async def test_a_socket_on_which_nothing_happens_says_that_somebody_is_here(
    server: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "ALIVE_EVERY", 0.01)
    async with server.browser() as browser:
        run = (await start(browser))["id"]
    async with opened(server, f"/api/runs/{run}/live") as socket:
        said = [json.loads(await socket.recv()) for _ in range(3)]
        assert [message["type"] for message in said] == ["state", "alive", "alive"]
        server.executor.go.set()
        assert (await hear(socket))[2] == 1000
