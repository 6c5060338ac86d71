"""The Lab's look: themes, and what fits on which screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.lab import SMALL, Lab


@pytest.mark.parametrize(("name", "theme"), [("Dark", "dark"), ("Projector", "projector")])
def test_a_theme_is_kept(page: Page, name: str, theme: str) -> None:
    Lab(page).open(SMALL)
    page.get_by_label("Theme").select_option(name)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    expect(page.get_by_label("Theme")).to_have_value(theme)


def test_a_theme_that_can_not_be_kept_lasts_as_long_as_the_page(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.add_init_script(
        """Object.defineProperty(window, "localStorage", {
            get() { throw new DOMException("forbidden", "SecurityError"); } })"""
    )
    page.goto("/api")
    html, select = page.locator("html"), page.get_by_label("Theme")
    expect(html).to_have_attribute("data-theme", "dark")
    select.select_option("projector")
    expect(html).to_have_attribute("data-theme", "projector")
    expect(select).to_have_value("projector")
    select.select_option("system")
    expect(html).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(html).to_have_attribute("data-theme", "light")
    expect(select).to_have_value("system")


def test_the_theme_follows_the_system(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    Lab(page).open(SMALL)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


@pytest.mark.parametrize(
    ("width", "height", "theme"),
    [(1366, 768, "light"), (1440, 900, "dark"), (1280, 720, "projector"), (1920, 1080, "light")],
)
def test_all_that_matters_fits_one_screen(page: Page, width: int, height: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.add_init_script(f"localStorage.setItem('depthscope.theme', '{theme}')")
    Lab(page).open(SMALL)
    bottom = page.evaluate("document.querySelector('.lab-stage').getBoundingClientRect().bottom")
    assert bottom <= height
    for chart in ("error-chart", "flow-chart"):
        box = page.locator(f"#{chart}").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height
        assert box["height"] > 140
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "projector"), (1440, "dark")])
def test_the_main_settings_and_train_stand_in_one_row(page: Page, width: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.add_init_script(f"localStorage.setItem('depthscope.theme', '{theme}')")
    lab = Lab(page).open(SMALL)
    controls = [lab.field(path) for path in ("net.depth", "net.skip", "against", "data.name")]
    boxes = [one.bounding_box() for one in (*controls, lab.train)]
    middles = [box["y"] + box["height"] / 2 for box in boxes if box is not None]
    assert len(middles) == 5
    assert max(middles) - min(middles) < 4


def test_the_projector_has_no_small_text(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.add_init_script("localStorage.setItem('depthscope.theme', 'projector')")
    Lab(page).open(SMALL)
    page.wait_for_selector("#flow-chart .js-plotly-plot .xtick", state="attached")
    page.get_by_role("button", name="More settings").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 1)
            .filter((e) => !e.closest("script, .visually-hidden"))
            // The exponent of a power of ten is a part of its number.
            .filter((e) => e.tagName !== "tspan")
            .map((e) => [e.tagName, e.className.baseVal ?? e.className, e.textContent.slice(0, 30),
                         parseFloat(getComputedStyle(e).fontSize)])
            .filter(([, , , size]) => size < 21.9)"""
    )
    assert small == []


def test_a_phone_shows_everything_without_scrolling_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    Lab(page).open(SMALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, a, summary, [role=slider]")]
            .filter((e) => e.checkVisibility() && !e.closest(".skip-link, .visually-hidden"))
            .map((e) => [e, e.matches("[type=checkbox]") ? e.closest("label") : e])
            .filter(([, target]) => target.getBoundingClientRect().height < 43.9)
            .map(([e]) => e.outerHTML.slice(0, 60))"""
    )
    assert small == []
