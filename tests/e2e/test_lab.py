"""The Lab before training: step 0 is measured, and nothing is empty."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.lab import READY, SMALL, UNTRAINED, Lab


def test_nothing_is_empty_before_training(page: Page) -> None:
    lab = Lab(page).open()
    expect(lab.takeaway).to_contain_text(
        "Before training, both 56-layer networks can only guess. Will the plain network learn"
    )
    expect(page.locator('[data-preset="degradation"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".strip-name")).to_contain_text(["plain", "residual"])
    # A stem and 27 blocks, coloured beside the last; the head comes after it and is told in words.
    for strip in (lab.strip(0), lab.strip(1)):
        expect(strip.locator(".strip-blocks rect[data-kind=value]")).to_have_count(28)
    page.wait_for_selector("#flow-chart .js-plotly-plot")
    page.wait_for_function(
        """() => document.querySelector("#flow-chart .js-plotly-plot").data.some(
            ({ y }) => y.length === 28)"""
    )
    expect(page.locator("#facts")).to_contain_text("214,402")


def test_step_0_is_measured_again_at_each_change(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    expect(lab.takeaway).to_contain_text("8-layer")
    page.get_by_role("button", name="Deeper", exact=True).click()
    expect(lab.takeaway).to_contain_text("10-layer")
    lab.field("net.skip").select_option("projection")
    expect(page.locator(".strip-arcs.projection").nth(1)).to_have_attribute("d", re.compile("^M"))
    expect(page.locator(".strip-key")).to_have_text("Shortcutsprojection")
    other = lab.strip(1).locator(".strip-arcs.projection")
    assert other.evaluate("(arc) => getComputedStyle(arc).stroke") == page.locator(
        ".strip-row .swatch[data-skip=projection]"
    ).evaluate("(swatch) => getComputedStyle(swatch).stroke")
    assert "net.depth=10" in page.url
    assert "net.skip=projection" in page.url


def test_layers_are_chosen_by_arrow_keys_and_marked_everywhere(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    strip = lab.strip(0)
    strip.focus()
    page.keyboard.press("Home")
    expect(page.locator(".strip-readout")).to_contain_text("First layer (stem), output 8.")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".strip-readout")).to_contain_text("Block 1 of 3")
    expect(lab.strip(1).locator(".strip-ring")).to_be_visible()
    page.wait_for_selector("#flow-chart .plot-mark")
    page.keyboard.press("End")
    expect(page.locator(".strip-readout")).to_contain_text("Last layer (head), output 10")
    page.keyboard.press("Escape")
    expect(page.locator(".strip-readout")).to_contain_text("The input is on the left")
    expect(page.locator("#flow-chart .plot-mark")).to_have_count(0)


def test_the_key_says_why_boxes_are_fewer_than_layers(page: Page) -> None:
    Lab(page).open()
    key = page.get_by_role("button", name="Key")
    key.click()
    expect(page.locator("#key-boxes")).to_have_text(
        "56 layers make 29 boxes: the first layer, 27 blocks of 2 layers, and the last layer."
    )
    expect(page.locator("#key")).to_contain_text("Open mark: the error on the test set.")
    page.keyboard.press("Escape")
    expect(page.locator("#key")).to_be_hidden()
    expect(key).to_be_focused()


def test_what_was_never_drawn_has_no_menu_and_says_that_it_is_empty(
    page: Page, watch: Watch
) -> None:
    watch.expected.append(r"422.*api")
    page.goto("/?v=2&net.skip=none&against=none")
    lab = Lab(page)
    expect(lab.status).to_have_text("These settings can't be trained.")
    for chart in ("#error-chart", "#flow-chart"):
        expect(page.locator(chart)).to_contain_text("Nothing measured yet.")
    expect(page.locator("#flow-chart .plot-menu")).to_be_hidden()
    lab.field("net.skip").select_option("identity")
    expect(page.locator("#flow-chart .plot-menu")).to_be_visible()
    expect(page.locator("#flow-chart .plot-empty")).to_have_count(0)


def test_a_task_without_errors_is_shown_by_its_loss(page: Page) -> None:
    lab = Lab(page).open("net.family=mlp&net.depth=4&net.width=8&data=identity&steps=20")
    expect(lab.takeaway).to_contain_text(UNTRAINED)
    expect(page.locator("#error-title")).to_have_text("Loss at every step")
    expect(page.get_by_role("heading", name="Loss at every step")).to_have_count(1)
    lab.train.click()
    lab.finished()
    expect(lab.takeaway).to_contain_text("on the training points")
    expect(page.locator("#facts")).not_to_contain_text("Test error")
    lab.field("data").select_option("digits")
    expect(page.locator("#error-title")).to_have_text("Error by step")
    expect(page.get_by_role("heading", name="Loss at every step")).to_be_visible()


def test_a_network_too_large_to_measure_beforehand_is_told_so(page: Page) -> None:
    page.goto("/?v=2&net.depth=1202")
    expect(page.locator("#takeaway")).to_contain_text("too large to measure beforehand")
    expect(page.locator("#status")).to_have_text(READY)
    expect(Lab(page).strip(0).locator(".strip-blocks rect")).to_have_count(602)


def test_no_layer_is_offered_where_there_is_none(page: Page) -> None:
    page.route("**/api/describe", lambda route: None)  # no answer yet
    page.goto("/?v=2&" + SMALL)
    expect(Lab(page).status).to_have_text(re.compile("Measuring"))
    expect(page.locator(".strip-readout")).to_be_empty()
    page.unroute_all(behavior="ignoreErrors")
