from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import httpx
import pytest

from app.web.assets import PLOTLY
from app.web.pages import PAGES, Page
from tests.app.web.conftest import BASE

FIRST_VISIT = 1_700_000  # bytes over the wire


class Found(HTMLParser):
    """What a page loads, and the data it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.data: dict[str, str] = {}
        self.inline: list[str] = []
        self._open: str | None = None
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        for name in ("src", "href"):
            value = found.get(name)
            if value and tag in ("script", "link", "img"):
                self.loads.append(value)
        if tag == "script":
            self._in_script = "src" not in found
            if found.get("type") == "application/json":
                self._open = found["id"]
            elif found.get("type") == "importmap":
                self._open = "importmap"
        assert not any(name.startswith("on") for name in found), "an inline handler"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.data[self._open] = self.data.get(self._open, "") + data
        elif self._in_script and data.strip():
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._open, self._in_script = None, False


def read(answer: httpx.Response, status: int = 200) -> Found:
    """The page, parsed."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    found = Found()
    found.feed(answer.text)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
async def test_a_page_brings_what_it_needs_and_no_inline_script(
    browser: httpx.AsyncClient, page: Page
) -> None:
    found = read(await browser.get(page.path))
    assert found.inline == []
    if page.charts:
        assert set(found.data) == {"catalog", "words", "figures", "importmap"}
        catalog = json.loads(found.data["catalog"])
        assert catalog == (await browser.get("/api/catalog")).json()
    for url in found.loads:
        assert url.startswith("./"), "a proxy may serve the page below a path"
        assert (await browser.get(url)).status_code == 200, url


async def test_the_policy_allows_the_import_map_and_no_other_script(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get("/")
    text = read(answer).data["importmap"]
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert (
        "script-src 'self';" in (await browser.get("/healthz")).headers["content-security-policy"]
    )


async def test_a_page_is_sent_again_only_where_it_changed(browser: httpx.AsyncClient) -> None:
    first = await browser.get("/")
    again = await browser.get("/", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


async def test_data_in_a_page_can_not_end_its_script(browser: httpx.AsyncClient) -> None:
    text = (await browser.get("/")).text
    for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.S):
        assert "<" not in block


async def test_the_first_visit_is_small(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/")
    found = read(page)
    entry = re.findall(r'<script type="module" src="\./([^"]+)"', page.text)
    served_as = json.loads(found.data["importmap"])["imports"]
    loads = {url.removeprefix("./") for url in found.loads}
    urls = loads | await modules(browser, entry, served_as)
    sizes = {"/": int(page.headers["content-length"])}
    for url in urls:
        sizes[url] = int((await browser.get(url)).headers["content-length"])
    assert PLOTLY in sizes
    assert sum(sizes.values()) <= FIRST_VISIT, sizes


async def modules(
    browser: httpx.AsyncClient, entry: list[str], served_as: dict[str, str]
) -> set[str]:
    """All modules that these import, found by following the import map as a browser does."""
    queue = list(entry)
    found: set[str] = set()
    while queue:
        url = queue.pop()
        if url in found:
            continue
        found.add(url)
        source = (await browser.get(url)).text
        for target in re.findall(r"""(?:from|import)\s*\(?["'](#[^"']+)["']""", source):
            (name,) = [
                one
                for one in served_as
                if target == one or (one.endswith("/") and target.startswith(one))
            ]
            queue.append((served_as[name] + target.removeprefix(name)).removeprefix("./"))
    return found


@pytest.mark.parametrize(
    "path", ["/nowhere", "/lab/", "/a/b/c", "/a//b/", "/api/nowhere", "/runs/x"]
)
async def test_a_browser_is_shown_a_page_where_there_is_none(
    browser: httpx.AsyncClient, path: str
) -> None:
    answer = await browser.get(path, headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    found = read(answer, 404)
    assert found.inline == []
    here = httpx.URL(f"{BASE}{path}")
    for url in found.loads:
        assert url.startswith("."), "a proxy may serve the page below a path"
        assert (await browser.get(here.join(url))).status_code == 200, url
    links = set(re.findall(r'<a href="(\.[^"]*)"', answer.text))
    assert {here.join(link).path for link in links} >= {
        "/",
        "/depth",
        "/gradients",
        "/runs",
        "/api",
    }
    digest = base64.b64encode(hashlib.sha256(found.data["importmap"].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("accept", ["*/*", "application/json", ""])
async def test_a_program_is_told_in_json(browser: httpx.AsyncClient, accept: str) -> None:
    answer = await browser.get("/nowhere", headers={"accept": accept})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_address_without_end_gets_no_page_that_grows_with_it(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get("/" + "a/" * 3000, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert len(answer.content) < 1000
