"""/lesion: a trained pair taken apart, watched, taken home."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.exported import drawn, opened
from tests.e2e.runs import entry, start, state_of

NET = {"family": "mlp", "depth": 8, "width": 8}
TWINS = {"study": "twins", "base": {"net": NET, "steps": 30}}


@pytest.fixture
def trained(page: Page) -> str:
    """A pair that has finished; its id."""
    page.goto("/runs")
    race = start(page, "studies", TWINS)
    page.reload()
    expect(state_of(page, race)).to_have_text("Finished")
    return race


def test_a_pair_is_taken_apart_and_the_link_shows_the_same(
    page: Page, trained: str, watch: Watch
) -> None:
    watch.follow(page)
    entry(page, trained).get_by_role("link", name="Lesion").click()
    expect(page.locator("#networks li")).to_have_count(2)
    page.get_by_text("Settings", exact=True).click()
    page.get_by_label("Blocks removed together, at most").fill("2")
    page.get_by_role("button", name="Take apart").click()
    expect(page.locator(".standing")).to_have_text(["8 of 8 results"] * 2)
    expect(page).to_have_url(re.compile(r"/lesion\?show=[a-z2-7]{10},[a-z2-7]{10}$"))
    page.locator("#chart").scroll_into_view_if_needed()  # what is out of sight is not drawn
    expect(page.locator("#chart .scatterlayer .trace")).to_have_count(6)
    told = page.locator("#takeaway p")
    expect(told).to_have_count(2)
    page.reload()
    expect(page.locator("#takeaway p")).to_have_count(2)

    ids = page.url.partition("show=")[2].split(",")
    for one in ids:
        events = page.request.get(f"/api/runs/{one}/events").json()["events"]
        intact = next(event for event in events if event["type"] == "evaluated")
        of = page.request.get(f"/api/runs/{one}").json()["analysis"]["of"]
        run = page.request.get(f"/api/runs/{of}").json()
        assert intact["test_error"] == run["result"]["test_error"]

    page.get_by_role("button", name="Remove several").click()
    page.get_by_text("All numbers").click()
    expect(page.locator("#numbers tbody tr")).to_have_count(2 * (1 + 3))
    file = page.request.get(f"/api/runs/{ids[0]}/export?format=csv").text()
    assert len(re.findall(r",remove_test_error,", file)) == 3


def test_an_analysis_stands_in_the_list_and_opens_there(page: Page, trained: str) -> None:
    run = page.request.get(f"/api/studies/{trained}").json()["runs"][0]["id"]
    asked = start(page, "analyses", {"analysis": "lesion", "of": run, "most": 1})
    page.goto("/runs?kind=analysis")
    expect(state_of(page, asked)).to_have_text("Finished")
    expect(entry(page, asked).locator(".entry-name")).to_have_attribute(
        "href", f"lesion?show={asked}"
    )
    expect(entry(page, asked).locator(".entry-result")).to_have_text("5 of 5 results")
    entry(page, asked).locator(".entry-name").click()
    expect(page.locator(".standing")).to_have_text("5 of 5 results")


def test_a_stopped_runs_network_is_named_so_on_pages_and_in_the_file(
    page: Page, browser: Browser, tmp_path: Path
) -> None:
    page.goto("/runs")
    run = start(page, "runs?paused=true", {"net": NET, "steps": 30})
    page.reload()
    for action, done in (("step", "1 of 30"), ("stop", "Stopped")):  # the one, before the other
        answer = page.request.post(f"/api/runs/{run}/control", data={"action": action})
        assert answer.ok, answer.text()
        expect(entry(page, run)).to_contain_text(done)
    page.goto(f"/lesion?of={run}")
    name = "stopped after 1 of 30 steps"
    expect(page.locator("#networks li")).to_contain_text(name)
    page.get_by_text("Settings", exact=True).click()
    page.get_by_label("Blocks removed together, at most").fill("2")
    page.get_by_role("button", name="Take apart").click()
    expect(page.locator(".standing")).to_have_text("8 of 8 results")
    expect(page.locator("#analyses strong")).to_contain_text(name)
    told = page.locator("#takeaway p").inner_text()
    page.get_by_text("All numbers").click()
    rows = page.locator("#numbers tbody tr").all_inner_texts()
    asked = page.url.partition("show=")[2]
    page.goto("/runs?kind=analysis")
    expect(entry(page, asked).locator(".entry-name")).to_contain_text(name)
    html = page.request.get(f"/api/runs/{asked}/export?format=html").body()
    with opened(browser, html, tmp_path) as file:
        expect(file.locator("#what")).to_contain_text(name)
        expect(file.locator("h1")).to_have_text("A trained network, taken apart")
        expect(file.locator("#takeaway p")).to_have_text(told)
        expect(file.locator("#results")).to_contain_text("1 of 30")
        expect(file.locator("#results")).to_contain_text("8 of 8")
        expect(file.locator("#results")).not_to_contain_text("at step")
        expect(file.locator("pre").first).to_contain_text('"most": 2')
        numbers = file.locator("details.exported-numbers")
        expect(numbers).to_have_count(6)
        numbers.first.locator("summary").click()
        assert numbers.first.locator("tbody tr").all_inner_texts() == rows
        assert len(drawn(file, "#lesion-remove")) == 3


def test_asked_once_more_the_files_are_those_of_the_new_analysis(page: Page, trained: str) -> None:
    run = page.request.get(f"/api/studies/{trained}").json()["runs"][0]["id"]
    page.goto(f"/lesion?of={run}")
    shown: set[str] = set()
    for _ in range(2):
        page.get_by_role("button", name="Take apart").click()
        expect(page).to_have_url(re.compile(r"show=(?!" + "|".join(shown or {"none"}) + ")"))
        asked = page.url.partition("show=")[2]
        shown.add(asked)
        file = page.get_by_role("link", name="CSV")
        expect(file).to_have_attribute("href", re.compile(f"runs/{asked}/"))


def test_where_no_network_is_kept_the_page_says_so(page: Page, watch: Watch) -> None:
    watch.follow(page)
    page.route("**/api/runs?*", lambda route: route.fulfill(json={"items": [], "next": None}))
    page.goto("/lesion")
    expect(page.locator("#empty")).to_contain_text("One is kept whenever a run has finished.")
    expect(page.locator("#form")).to_be_hidden()
