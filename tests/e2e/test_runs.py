"""/runs: find what was trained, lay it over each other, take it away, delete it. And /api."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Browser, Locator, Page, Route, expect

from tests.e2e.conftest import Watch
from tests.e2e.test_accessibility import serious
from tests.server import Server

MLP = {"family": "mlp", "depth": 4, "width": 8}


def start(page: Page, kind: str, body: dict[str, Any]) -> str:
    """Start a run or study as this page's visitor; its id."""
    answer = page.request.post(f"/api/{kind}", data=body)
    assert answer.status == 201, answer.text()
    return str(answer.json()["id"])


def entry(page: Page, name: str) -> Locator:
    return page.locator(f".entry[data-id='{name}']")


def state_of(page: Page, name: str) -> Locator:
    return entry(page, name).locator(".badge")


@pytest.fixture
def race(page: Page) -> str:
    page.goto("/runs")
    return start(page, "studies", {"study": "twins", "base": {"net": MLP, "steps": 30}})


def test_a_race_shows_its_configuration_and_result(page: Page, race: str) -> None:
    page.reload()
    expect(state_of(page, race)).to_have_text("Finished")
    name = entry(page, race).locator(".entry-name")
    expect(name).to_have_text("mlp 4 layers · plain against residual · 30 steps")
    expect(name).to_have_attribute("href", f"/?study={race}")
    study = page.request.get(f"/api/studies/{race}").json()
    for run in study["runs"]:
        percent = 100 * run["result"]["train_error"]
        written = f"{percent:.1f}".removesuffix(".0") if percent < 9.95 else f"{percent:.0f}"
        expect(entry(page, race).locator(".entry-result")).to_contain_text(
            f"training error {written}\N{NO-BREAK SPACE}%"
        )
    expect(entry(page, race).locator(".entry-about")).to_contain_text(
        "Race of two · just now · yours"
    )


def test_a_race_lists_its_runs_in_the_order_of_its_name(page: Page) -> None:
    page.goto("/runs")
    race = start(page, "studies", {"study": "twins", "base": {"net": MLP, "steps": 1}})
    page.reload()
    expect(state_of(page, race)).to_have_text("Finished")
    expect(entry(page, race).locator(".entry-name")).to_contain_text("plain against residual")
    expect(entry(page, race).locator(".entry-name")).to_contain_text("1 step")
    expect(entry(page, race).locator(".entry-name")).not_to_contain_text("1 steps")
    lines = entry(page, race).locator(".entry-result p")
    expect(lines.first).to_contain_text("plain: ")
    expect(lines.last).to_contain_text("residual: ")
    entry(page, race).get_by_role("button", name="Show its 2 runs").click()
    expect(entry(page, race).locator(".subruns li").first).to_contain_text("plain mlp")


def test_the_filter_is_kept_in_the_address(page: Page, race: str) -> None:
    single = start(page, "runs", {"net": MLP, "steps": 10, "optimizer": "adam"})
    page.reload()
    expect(state_of(page, single)).to_have_text("Finished")
    page.get_by_label("Kind").select_option("twins")
    expect(entry(page, race)).to_be_visible()
    expect(entry(page, single)).to_have_count(0)
    assert page.url.endswith("/runs?kind=twins")
    page.reload()
    expect(entry(page, race)).to_be_visible()
    expect(entry(page, single)).to_have_count(0)
    page.get_by_role("button", name="Clear").click()
    expect(entry(page, single)).to_be_visible()
    page.get_by_label("Search").fill("adam 10 steps")
    expect(entry(page, single)).to_be_visible()
    expect(entry(page, race)).to_have_count(0)
    page.get_by_label("Search").fill("no such thing")
    expect(page.get_by_text("Nothing here passes the filter.")).to_be_visible()


def test_runs_are_laid_over_each_other(page: Page, race: str) -> None:
    other = start(page, "runs", {"net": {**MLP, "depth": 8}, "steps": 30})
    page.reload()
    expect(state_of(page, race)).to_have_text("Finished")
    expect(state_of(page, other)).to_have_text("Finished")
    entry(page, race).get_by_role("checkbox").check()
    entry(page, other).get_by_role("checkbox").check()
    expect(page.locator("#selected")).to_have_text("3 of at most 5 selected")
    page.get_by_role("button", name="Overlay").click()
    expect(page.locator("#overlay-title")).to_be_focused()
    rows = page.locator("#overlay-table tbody tr")
    expect(rows).to_have_count(3)
    names = [name.strip() for name in rows.locator("th").all_inner_texts()]
    assert sorted(names) == ["plain, 4 layers", "residual, 4 layers", "residual, 8 layers"]
    expect(rows.first).to_contain_text("30 of 30 steps")
    # Three lines of batches, and for each run the marks of both whole sets.
    expect(page.locator("#chart .scatterlayer .trace path.js-line")).to_have_count(3)
    page.reload()
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#overlay")).to_be_hidden()
    assert "overlay" not in page.url


def test_an_overlay_holds_five_runs_at_most(page: Page) -> None:
    page.goto("/runs")
    sweep = start(page, "studies", {"study": "depth", "depths": [4, 6, 8], "seeds": [0],
                                    "base": {"net": MLP, "steps": 5}})  # fmt: skip
    page.reload()
    entry(page, sweep).get_by_role("button", name="Show its 6 runs").click()
    boxes = entry(page, sweep).get_by_role("checkbox")
    expect(boxes).to_have_count(6)
    for i in range(5):
        boxes.nth(i).check()
    boxes.nth(5).click()
    expect(boxes.nth(5)).not_to_be_checked()
    expect(page.locator("#toasts")).to_contain_text("5 runs fill a chart")
    expect(page.locator("#selected")).to_have_text("5 of at most 5 selected")
    # The same again is one message, and one that leaves.
    boxes.nth(5).click()
    toasts = page.locator(".toast")
    expect(toasts).to_have_count(1)
    expect(toasts.locator("p")).to_contain_text("(×2)")
    toasts.get_by_role("button", name="Dismiss").click()
    boxes.nth(5).click()
    expect(toasts).to_have_count(1)
    expect(toasts.locator("p")).not_to_contain_text("×")


def test_a_running_race_is_followed_and_stopped(page: Page) -> None:
    page.goto("/runs")
    race = start(page, "studies", {"study": "twins", "base": {"net": MLP, "steps": 50_000}})
    page.reload()
    expect(state_of(page, race)).to_have_text("Training")
    entry(page, race).get_by_role("checkbox").check()
    page.get_by_role("button", name="Overlay").click()
    expect(page.locator("#overlay-table tbody tr")).to_have_count(2)
    entry(page, race).get_by_role("button", name="Stop").click()
    expect(state_of(page, race)).to_have_text("Stopped")
    expect(entry(page, race).get_by_role("button", name="Stop")).to_be_hidden()
    # The chart saw the ending by itself.
    expect(page.locator("#overlay-table tbody td").first).to_have_text("Stopped")


def test_a_waiting_run_shows_its_place(page: Page) -> None:
    page.goto("/runs")
    base = {"net": MLP, "steps": 20_000}
    long = {"study": "depth", "depths": [64], "seeds": list(range(10)), "base": base}
    first = start(page, "studies", long)
    last = start(page, "runs", {"net": MLP, "steps": 10})
    page.reload()
    expect(entry(page, last).locator(".entry-result")).to_have_text(
        f"place {page.request.get(f'/api/runs/{last}').json()['place']} in the queue"
    )
    entry(page, first).get_by_role("button", name="Stop").click()
    expect(state_of(page, first)).to_have_text("Stopped")
    expect(state_of(page, last)).to_have_text("Finished")


def test_deleting_asks_first_and_keeps_the_focus_in_the_list(page: Page, race: str) -> None:
    older = race
    newer = start(page, "studies", {"study": "twins", "base": {"net": MLP, "steps": 20}})
    page.reload()
    expect(state_of(page, newer)).to_have_text("Finished")
    button = entry(page, newer).get_by_role("button", name="Delete")
    button.click()
    dialog = page.get_by_role("dialog", name="Delete this study and its 2 runs?")
    expect(dialog.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    dialog.get_by_role("button", name="Delete").click()
    expect(entry(page, newer)).to_have_count(0)
    expect(page.locator("#toasts")).to_contain_text("Deleted: mlp 4 layers")
    expect(entry(page, older).locator(".entry-name")).to_be_focused()
    assert page.request.get(f"/api/studies/{newer}").status == 404


def test_a_race_is_deleted_while_it_trains(page: Page) -> None:
    page.goto("/runs")
    race = start(page, "studies", {"study": "twins", "base": {"net": MLP, "steps": 50_000}})
    page.reload()
    expect(state_of(page, race)).to_have_text("Training")
    entry(page, race).get_by_role("button", name="Delete").click()
    expect(page.locator("#confirm-text")).to_contain_text("It is still going and will be stopped.")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(entry(page, race)).to_have_count(0)


def test_another_browser_may_look_but_not_delete(
    page: Page, race: str, browser: Browser, server: str, watch: Watch
) -> None:
    visitor = browser.new_context(base_url=server)
    other = visitor.new_page()
    watch.follow(other)
    other.goto("/runs")
    expect(state_of(other, race)).to_have_text("Finished")
    expect(entry(other, race).get_by_role("button", name="Delete")).to_be_hidden()
    other.get_by_label("Mine only").check()
    expect(entry(other, race)).to_have_count(0)
    assert visitor.request.delete(f"/api/studies/{race}").status == 403
    other.reload()
    other.get_by_role("button", name="Clear").click()
    expect(entry(other, race)).to_be_visible()
    visitor.close()


def test_a_race_is_exported(page: Page, race: str, tmp_path: Path, browser: Browser) -> None:
    page.reload()
    expect(state_of(page, race)).to_have_text("Finished")
    menu = entry(page, race).locator("details.menu")
    contents = {}
    for name in ("CSV", "JSON", "HTML"):
        menu.locator("summary").click()
        with page.expect_download() as download:
            menu.get_by_role("link", name=name).click()
        contents[name] = download.value.path().read_text("utf-8")
    assert contents["CSV"].splitlines()[0].count(",") > 3
    assert json.loads(contents["JSON"])
    file = tmp_path / "race.html"
    file.write_text(contents["HTML"], "utf-8")
    alone = browser.new_context(offline=True)
    opened = alone.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(file.as_uri())
    expect(opened.locator(".scatterlayer").first).to_be_visible()
    assert errors == []
    alone.close()


def test_the_list_is_worked_by_keyboard(page: Page, race: str) -> None:
    page.reload()
    expect(state_of(page, race)).to_have_text("Finished")
    summary = entry(page, race).locator("details.menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(entry(page, race).locator(".menu-list")).to_be_visible()
    page.keyboard.press("Escape")
    expect(entry(page, race).locator(".menu-list")).to_be_hidden()
    expect(summary).to_be_focused()
    entry(page, race).get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    expect(page.locator("#selection")).to_be_visible()
    fold = entry(page, race).get_by_role("button", name="Show its 2 runs")
    fold.focus()
    page.keyboard.press("Enter")
    expect(entry(page, race).locator(".subruns li")).to_have_count(2)
    expect(entry(page, race).get_by_role("button", name="Hide its runs")).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_a_list_with_an_overlay_has_no_serious_violation(page: Page, race: str, theme: str) -> None:
    page.add_init_script(f"localStorage.setItem('depthscope.theme', '{theme}')")
    page.reload()
    expect(state_of(page, race)).to_have_text("Finished")
    entry(page, race).get_by_role("checkbox").first.check()
    entry(page, race).get_by_role("button", name="Show its 2 runs").click()
    page.get_by_role("button", name="Overlay").click()
    expect(page.locator("#overlay-table tbody tr")).to_have_count(2)
    assert serious(page) == []
    entry(page, race).get_by_role("button", name="Delete").click()
    assert serious(page) == []


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """A server on which nothing was ever trained."""
    with Server(tmp_path) as found:
        yield found.http


def test_an_empty_list_says_where_to_begin(browser: Browser, empty: str) -> None:
    visitor = browser.new_context(base_url=empty)
    page = visitor.new_page()
    page.goto("/runs")
    expect(page.get_by_text("Nothing has been trained here yet.")).to_be_visible()
    page.get_by_role("link", name="Sweep depth").click()
    page.wait_for_url("**/depth")
    visitor.close()


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


def test_a_longer_list_comes_in_pages(browser: Browser, empty: str) -> None:
    # On a server of its own: elsewhere older entries could follow, and be asked for.
    visitor = browser.new_context(base_url=empty)
    page = visitor.new_page()
    page.goto("/runs")
    ids = [start(page, "runs", {"net": {**MLP, "width": 7}, "steps": 1}) for _ in range(33)]
    page.goto("/runs?kind=run&text=width+7")
    expect(page.locator(".entry")).to_have_count(30)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".entry")).to_have_count(33)
    assert page.locator(".entry").first.get_attribute("data-id") == ids[-1]
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()
    expect(state_of(page, ids[-1])).to_have_text("Finished")
    visitor.close()


def test_what_is_live_further_down_is_kept_up_to_date(browser: Browser, empty: str) -> None:
    visitor = browser.new_context(base_url=empty)
    page = visitor.new_page()
    page.goto("/runs")
    long = start(page, "runs", {"net": {**MLP, "width": 9}, "steps": 100_000})
    for _ in range(31):
        start(page, "runs", {"net": {**MLP, "width": 9}, "steps": 1})
    page.goto("/runs?kind=run&text=width+9")
    page.get_by_role("button", name="Show more").click()
    expect(state_of(page, long)).to_have_text("Training")
    stopped = page.request.post(f"/api/runs/{long}/control", data={"action": "stop"})
    assert stopped.ok
    expect(state_of(page, long)).to_have_text("Stopped")
    visitor.close()


def test_a_run_deleted_elsewhere_leaves_the_overlay(page: Page, watch: Watch) -> None:
    watch.expected.append("404")
    page.goto("/runs")
    ids = [start(page, "runs", {"net": MLP, "steps": steps}) for steps in (100_000, 10)]
    page.goto(f"/runs?overlay={','.join(ids)}")
    rows = page.locator("#overlay-table tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Training")
    assert page.request.delete(f"/api/runs/{ids[0]}").status == 204
    expect(page.get_by_text("no longer stored")).to_be_visible()
    expect(rows).to_have_count(1)
    assert page.url.endswith(f"/runs?overlay={ids[1]}")


def test_an_overlay_waits_for_a_server_that_does_not_answer(page: Page, watch: Watch) -> None:
    watch.expected.append("ERR_FAILED")
    page.goto("/runs")
    kept, other = (start(page, "runs", {"net": MLP, "steps": steps}) for steps in (10, 11))
    page.route(f"**/api/runs/{kept}", lambda route: route.abort())
    page.goto(f"/runs?overlay={kept},{other}")
    lost = page.locator("#overlay-lost")
    expect(lost).to_have_text("The server can't be reached. Trying again …")
    rows = page.locator("#overlay-table tbody tr")
    expect(rows).to_have_count(1)
    assert page.url.endswith(f"/runs?overlay={kept},{other}")
    page.unroute(f"**/api/runs/{kept}")
    expect(rows).to_have_count(2)
    expect(lost).to_be_hidden()
    expect(page.locator("#toasts")).to_be_empty()


def test_an_overlay_leaves_out_what_is_deleted(page: Page, watch: Watch) -> None:
    watch.expected.append("404")
    page.goto("/runs")
    doomed, kept = (start(page, "runs", {"net": MLP, "steps": steps}) for steps in (10, 11))
    page.reload()
    expect(state_of(page, doomed)).to_have_text("Finished")
    assert page.request.delete(f"/api/runs/{doomed}").status == 204
    page.goto(f"/runs?overlay={doomed},{kept}")
    expect(page.get_by_text("no longer stored")).to_be_visible()
    expect(page.locator("#overlay-table tbody tr")).to_have_count(1)
    expect(page.locator("#overlay-lost")).to_be_hidden()
    assert page.url.endswith(f"/runs?overlay={kept}")


def test_an_answer_from_before_a_deletion_brings_nothing_back(page: Page) -> None:
    page.goto("/runs")
    start(page, "runs", {"net": MLP, "steps": 100_000})  # while it trains, the list is read again
    doomed = start(page, "runs", {"net": MLP, "steps": 10})
    page.reload()
    expect(state_of(page, doomed)).to_have_text("Finished")
    held: list[tuple[Route, APIResponse]] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))
            page.evaluate("document.body.dataset.held = true")

    page.route("**/api/runs?*", hold_the_first)
    page.locator("body[data-held]").wait_for()
    entry(page, doomed).get_by_role("button", name="Delete").click()
    page.locator("#confirm").get_by_role("button", name="Delete").click()
    expect(entry(page, doomed)).to_have_count(0)
    page.evaluate(
        """(id) => {
            window.back = false;
            const seen = () => document.querySelector(`[data-id="${id}"]`) !== null;
            const look = new MutationObserver(() => (window.back ||= seen()));
            look.observe(document.body, { childList: true, subtree: true });
        }""",
        doomed,
    )
    [(route, answer)] = held
    assert doomed in answer.text()
    route.fulfill(response=answer)
    # Two more readings were begun after that answer: it has been laid over the list.
    for _ in range(2):
        page.wait_for_event("requestfinished", lambda request: "/api/runs?" in request.url)
    assert page.evaluate("window.back") is False
