"""Pages on paper: every chart drawn in ink and whole, no control, no row lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.figures.themes import THEMES
from tests.e2e.depth import SMALL, finished, study_of
from tests.e2e.runs import MLP, start, state_of

A4 = 794 - 2 * 57  # pixels between margins of 15 mm

# What is on the page for a chart: its drawing's size against its box, its marks, its letters.
CHARTS = """() => [...document.querySelectorAll(".plot:not([hidden] *)")].map((el) => {
  const box = el.getBoundingClientRect();
  const drawing = el.querySelector(".main-svg")?.getBoundingClientRect();
  return {
    name: el.dataset.chart,
    marks: el.querySelectorAll(".trace, .hm").length,
    fits: Boolean(drawing) && drawing.width <= box.width && drawing.height <= box.height,
    right: box.right,
    inks: [...new Set([...el.querySelectorAll("text")].map((text) => getComputedStyle(text).fill))],
  };
})"""


def pair(page: Page) -> str:
    """A finished pair."""
    page.goto("/runs")
    study = start(page, "studies", {"study": "twins", "base": {"net": MLP, "steps": 20}})
    page.reload()
    expect(state_of(page, study)).to_have_text("Finished")
    return study


def lab(page: Page) -> int:
    page.goto(f"/?study={pair(page)}")
    return 4


def gradients(page: Page) -> int:
    page.goto(f"/gradients?study={pair(page)}")
    return 3


def depth(page: Page) -> int:
    page.goto(f"/depth?{SMALL}")
    page.locator("#train").click()
    expect(finished(page)).to_have_count(4)
    page.goto(f"/depth?study={study_of(page)}")
    expect(finished(page)).to_have_count(4)
    return 1


def overlay(page: Page) -> int:
    runs = page.request.get(f"/api/studies/{pair(page)}").json()["runs"]
    page.goto(f"/runs?overlay={','.join(run['id'] for run in runs)}")
    expect(page.locator(".plot")).to_be_attached()  # once the runs are read
    return 1


def ink(colour: str) -> str:
    """``#rrggbb`` as a browser computes it."""
    return "rgb({}, {}, {})".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))


INKS = {ink(THEMES["light"].ink), ink(THEMES["light"].muted)}


@pytest.mark.parametrize("opened", [lab, gradients, depth, overlay])
def test_a_page_in_the_dark_is_printed_whole_and_in_ink(
    page: Page, opened: Callable[[Page], int]
) -> None:
    page.add_init_script("localStorage.setItem('depthscope.theme', 'dark')")
    charts = opened(page)
    # The summaries are written when a chart has its data, drawn or not.
    expect(page.locator(".plot .plot-empty")).to_have_count(0)
    seen = printed(page)
    assert len(seen) == charts, seen
    assert all(chart["marks"] > 0 for chart in seen), seen
    assert {colour for chart in seen for colour in chart["inks"]} <= INKS
    # What the medium shows, once the page is as wide as paper.
    page.set_viewport_size({"width": A4, "height": 1000})
    page.emulate_media(media="print")
    expect(page.locator(".plot-menu").first).to_be_hidden()
    page.wait_for_function(
        f"most => ({CHARTS})().every(({{ fits, right }}) => fits && right <= most)", arg=A4
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= A4
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert (
        page.locator("button, progress, nav, input[type=range]").filter(visible=True).count() == 0
    )
    for table in page.locator(".scroll, .scroll-x").filter(visible=True).all():
        assert table.evaluate("el => el.scrollHeight <= el.clientHeight + 1")
    # Back on the screen it is dark again.
    page.emulate_media(media="screen")
    expect(page.locator(".plot text").first).to_have_css("fill", ink(THEMES["dark"].muted))


def printed(page: Page) -> list[dict[str, Any]]:
    """The charts as they are when Chromium takes the page for its PDF."""
    page.evaluate(
        f"window.addEventListener('beforeprint', () => {{ window.seen = ({CHARTS})(); }})"
    )
    assert page.pdf(format="A4").startswith(b"%PDF")
    seen: list[dict[str, Any]] = page.evaluate("window.seen")
    return seen
