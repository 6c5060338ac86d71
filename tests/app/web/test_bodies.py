from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.app.web.conftest import SMALL

JSON = {"content-type": "application/json"}


def problem_of(answer: httpx.Response, status: int) -> dict[str, object]:
    """The problem, checked for its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, object] = answer.json()
    assert found["status"] == status
    assert set(found) == {"type", "title", "status", "detail", "problems"}
    assert found["detail"]
    return found


async def test_64_kb_is_the_most(browser: httpx.AsyncClient) -> None:
    text = json.dumps(SMALL).encode()
    fits = text + b" " * (65536 - len(text))
    assert (await browser.post("/api/runs", content=fits, headers=JSON)).status_code == 201
    problem_of(await browser.post("/api/runs", content=fits + b" ", headers=JSON), 413)


async def test_a_body_without_a_length_is_counted_as_it_comes(browser: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 8192
            yield b" " * 8192

    problem_of(await browser.post("/api/runs", content=endless(), headers=JSON), 413)
    assert sent <= 65536 + 2 * 8192


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=latin-1"],
)
async def test_only_json_is_read(browser: httpx.AsyncClient, media_type: str) -> None:
    answer = await browser.post(
        "/api/runs", content=json.dumps(SMALL), headers={"content-type": media_type}
    )
    problem_of(answer, 415)


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON; charset=UTF-8"])
async def test_json_may_say_its_charset(browser: httpx.AsyncClient, media_type: str) -> None:
    answer = await browser.post(
        "/api/runs", content=json.dumps(SMALL), headers={"content-type": media_type}
    )
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b'{"seed":}', b"\xff\xfe", b'{"seed": 1}x', b"[" * 60000, b"'{}'"],
)
async def test_what_is_not_json_is_said_to_be_none(browser: httpx.AsyncClient, body: bytes) -> None:
    problem = problem_of(await browser.post("/api/runs", content=body, headers=JSON), 400)
    assert problem["problems"] == [
        {
            "field": "",
            "problem": "the body is not valid JSON",
            "allowed": "allowed: JSON text in UTF-8 (RFC 8259)",
        }
    ]


async def test_half_a_character_is_found_in_its_field(browser: httpx.AsyncClient) -> None:
    body = b'{"net": {"family": "\\ud800"}}'
    problem = problem_of(await browser.post("/api/runs", content=body, headers=JSON), 400)
    assert [one["field"] for one in problem["problems"]] == ["net.family"]  # type: ignore[attr-defined]


async def test_the_input_is_never_echoed(browser: httpx.AsyncClient) -> None:
    secret = "hunter2hunter2"
    for body in (
        {"net": {"family": secret}},
        {"data": secret},
        {"optimizer": {"name": secret}},
        {"seed": secret},
        {"steps": 7, "device": secret},
        {"study": secret},
    ):
        for path in ("/api/runs", "/api/studies", "/api/describe", "/api/studies/plan"):
            answer = await browser.post(path, json=body)
            assert answer.status_code in (422, 201)
            assert secret not in answer.text
    for path in (
        f"/api/runs?limit={secret}",
        f"/api/runs?{secret}=1",
        f"/api/runs/{secret}",
        f"/api/runs?state={secret}",
        f"/{secret}",
    ):
        answer = await browser.get(path)
        assert answer.status_code in (404, 422)
        assert secret not in answer.text


async def test_problems_name_the_field_and_what_is_allowed(browser: httpx.AsyncClient) -> None:
    answer = await browser.post(
        "/api/runs", json={"net": {"depth": 57}, "seed": -1, "colour": "red"}
    )
    problems = problem_of(answer, 422)["problems"]
    assert isinstance(problems, list)
    assert {one["field"] for one in problems} == {"net.depth", "seed", "colour"}
    depth = next(one for one in problems if one["field"] == "net.depth")
    assert "nearest: 56 and 62" in depth["allowed"]


async def test_the_router_refuses_in_the_same_words(browser: httpx.AsyncClient) -> None:
    problem_of(await browser.get("/nowhere"), 404)
    answer = await browser.put("/api/runs")
    problem_of(answer, 405)
    assert "GET" in answer.headers["allow"]
    problem_of(await browser.delete("/"), 405)
    problem_of(await browser.get("/api/runs/"), 404)
