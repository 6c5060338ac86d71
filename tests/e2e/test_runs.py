"""/runs: find what was trained, follow it, take it away."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.runs import MLP, entry, start, state_of


def test_a_race_shows_its_configuration_and_result(page: Page, race: str) -> None:
    page.reload()
    expect(state_of(page, race)).to_have_text("Finished")
    name = entry(page, race).locator(".entry-name")
    expect(name).to_have_text("mlp 4 layers · plain against residual · 30 steps")
    expect(name).to_have_attribute("href", f"./?study={race}")
    study = page.request.get(f"/api/studies/{race}").json()
    for run in study["runs"]:
        percent = 100 * run["result"]["train_error"]
        written = f"{percent:.1f}".removesuffix(".0") if percent < 9.95 else f"{percent:.0f}"
        expect(entry(page, race).locator(".entry-result")).to_contain_text(
            f"training error {written}\N{NO-BREAK SPACE}%"
        )
    expect(entry(page, race).locator(".entry-about")).to_have_text(
        re.compile(r"^Race of two · \d\d:\d\d(:\d\d)?, (just now|\d+ min ago) · yours$"),
        use_inner_text=True,
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


def test_runs_of_one_name_say_what_differs_and_when(page: Page) -> None:
    page.goto("/runs")
    body = {"net": {**MLP, "depth": 6}, "steps": 3, "seed": 41}
    ids = [start(page, "runs", {**body, **more}) for more in ({}, {}, {"every": 2})]
    page.reload()
    name = "residual mlp, 6 layers, 3 steps, seed 41"
    labels = set()
    for one in ids:
        expect(entry(page, one).locator(".entry-name")).to_have_text(name)
        labels.add(entry(page, one).get_by_role("checkbox").get_attribute("aria-label"))
    assert len(labels) == 3
    expect(entry(page, ids[2]).locator(".entry-about strong")).to_have_text(
        "gradients every 2 steps"
    )
    expect(entry(page, ids[0]).locator(".entry-about strong")).to_be_hidden()
    times = [entry(page, one).locator("time").inner_text() for one in ids[:2]]
    assert times[0] != times[1]


def test_a_sweeps_run_opens_beside_the_other_network_of_its_value(page: Page) -> None:
    page.goto("/runs")
    body = {"study": "depth", "depths": [4, 6], "seeds": [0, 1], "base": {"net": MLP, "steps": 2}}
    sweep = start(page, "studies", body)
    page.reload()
    entry(page, sweep).get_by_role("button", name="Show its 8 runs").click()
    runs = page.request.get(f"/api/studies/{sweep}").json()["runs"]
    links = entry(page, sweep).locator(".subruns a:not(.network)")
    expect(links).to_have_count(8)
    for place, run in enumerate(runs):
        both = {
            one["id"]
            for one in runs
            if one["spec"]["net"]["depth"] == run["spec"]["net"]["depth"]
            and one["spec"]["seed"] == run["spec"]["seed"]
        }
        address = links.nth(place).get_attribute("href") or ""
        assert len(both) == 2
        assert set(re.findall(r"run=(\w+)", address)) == both


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
    expect(page.get_by_text("No runs match the filter.")).to_be_visible()


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


def test_a_waiting_run_shows_who_is_before_it(page: Page) -> None:
    page.goto("/runs")
    base = {"net": MLP, "steps": 20_000}
    long = {"study": "depth", "depths": [64], "seeds": list(range(10)), "base": base}
    first = start(page, "studies", long)
    last = start(page, "runs", {"net": MLP, "steps": 10})
    page.reload()
    expect(entry(page, last).locator(".entry-result")).to_have_text(
        re.compile(r"^1\d single networks ahead of yours")
    )
    entry(page, first).get_by_role("button", name="Stop").click()
    expect(state_of(page, first)).to_have_text("Stopped")
    expect(state_of(page, last)).to_have_text("Finished")


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


def test_an_empty_list_says_where_to_begin(browser: Browser, empty: str) -> None:
    visitor = browser.new_context(base_url=empty)
    page = visitor.new_page()
    page.goto("/runs")
    expect(page.get_by_text("Nothing has been trained here yet.")).to_be_visible()
    page.get_by_role("link", name="Sweep depth").click()
    page.wait_for_url("**/depth")
    visitor.close()


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
    expect(page.locator(".entry").first).to_have_attribute("data-id", ids[-1])
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
