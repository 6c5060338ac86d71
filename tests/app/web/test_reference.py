from __future__ import annotations

import json
import re

import httpx

from app.web.reference import reference


def test_html_in_the_text_is_shown() -> None:
    made = reference("# One `id`\n\n<b>x</b>\n").html
    assert made == '<h1 id="one-id">One <code>id</code></h1>\n<p>&lt;b&gt;x&lt;/b&gt;</p>\n'


async def test_every_link_of_the_page_leads_to_a_part_of_it(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/api")).text
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links >= {"main", "get-healthz", "runspec", "sockets"}
    assert links <= set(ids)


async def test_its_first_command_trains_a_network(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/api")).text
    body, *_ = re.findall(r"-d '(.+?)'", page)
    answer = await browser.post("/api/runs", json=json.loads(body.replace("&quot;", '"')))
    assert answer.status_code == 201


async def test_its_example_of_a_refusal_is_the_servers_own(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/api")).text.replace("&quot;", '"')
    (asked, shown) = re.findall(r"answers <code>(.+?)</code> with.*?>(\{.+?)</code>", page, re.S)[0]
    said = (await browser.post("/api/runs", json=json.loads(asked))).json()
    # The name of status 422 differs between versions of Python.
    assert {**json.loads(shown), "title": said["title"]} == said
