from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import httpx
import pytest

from app.web.pages import PAGES
from tests.app.web.conftest import Served

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
        assert not any(name.startswith("on") for name in found), "an inline handler"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.data[self._open] = self.data.get(self._open, "") + data
        elif self._in_script and data.strip():
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._open, self._in_script = None, False


def read(answer: httpx.Response) -> Found:
    """The page, parsed."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    found = Found()
    found.feed(answer.text)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
async def test_a_page_brings_what_it_needs_and_no_inline_script(
    browser: httpx.AsyncClient, page: object
) -> None:
    found = read(await browser.get(page.path))  # type: ignore[attr-defined]
    assert found.inline == []
    assert set(found.data) == {"catalog", "words", "figures"}
    catalog = json.loads(found.data["catalog"])
    assert catalog == (await browser.get("/api/catalog")).json()
    for url in found.loads:
        assert url.startswith("/")
        assert (await browser.get(url)).status_code == 200, url


async def test_a_page_is_sent_again_only_where_it_changed(browser: httpx.AsyncClient) -> None:
    first = await browser.get("/")
    again = await browser.get("/", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


async def test_data_in_a_page_can_not_end_its_script(browser: httpx.AsyncClient) -> None:
    text = (await browser.get("/")).text
    for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.S):
        assert "<" not in block


async def test_the_first_visit_is_small(served: Served, browser: httpx.AsyncClient) -> None:
    page = await browser.get("/")
    urls = set(read(page).loads) | await modules(browser, page)
    sizes = {"/": int(page.headers["content-length"])}
    for url in urls:
        sizes[url] = int((await browser.get(url)).headers["content-length"])
    assert served.site.plotly.url in sizes
    assert sum(sizes.values()) <= FIRST_VISIT, sizes


async def modules(browser: httpx.AsyncClient, page: httpx.Response) -> set[str]:
    """All modules that the page's modules import, found by following them."""
    queue = re.findall(r'<script type="module" src="([^"]+)"', page.text)
    found: set[str] = set()
    while queue:
        url = queue.pop()
        if url in found:
            continue
        found.add(url)
        source = (await browser.get(url)).text
        for target in re.findall(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""", source):
            queue.append(str(httpx.URL(f"http://x{url}").join(target).path))
    return found


async def test_the_figures_are_served_apart_as_well(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/figures.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()
