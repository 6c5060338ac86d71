"""The strips of the Lab: colours beside the last block's, and a layer that stays marked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Watch

MIDDLE = "rgb(163, 163, 163)"  # of the colours of ratios: a ratio of 1
SMALL = "/?v=2&net.family=mlp&net.depth=8&net.width=8"


def opened(page: Page, more: str = "") -> Locator:
    """Both strips, once step 0 is measured."""
    page.goto(SMALL + more)
    strips = page.locator(".strip-drawing")
    expect(strips.last.locator("rect[data-kind=value]").first).to_be_visible()
    return strips


def block(strips: Locator, number: int) -> tuple[float, float]:
    """The middle of a block of the first strip, on the page."""
    box = strips.first.locator(".strip-blocks rect").nth(number).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_both_strips_have_the_middle_colour_at_their_last_block(page: Page) -> None:
    strips = opened(page)
    for strip in (strips.first, strips.last):
        blocks = strip.locator(".strip-blocks rect")
        expect(blocks.nth(3)).to_have_css("fill", MIDDLE)
        expect(blocks.last).to_have_attribute("data-kind", "unknown")  # the head stands behind it
    expect(page.locator(".strip-scale")).to_contain_text("same as at the last block")


def test_strip_and_charts_share_one_switch_that_the_link_keeps(page: Page) -> None:
    strips = opened(page)
    page.get_by_role("button", name="Absolute").click()
    expect(strips.first.locator(".strip-blocks rect").last).to_have_attribute("data-kind", "value")
    expect(page.locator("#flow-look")).to_contain_text("Sizes as measured")
    expect(page.locator("#heat-look")).to_contain_text("compare rows")
    page.wait_for_url("**scale=absolute*")
    page.reload()
    expect(page.get_by_role("button", name="Absolute")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("could not be read")).to_have_count(0)


def test_a_clicked_layer_stays_marked_everywhere_until_it_is_clicked_again(page: Page) -> None:
    strips = opened(page)
    page.mouse.click(*block(strips, 2))
    page.mouse.move(2, 2)
    said = page.locator(".strip-readout")
    expect(said).to_contain_text("Block 2 of 3")
    expect(page.locator(".strip-ring[data-pinned=true]:visible")).to_have_count(2)
    expect(page.locator("#flow-chart .plot-mark")).to_have_count(1)
    page.mouse.move(*block(strips, 1))
    expect(said).to_contain_text("Block 1 of 3")
    page.mouse.move(2, 2)
    expect(said).to_contain_text("Block 2 of 3")
    page.mouse.click(*block(strips, 2))
    page.mouse.move(2, 2)
    expect(page.locator(".strip-ring:visible")).to_have_count(0)
    expect(page.locator("#flow-chart .plot-mark")).to_have_count(0)


def test_keys_choose_a_layer_that_stays_and_escape_lets_go(page: Page) -> None:
    strips = opened(page)
    strips.last.focus()
    strips.last.press("Home")
    strips.last.press("ArrowRight")
    expect(page.locator(".strip-readout")).to_contain_text("Block 1 of 3")
    page.mouse.move(*block(strips, 3))
    page.mouse.move(2, 2)
    expect(page.locator(".strip-readout")).to_contain_text("Block 1 of 3")
    strips.last.press("Escape")
    expect(page.locator(".strip-ring:visible")).to_have_count(0)


def test_a_tap_on_a_phone_chooses_a_block_and_tells_its_numbers(
    browser: Browser, server: str, watch: Watch
) -> None:
    phone = browser.new_context(
        base_url=server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = phone.new_page()
    watch.follow(page)
    strips = opened(page)
    strips.first.scroll_into_view_if_needed()
    page.touchscreen.tap(*block(strips, 2))
    said = page.locator(".strip-readout")
    expect(said).to_contain_text("Block 2 of 3")
    expect(said).to_contain_text("at the last block")
    expect(page.locator(".strip-ring[data-pinned=true]:visible")).to_have_count(2)
    page.touchscreen.tap(*block(strips, 2))
    expect(page.locator(".strip-ring:visible")).to_have_count(0)
    phone.close()


@pytest.mark.parametrize("width", [390, 1366])
def test_the_legend_is_no_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    opened(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
