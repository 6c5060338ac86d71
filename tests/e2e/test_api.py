"""/api: the HTTP interface, described for people."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Watch


def test_the_http_interface_is_described_for_people(page: Page) -> None:
    page.goto("/api")
    described = page.request.get("/openapi.json").json()
    expect(page.locator(".operation")).to_have_count(
        sum(
            method in item
            for item in described["paths"].values()
            for method in ("get", "post", "delete")
        )
    )
    page.goto("/api#shape-RunSpec")
    expect(page.locator("#shape-RunSpec table")).to_be_visible()
    expect(page.locator("#shape-RunSpec")).to_contain_text("batch_size")


def test_the_http_interface_says_so_where_it_cannot_be_described(page: Page, watch: Watch) -> None:
    watch.expected.append("ERR_FAILED")
    page.route("**/openapi.json", lambda route: route.abort())
    page.goto("/api")
    expect(page.get_by_text("The server does not answer.")).to_be_visible()
    expect(page.locator("#problem-example")).not_to_be_empty()


def test_its_example_of_a_refusal_is_the_servers_own(page: Page) -> None:
    page.goto("/api")
    shown = json.loads(page.locator("#problem-example").inner_text())
    said = page.request.post("/api/runs", data={"net": {"depth": 21}}).json()
    # The name of status 422 differs between versions of Python.
    assert {**shown, "title": said["title"]} == said


def test_its_first_command_trains_a_network(page: Page, server: str) -> None:
    page.goto("/api")
    lines = page.locator("#example").inner_text().split("\n\n")[0]
    body = lines.split("-d '")[1].removesuffix("'")
    answer = page.request.post("/api/runs", data=json.loads(body))
    assert answer.status == 201
    assert lines.startswith(f"curl -c jar -b jar -X POST {server}/api/runs")
