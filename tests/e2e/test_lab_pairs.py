"""A pair after a pair in the Lab: again, longer, of another seed, of other settings."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.figures.themes import THEMES
from tests.e2e.conftest import Watch
from tests.e2e.lab import LONG, SMALL, Lab


def test_the_same_seed_repeats_and_the_pair_before_stays_in_grey(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    first = lab.events()
    link = page.url
    lab.train.click()
    page.wait_for_function("(before) => location.href !== before", arg=link)
    lab.finished()
    assert lab.events() == first
    lines = page.wait_for_function(
        """() => {
            const { data } = document.querySelector("#error-chart .js-plotly-plot");
            const whole = data.filter(({ line, x }) => line?.color && x?.length >= 40);
            const lines = Object.fromEntries(whole.map(({ name, line }) => [name, line.color]));
            return Object.keys(lines).length >= 4 && lines;
        }"""
    ).json_value()
    assert set(lines) == {"plain", "residual", "plain, before", "residual, before"}
    light = THEMES["light"]
    for name, hue in (("plain", "vermillion"), ("residual", "blue")):
        assert lines[name] == light.hues[hue]
        assert lines[f"{name}, before"] == light.ghost


def test_a_pair_of_other_networks_stays_behind_only_where_it_can_be_compared(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    lab.field("net.depth").fill("16")
    lab.field("net.depth").press("Tab")
    lab.measured()
    behind = """(id) => document.querySelector(`#${id} .js-plotly-plot`).data
        .some(({ name }) => name?.endsWith(", before"))"""
    page.wait_for_function(behind, arg="error-chart")
    expect(page.locator("#error-grey")).to_have_text("In grey: the previous pair (8 layers)")
    expect(page.locator("#flow-grey")).to_be_empty()
    expect(page.locator(".strip-name").first).to_contain_text("16 layers")
    assert not page.evaluate(behind, "flow-chart")


def test_no_pair_stays_behind_another_preset(page: Page) -> None:
    lab = Lab(page).open("net.depth=8&steps=4")
    lab.train.click()
    lab.finished()
    lab.field("net.depth").fill("14")
    lab.field("net.depth").press("Tab")
    lab.measured()
    expect(page.locator("#error-grey")).to_contain_text("8 layers")
    page.locator('[data-preset="vanishing"]').click()
    expect(lab.takeaway).to_contain_text("32-layer")
    expect(page.locator("#error-grey")).to_be_empty()


def test_twice_as_long_repeats_the_first_half(page: Page) -> None:
    lab = Lab(page).open(f"{SMALL}&every=1&evaluate.every=40")
    lab.train.click()
    lab.finished()
    first = lab.events(("frame",))
    page.get_by_role("button", name="Twice as long").click()
    expect(lab.status).to_contain_text("80")
    lab.finished()
    second = lab.events(("frame",))
    for short, long in zip(first, second, strict=True):
        assert len(long) == 80
        unnumbered: list[list[dict[str, Any]]] = [
            [{k: v for k, v in event.items() if k != "seq"} for event in events]
            for events in (short, long[:40])
        ]
        assert unnumbered[0] == unnumbered[1]
    assert "steps=80" in page.url
    assert "seed" not in page.url


def test_a_new_seed_is_another_race(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    first = lab.events(("frame",))
    page.get_by_role("button", name="New seed").click()
    page.wait_for_url("**seed=1**")
    lab.finished()
    assert lab.events(("frame",)) != first


def test_other_settings_wait_for_the_next_pair(page: Page) -> None:
    lab = Lab(page).open(LONG)
    lab.train.click()
    lab.at_step(5)
    first = lab.study()
    lab.field("net.skip").select_option("projection")
    expect(lab.train).to_have_text("Train these")
    expect(lab.notices).to_contain_text("This pair keeps those")
    page.get_by_role("button", name="Back to its settings").click()
    expect(lab.train).to_have_text("Pause")
    expect(lab.field("net.skip")).to_have_value("identity")
    lab.field("net.skip").select_option("projection")
    lab.train.click()
    page.wait_for_function("(first) => !location.href.includes(first)", arg=first)
    lab.at_step(5)
    assert lab.ended(first) == ["stopped", "stopped"]
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")


@pytest.mark.parametrize("refused", [None, 404, 409])
def test_a_new_pair_is_on_the_page_though_the_old_one_could_not_be_stopped(
    page: Page, watch: Watch, refused: int | None
) -> None:
    watch.expected.append(r"(404|409|ERR_FAILED).*/control")
    lab = Lab(page).open(LONG)
    lab.train.click()
    lab.at_step(5)
    first = lab.study()
    lab.field("net.skip").select_option("projection")
    page.route(
        f"**/{first}/control",
        lambda route: route.fulfill(status=refused) if refused else route.abort(),
    )
    lab.train.click()
    page.wait_for_function("(first) => !location.href.includes(first)", arg=first)
    expect(lab.stop).to_be_enabled()
    told = page.locator("#toasts")
    if refused:
        # What is over or deleted needs no stopping.
        expect(told).to_be_empty()
    else:
        expect(told).to_contain_text("The previous pair could not be stopped")
        expect(told).to_contain_text("The server does not answer")
    lab.control(first, "stop")
    lab.at_step(1)
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")
