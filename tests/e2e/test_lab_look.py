"""The Lab's look: themes, and what fits on which screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Position, expect

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
        plot = page.locator(f"#{chart} .nsewdrag").bounding_box()
        assert plot is not None
        assert plot["height"] >= (230 if theme == "projector" else 140)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_class_sees_56_layers_train_from_the_back_row(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.add_init_script("localStorage.setItem('depthscope.theme', 'projector')")
    lab = Lab(page).open()
    lab.train.click()
    lab.at_step(2)
    for chart in ("error-chart", "flow-chart"):
        plot = page.locator(f"#{chart} .nsewdrag").bounding_box()
        assert plot is not None
        assert plot["height"] >= 230
        assert plot["y"] + plot["height"] < 720
    cut = page.evaluate(
        """() => [...document.querySelectorAll(
                ".lab-stage :is(button, select, h2, strong, .strip-legend *)")]
            .filter((e) => e.checkVisibility())
            .filter((e) => {
                const { right, bottom } = e.getBoundingClientRect();
                const panel = (e.closest(".panel") ?? document.body).getBoundingClientRect();
                const clipped = getComputedStyle(e).overflow !== "visible"
                    && e.scrollWidth > e.clientWidth + 1;
                return clipped || right > panel.right || bottom > panel.bottom;
            })
            .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert cut == []
    # Two lines say what it shows; the rest unfolds, by keyboard too.
    rest = page.locator("#takeaway-rest")
    expect(rest).to_be_hidden()
    page.get_by_role("button", name="More of what it shows").press("Enter")
    expect(rest).to_be_visible()
    expect(rest).to_contain_text("Gradient: plain")
    page.keyboard.press("Escape")
    expect(rest).to_be_hidden()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "projector"), (1440, "dark")])
def test_the_main_settings_and_train_stand_in_one_row(page: Page, width: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.add_init_script(f"localStorage.setItem('depthscope.theme', '{theme}')")
    lab = Lab(page).open(SMALL)
    controls = [lab.field(path) for path in ("net.depth", "net.skip", "against", "data")]
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
    expect(page.locator("#more")).to_be_visible()
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


def test_a_phone_has_the_transport_in_reach_and_keeps_the_layer_that_was_tapped(
    browser: Browser, server: str
) -> None:
    phone = browser.new_context(
        base_url=server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = phone.new_page()
    lab = Lab(page).open(SMALL)
    page.locator("footer").scroll_into_view_if_needed()
    for button in (lab.train, lab.step, lab.stop, page.get_by_role("button", name="Copy link")):
        expect(button).to_be_in_viewport(ratio=1)
    # What is at the page's end is not covered.
    footer, bar = page.locator("footer").bounding_box(), page.locator(".transport").bounding_box()
    assert footer is not None
    assert bar is not None
    assert footer["y"] + footer["height"] <= bar["y"]
    strip = lab.strip(0)
    strip.scroll_into_view_if_needed()
    box = strip.bounding_box()
    assert box is not None
    middle: Position = {"x": box["width"] / 2, "y": 30}
    strip.tap(position=middle)
    readout = page.locator(".strip-readout")
    expect(readout).to_contain_text("Block 2 of 3")
    expect(lab.strip(1).locator(".strip-ring")).to_be_visible()
    strip.tap(position=middle)
    expect(readout).to_contain_text("The input is on the left")
    phone.close()


def test_forced_colours_keep_gradients_charts_and_choices_apart(page: Page) -> None:
    page.emulate_media(forced_colors="active", color_scheme="dark")
    lab = Lab(page).open()
    computed = "(e, name) => getComputedStyle(e)[name]"
    first, last = (lab.strip(0).locator(".strip-blocks rect").nth(i) for i in (0, 28))
    assert first.evaluate(computed, "fill") != last.evaluate(computed, "fill")
    ground = page.locator("#flow-chart .plot-area").evaluate(computed, "backgroundColor")
    page.emulate_media(forced_colors="none")
    expect(page.locator("#flow-chart .plot-area")).to_be_visible()
    panel = page.locator("section.lab-chart").first.evaluate(computed, "backgroundColor")
    assert ground == panel
    page.emulate_media(forced_colors="active")
    chosen = page.locator("[data-preset][aria-pressed=true]").evaluate(computed, "backgroundColor")
    other = page.locator("[data-preset][aria-pressed=false]").first
    assert chosen != other.evaluate(computed, "backgroundColor")
