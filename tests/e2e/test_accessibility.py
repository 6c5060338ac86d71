"""No serious accessibility problem on any page, in light, dark and projector mode."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.depth import SMALL as SWEEP
from tests.e2e.depth import finished
from tests.e2e.lab import READY, SMALL, Lab

PAGES = (
    "/",
    "/lesion",
    "/paths",
    "/experiments",
    "/depth",
    "/gradients",
    "/networks",
    "/questions",
    "/runs",
    "/api",
)


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """What axe calls serious or critical: the rule, and where it is broken."""
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], [node["html"][:120] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_serious_violation(page: Page, path: str, theme: str) -> None:
    page.add_init_script(f"localStorage.setItem('depthscope.theme', '{theme}')")
    page.goto(path)
    expect(page.locator("h1")).to_have_count(1)
    if path == "/":
        Lab(page).measured()
        page.get_by_role("button", name="More settings").click()
    assert serious(page) == []


@pytest.mark.parametrize("path", ["/api", "/no/such/page"])
def test_nor_has_a_page_on_a_phone(page: Page, watch: Watch, path: str) -> None:
    watch.expected.append("404")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    expect(page.locator("h1")).to_have_count(1)
    assert serious(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nor_has_the_lab_after_training(page: Page, theme: str) -> None:
    page.add_init_script(f"localStorage.setItem('depthscope.theme', '{theme}')")
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    assert serious(page) == []


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_the_depth_page_has_no_violation_at_all_after_a_sweep(page: Page, theme: str) -> None:
    """Not a moderate one either: two landmarks of one name are told apart by nobody."""
    page.add_init_script(f"localStorage.setItem('depthscope.theme', '{theme}')")
    page.goto(f"/depth?{SWEEP}")
    page.get_by_role("button", name="rise").click()
    page.locator("#more summary").click()
    assert serious(page) == []
    page.locator("#train").click()
    expect(finished(page)).to_have_count(4)
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []


def test_the_lab_is_reached_in_order_by_the_tab_key(page: Page) -> None:
    Lab(page).open(SMALL)
    seen: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "(e => e.id || e.dataset.preset || e.className.baseVal || e.className || e.textContent)"
            "(document.activeElement)"
        )
        seen.append(name)
    order = ["skip-link", "degradation", "more-toggle", "field-net-depth", "train", "strip-drawing"]
    places = [seen.index(name) for name in order]
    assert places == sorted(places)


def test_the_first_link_skips_to_the_content(page: Page) -> None:
    Lab(page).open(SMALL)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    # Following a link within the page is no reason to load it again.
    expect(page.locator("#status")).to_have_text(READY)
