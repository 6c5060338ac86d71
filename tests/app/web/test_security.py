from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app.web.conftest import BASE, SMALL, Served, serving

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("path", ["/", "/api/catalog", "/nowhere", "/api/runs/zzzzzzzzzz"])
async def test_every_answer_carries_the_policy(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    # A page's own import map is the one script inline: test_pages.py.
    found = re.sub(r" 'sha256-[^']+'", "", answer.headers["content-security-policy"])
    assert found == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://127.0.0.1:8001",
        "http://127.0.0.1",
        "https://127.0.0.1:8000",
        "http://127.0.0.1:8000.evil.example",
        "null",
        "",
    ],
)
async def test_pages_of_other_sites_may_not_write(served: Served, origin: str) -> None:
    async with served.browser() as client:
        answer = await client.post("/api/runs", json=SMALL, headers={"origin": origin})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert "DEPTHSCOPE_ORIGINS" in answer.json()["detail"]
    assert served.executor.queue().runs == []


@pytest.mark.parametrize(
    "path", ["/%FF", "/?x=%FF", "/api/runs?text=%C3%28", "/static/%ED%A0%80", "/?%80"]
)
async def test_an_address_that_is_not_utf_8_is_refused(
    browser: httpx.AsyncClient, path: str
) -> None:
    answer = await browser.get(httpx.URL(f"{BASE}{path}"))
    assert answer.status_code == 400
    assert "UTF-8" in answer.json()["detail"]


async def test_a_browser_that_hides_the_origin_is_told_by_its_fetch_metadata(
    served: Served,
) -> None:
    transport = httpx.ASGITransport(served.app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        foreign = await client.post(
            "/api/runs", json=SMALL, headers={"sec-fetch-site": "cross-site"}
        )
        assert foreign.status_code == 403
        program = await client.post("/api/runs", json=SMALL)
        assert program.status_code == 201


async def test_a_listed_origin_may_write(tmp_path: Path) -> None:
    async with (
        serving(tmp_path, origins=("https://class.example",)) as served,
        served.browser(origin="https://class.example", host="class.example") as client,
    ):
        assert (await client.post("/api/runs", json=SMALL)).status_code == 201


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil", "", "[::"])
async def test_a_name_that_was_pointed_here_gets_nothing(served: Served, host: str) -> None:
    async with served.browser() as client:
        answer = await client.get("/api/runs", headers={"host": host})
    assert answer.status_code == 421


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST"])
async def test_this_machine_has_several_names(served: Served, host: str) -> None:
    async with served.browser() as client:
        assert (await client.get("/healthz", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.168.1.20:8000", 200),
        ("[fe80::1]:8000", 200),
        (f"{socket.gethostname()}:8000", 200),
        (f"{socket.gethostname().partition('.')[0]}.local:8000", 200),
        ("class.example", 200),
        ("lab.example:9000", 200),
        ("evil.example:8000", 421),
        ("192.168.1.20.evil.example:8000", 421),
    ],
)
async def test_in_a_network_it_answers_to_its_names_and_addresses(
    tmp_path: Path, host: str, status: int
) -> None:
    known: dict[str, Any] = {
        "origins": ("https://class.example",),
        "public_address": "http://lab.example:9000/",
    }
    async with serving(tmp_path, host="0.0.0.0", **known) as served, served.browser() as client:
        answer = await client.get("/healthz", headers={"host": host})
        assert answer.status_code == status
        if status == 421:
            assert "DEPTHSCOPE_ORIGINS" in answer.json()["detail"]


async def test_the_public_address_is_ours(tmp_path: Path) -> None:
    public = "https://lab.example"
    async with (
        serving(tmp_path, host="0.0.0.0", public_address=public) as served,
        served.browser(origin=public, host="lab.example") as client,
    ):
        assert (await client.post("/api/runs", json=SMALL)).status_code == 201


async def test_the_cookie_is_signed_and_out_of_reach_of_scripts(served: Served) -> None:
    async with served.browser() as client:
        cookie = (await client.get("/")).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie


async def test_reading_leaves_no_cookie(browser: httpx.AsyncClient) -> None:
    assert "set-cookie" not in (await browser.get("/api/runs")).headers


async def test_the_cookie_comes_once(browser: httpx.AsyncClient) -> None:
    assert "set-cookie" in (await browser.get("/")).headers
    assert "set-cookie" not in (await browser.get("/")).headers


async def test_a_forged_cookie_is_nobody(served: Served, browser: httpx.AsyncClient) -> None:
    run = (await browser.post("/api/runs", json=SMALL)).json()
    assert run["mine"] is True
    (name, value), *_ = browser.cookies.items()
    forged = f"{value.partition('.')[0]}.{'A' * 43}"
    async with served.browser(cookie=f"{name}={forged}") as other:
        assert (await other.get(f"/api/runs/{run['id']}")).json()["mine"] is False
        assert (await other.delete(f"/api/runs/{run['id']}")).status_code == 403
    async with served.browser(cookie=f"{name}={value}") as same:
        assert (await same.get(f"/api/runs/{run['id']}")).json()["mine"] is True


async def test_only_we_can_read_the_secret(served: Served, tmp_path: Path) -> None:
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
