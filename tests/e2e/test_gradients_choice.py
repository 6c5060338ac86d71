"""/gradients: which runs are on show, how they are named, and what becomes of them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.gradients import (
    TWINS,
    Json,
    beside,
    finished,
    frames,
    run_of,
    shows,
    take_off,
    train,
)


@pytest.fixture
def pair(context: BrowserContext, page: Page) -> Json:
    """A finished pair of this visitor."""
    return finished(page, train(context, TWINS)["id"])


def test_runs_are_compared_at_the_same_step_up_to_five(
    page: Page, context: BrowserContext, pair: Json
) -> None:
    base = {**TWINS["base"], "net": {**TWINS["base"]["net"], "depth": 4}}
    sweep = {
        "study": "depth",
        "base": base,
        "depths": [4, 6, 10, 12],
        "skips": ["none"],
        "seeds": [0],
    }
    other = finished(page, train(context, sweep)["id"])
    page.goto(f"/gradients?study={pair['id']}")
    shows(page, "plain", beside(frames(page, run_of(pair, "none"))[0]["measures"]["flow"]))
    select = page.get_by_label("Compare with")
    for run in other["runs"][:3]:
        select.select_option(f"runs/{run['id']}")
        expect(page.locator(f"#compare option[value='runs/{run['id']}']")).to_have_count(0)
    expect(page.locator("#shown li")).to_have_count(5)
    select.select_option(f"runs/{other['runs'][3]['id']}")
    expect(page.get_by_text("At most 5 runs are shown at once.")).to_be_visible()
    assert page.url.count("run=") == 5
    page.get_by_role("button", name="Remove").first.click()
    expect(page.locator("#shown li")).to_have_count(4)
    page.reload()
    expect(page.locator("#shown li")).to_have_count(4)


def test_runs_are_named_by_what_sets_them_apart(page: Page, context: BrowserContext) -> None:
    limited = {"name": "digits", "limit": 128}
    studies = [
        train(context, {**TWINS, "base": {**TWINS["base"], "data": data}})
        for data in ("digits", limited)
    ]
    runs = [run_of(study, "none") for study in studies]
    page.goto(f"/gradients?run={runs[0]}&run={runs[1]}")
    expect(page.locator("#shown li")).to_have_text(["all examples×", "128 examples×"])


def test_the_address_always_holds_all_that_was_asked_for(page: Page, pair: Json) -> None:
    page.add_init_script(
        """window.addresses = [];
        const replace = history.replaceState.bind(history);
        history.replaceState = (state, title, url) => {
            addresses.push(url);
            replace(state, title, url);
        };"""
    )
    asked = "?" + "&".join(f"run={run['id']}" for run in pair["runs"])
    page.goto(f"/gradients{asked}")
    expect(page.get_by_label("Show", exact=True).locator("option:checked")).to_have_text("2 runs")
    assert set(page.evaluate("addresses")) == {asked}


def test_a_run_that_is_gone_is_said_to_be_gone(page: Page, watch: Watch) -> None:
    watch.expected.append(r"404.*aaaaaaaaaa")
    page.goto("/gradients?run=aaaaaaaaaa")
    expect(page.get_by_text("This run can't be found")).to_be_visible()


def test_without_a_run_on_show_it_says_where_to_choose(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    expect(page.locator("#shown li")).to_have_count(2)
    take_off(page, 2)
    expect(page.get_by_text("No run is shown. Choose one above.")).to_be_visible()
    expect(page.get_by_text("Nothing has been trained here yet.")).to_be_hidden()


def test_a_run_deleted_while_it_is_shown_is_said_to_be_gone(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    watch.expected.append("404")
    study = train(context, {**TWINS, "base": {**TWINS["base"], "steps": 50_000}})
    page.goto(f"/gradients?study={study['id']}")
    expect(page.locator("#shown li")).to_have_count(2)
    assert context.request.delete(f"/api/studies/{study['id']}").status == 204
    expect(page.get_by_text("This run can't be found")).to_be_visible()
    expect(page.locator("#shown li")).to_have_count(0)


def test_a_sweep_opens_with_whole_pairs(page: Page, context: BrowserContext) -> None:
    base = {**TWINS["base"], "steps": 2}
    sweep = {"study": "depth", "base": base, "depths": [4, 8, 12], "seeds": [0, 1]}
    study = finished(page, train(context, sweep)["id"])
    page.goto(f"/gradients?study={study['id']}")
    shown = page.locator("#shown li")
    expect(shown).to_have_count(4)
    expect(shown.filter(has_text="4 layers")).to_have_count(2)
    expect(shown.filter(has_text="12 layers")).to_have_count(2)


def test_the_select_shows_what_is_on_show(page: Page, pair: Json, watch: Watch) -> None:
    watch.expected.append("404")
    page.goto(f"/gradients?study={pair['id']}")
    show = page.get_by_label("Show", exact=True)
    expect(show).to_have_value(f"studies/{pair['id']}")
    page.get_by_role("button", name="Remove").first.click()
    # One run of a pair is nothing that the list offers: it is named all the same.
    expect(show).to_have_value("")
    expect(show.locator("option:checked")).to_contain_text("mlp, 8 layers")
    page.goto("/gradients?" + "&".join(f"run={run['id']}" for run in pair["runs"]))
    expect(show.locator("option:checked")).to_have_text("2 runs")
    show.select_option(f"studies/{pair['id']}")
    expect(show).to_have_value(f"studies/{pair['id']}")
    take_off(page, 2)
    expect(show.locator("option:checked")).to_have_text("Choose")


def test_a_choice_that_is_gone_leaves_the_select_as_it_was(
    page: Page, context: BrowserContext, pair: Json, watch: Watch
) -> None:
    watch.expected.append("404")
    other = finished(page, train(context, {**TWINS, "base": {**TWINS["base"], "steps": 1}})["id"])
    page.goto(f"/gradients?study={pair['id']}")
    show = page.get_by_label("Show", exact=True)
    expect(show).to_have_value(f"studies/{pair['id']}")
    assert context.request.delete(f"/api/studies/{other['id']}").status == 204
    show.select_option(f"studies/{other['id']}")
    expect(page.get_by_text("This run can't be found")).to_be_visible()
    expect(show).to_have_value(f"studies/{pair['id']}")


def test_pairs_of_one_name_differ_in_the_select(page: Page, context: BrowserContext) -> None:
    body = {**TWINS, "base": {**TWINS["base"], "steps": 2, "seed": 77}}
    ids = [train(context, body)["id"] for _ in range(2)]
    page.goto(f"/gradients?study={finished(page, ids[0])['id']}")
    options = [page.locator(f"#show option[value='studies/{one}']") for one in ids]
    for option in options:
        expect(option).to_have_text(re.compile(r"seed 77 · \d\d:\d\d"))
    assert options[0].inner_text() != options[1].inner_text()
