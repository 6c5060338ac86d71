"""The Lab before anything trains: the form, step 0, presets, links, themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.lab import SMALL, Lab
from tests.server import Server


def test_nothing_is_empty_before_training(page: Page) -> None:
    lab = Lab(page).open()
    expect(lab.takeaway).to_contain_text("Before training, the 56-layer plain network")
    expect(page.locator('[data-preset="degradation"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".strip-name")).to_contain_text(["plain", "residual"])
    # A stem, 27 blocks, a head: all with a measured colour.
    for strip in (lab.strip(0), lab.strip(1)):
        expect(strip.locator(".strip-blocks rect[data-kind=value]")).to_have_count(29)
    page.wait_for_selector("#flow-chart .js-plotly-plot")
    page.wait_for_function(
        """() => document.querySelector("#flow-chart .js-plotly-plot").data.some(
            ({ y }) => y.length === 29)"""
    )
    expect(page.locator("#facts")).to_contain_text("214,402")


def test_step_0_is_measured_again_at_each_change(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    expect(lab.takeaway).to_contain_text("8-layer plain")
    page.get_by_role("button", name="Next depth").click()
    expect(lab.takeaway).to_contain_text("10-layer plain")
    lab.field("net.skip").select_option("projection")
    expect(page.locator(".strip-arcs.projection").nth(1)).to_have_attribute("d", re.compile("^M"))
    expect(page.locator(".strip-key")).to_have_text("Shortcutsprojection")
    other = lab.strip(1).locator(".strip-arcs.projection")
    assert other.evaluate("(arc) => getComputedStyle(arc).stroke") == page.locator(
        ".strip-row .swatch[data-role=other]"
    ).evaluate("(swatch) => getComputedStyle(swatch).stroke")
    assert "net.depth=10" in page.url
    assert "net.skip=projection" in page.url


def test_depth_steps_over_the_depths_that_the_family_can_have(page: Page) -> None:
    lab = Lab(page).open()
    depth = lab.field("net.depth")
    depth.focus()
    page.keyboard.press("ArrowDown")
    expect(depth).to_have_value("50")
    page.get_by_role("button", name="Depth before").click()
    expect(depth).to_have_value("44")
    page.get_by_label("Depth, as a slider").focus()
    page.keyboard.press("ArrowRight")
    expect(depth).to_have_value("50")


def test_a_depth_that_can_not_be_is_refused_beside_its_field_with_the_nearest(
    page: Page, watch: Watch
) -> None:
    watch.expected.append(r"422.*api/studies/plan")
    lab = Lab(page).open()
    lab.field("net.depth").fill("57")
    lab.field("net.depth").press("Enter")
    expect(lab.problem("net.depth")).to_contain_text("nearest: 56 and 62")
    expect(lab.field("net.depth")).to_have_attribute("aria-invalid", "true")
    # Train leads to what is wrong instead of asking the server for it.
    lab.train.click()
    expect(lab.field("net.depth")).to_be_focused()
    expect(lab.state).to_be_hidden()
    lab.field("net.depth").fill("8")
    lab.field("net.depth").press("Enter")
    expect(lab.problem("net.depth")).to_be_hidden()
    expect(lab.takeaway).to_contain_text("8-layer")


def test_what_is_no_number_is_told_so(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    page.get_by_role("button", name="More settings").click()
    rate = lab.field("optimizer.lr")
    rate.fill("")
    rate.press("Enter")
    expect(lab.problem("optimizer.lr")).to_contain_text("a number is required")
    rate.fill("0.1")
    rate.press("Enter")
    expect(lab.problem("optimizer.lr")).to_be_hidden()
    assert "optimizer.lr=0.1" in page.url


def test_a_number_that_was_cleared_is_mended_by_typing_the_same_again(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    page.get_by_role("button", name="More settings").click()
    rate = lab.field("optimizer.lr")
    rate.fill("")
    rate.press("Tab")
    expect(lab.problem("optimizer.lr")).to_contain_text("a number is required")
    # What is complained of is what is seen.
    expect(rate).to_have_value("")
    rate.press_sequentially("0.05")
    expect(lab.problem("optimizer.lr")).to_be_hidden()
    rate.press("Tab")
    expect(rate).to_have_value("0.05")
    expect(rate).to_have_attribute("aria-invalid", "false")


def test_a_cleared_number_takes_its_value_back_when_something_else_is_set(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    page.get_by_role("button", name="More settings").click()
    rate = lab.field("optimizer.lr")
    rate.fill("")
    rate.press("Tab")
    expect(rate).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Next depth").click()
    expect(lab.field("net.depth")).to_have_value("10")
    expect(rate).to_have_value("0.05")
    expect(rate).to_have_attribute("aria-invalid", "false")
    # The depth itself steps on from what it was, though its field is empty.
    lab.field("net.depth").fill("")
    page.get_by_role("button", name="Next depth").click()
    expect(lab.field("net.depth")).to_have_value("12")


def test_a_preset_fills_the_form_and_what_differs_is_counted(page: Page) -> None:
    lab = Lab(page).open()
    page.locator('[data-preset="vanishing"]').click()
    expect(lab.field("net.depth")).to_have_value("32")
    expect(lab.takeaway).to_contain_text("(vanishes)")
    expect(page.locator("#more-count")).to_be_hidden()
    page.get_by_role("button", name="More settings").click()
    expect(lab.field("net.init")).to_have_value("default")
    lab.field("net.norm").select_option("batch")
    lab.field("seed").fill("3")
    lab.field("seed").press("Enter")
    expect(page.locator("#more-count b")).to_have_text("2")
    expect(page.locator('[data-preset="vanishing"]')).to_have_attribute("aria-pressed", "false")


def test_another_optimizer_brings_its_own_settings(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    page.get_by_role("button", name="More settings").click()
    expect(lab.field("optimizer.momentum")).to_have_value("0.9")
    lab.field("optimizer.name").select_option("adam")
    expect(lab.field("optimizer.momentum")).to_have_count(0)
    expect(lab.field("optimizer.beta2")).to_have_value("0.999")
    expect(lab.field("optimizer.lr")).to_have_value("0.001")
    expect(lab.problem("optimizer.lr")).to_be_hidden()


def test_settings_that_need_each_other_move_together_and_say_so(page: Page) -> None:
    lab = Lab(page).open()
    lab.field("data.name").select_option("spirals")
    page.get_by_role("button", name="More settings").click()
    expect(lab.field("net.family")).to_have_value("mlp")
    expect(page.locator('[data-path="net.family"] .field-note')).to_have_text(
        "Changed to fit the data."
    )
    lab.field("net.skip").select_option("none")
    expect(lab.field("against")).to_have_value("identity")
    lab.measured()


def test_a_link_opens_with_the_same_form(page: Page) -> None:
    first = Lab(page).open(SMALL)
    page.get_by_role("button", name="More settings").click()
    first.field("net.activation").select_option("tanh")
    page.wait_for_url("**net.activation=tanh**")
    link = page.url
    other = page.context.new_page()
    second = Lab(other)
    other.goto(link)
    second.measured()
    assert other.url == link
    values = (
        "() => [...document.querySelectorAll('#settings [name]')].map((e) => [e.name, e.value])"
    )
    assert page.evaluate(values) == other.evaluate(values)


def test_a_link_that_can_not_be_read_in_full_is_told_so(page: Page) -> None:
    lab = Lab(page).open("net.depth=many&colour=red&net.width=16")
    expect(lab.notices).to_contain_text("could not be read in full: net.depth, colour")
    page.get_by_role("button", name="More settings").click()
    expect(lab.field("net.width")).to_have_value("16")


def test_a_link_to_a_pair_that_is_gone_is_told_so(page: Page, watch: Watch) -> None:
    watch.expected.append(r"404.*api/studies")
    lab = Lab(page).open(f"{SMALL}&study=aaaaaaaaaa")
    expect(lab.notices).to_contain_text("not here any more")
    expect(lab.field("net.depth")).to_have_value("8")
    assert "study=" not in page.url


def test_layers_are_chosen_by_arrow_keys_and_marked_everywhere(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    strip = lab.strip(0)
    strip.focus()
    page.keyboard.press("Home")
    expect(page.locator(".strip-readout")).to_contain_text("Stem, output 8.")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".strip-readout")).to_contain_text("Block 1 of 3")
    expect(lab.strip(1).locator(".strip-ring")).to_be_visible()
    page.wait_for_selector("#flow-chart .plot-mark")
    page.keyboard.press("End")
    expect(page.locator(".strip-readout")).to_contain_text("Head, output 10")
    page.keyboard.press("Escape")
    expect(page.locator(".strip-readout")).to_contain_text("Input left")
    expect(page.locator("#flow-chart .plot-mark")).to_have_count(0)


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


def test_a_link_that_can_not_be_copied_is_shown_to_be_copied_by_hand(page: Page) -> None:
    # As on plain HTTP from another machine.
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    Lab(page).open(SMALL)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("alert").filter(has_text="Copy this link")).to_contain_text(page.url)


def test_a_link_that_is_copied_is_told_once(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    Lab(page).open(SMALL)
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".toast")).to_contain_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert page.locator("#live").inner_text() == ""


def test_a_link_copied_on_the_server_itself_is_one_that_others_can_open(
    browser: Browser, tmp_path: Path
) -> None:
    with Server(tmp_path, DEPTHSCOPE_PUBLIC_ADDRESS="http://lesson:8000") as server:
        visitor = browser.new_context(
            base_url=server.http, permissions=["clipboard-read", "clipboard-write"]
        )
        page = visitor.new_page()
        Lab(page).open(SMALL)
        page.get_by_role("button", name="Copy link").click()
        expect(page.locator(".toast")).to_contain_text("The link is copied.")
        copied = page.evaluate("navigator.clipboard.readText()")
        visitor.close()
    assert copied == page.url.replace(server.http, "http://lesson:8000")
    assert copied.startswith("http://lesson:8000/?")


def test_what_was_never_drawn_has_no_menu_and_says_that_it_is_empty(
    page: Page, watch: Watch
) -> None:
    watch.expected.append(r"422.*api")
    page.goto("/?v=1&net.skip=none&against=none")
    lab = Lab(page)
    expect(lab.status).to_have_text("These settings can't be trained.")
    for chart in ("#error-chart", "#flow-chart"):
        expect(page.locator(chart)).to_contain_text("Nothing measured yet.")
    expect(page.locator("#flow-chart .plot-menu")).to_be_hidden()
    lab.field("net.skip").select_option("identity")
    expect(page.locator("#flow-chart .plot-menu")).to_be_visible()
    expect(page.locator("#flow-chart .plot-empty")).to_have_count(0)


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


def test_a_problem_in_a_folded_setting_is_told_where_it_can_be_seen(
    page: Page, watch: Watch
) -> None:
    watch.expected.append(r"422.*api/describe")
    page.goto("/?v=1&net.depth=8&net.downsample=error")
    lab = Lab(page)
    expect(lab.notices).to_contain_text("Where shapes change")
    page.get_by_role("button", name="More settings").click()
    expect(lab.problem("net.downsample")).to_be_visible()
    expect(lab.notices).to_be_empty()


def test_a_task_without_errors_is_shown_by_its_loss(page: Page) -> None:
    lab = Lab(page).open("net.family=mlp&net.depth=4&net.width=8&data=identity&steps=20")
    expect(lab.takeaway).to_contain_text("has a loss of")
    expect(page.locator("#error-title")).to_have_text("Loss of every step")
    expect(page.get_by_role("heading", name="Loss of every step")).to_have_count(1)
    lab.train.click()
    lab.finished()
    expect(lab.takeaway).to_contain_text("on the training points")
    expect(page.locator("#facts")).not_to_contain_text("Test error")
    lab.field("data.name").select_option("digits")
    expect(page.locator("#error-title")).to_have_text("Error by step")
    expect(page.get_by_role("heading", name="Loss of every step")).to_be_visible()


def test_a_network_too_large_to_measure_beforehand_is_told_so(page: Page) -> None:
    page.goto("/?v=1&net.depth=1202")
    expect(page.locator("#takeaway")).to_contain_text("too large to measure beforehand")
    expect(Lab(page).strip(0).locator(".strip-blocks rect")).to_have_count(602)


def test_no_layer_is_offered_where_there_is_none(page: Page) -> None:
    page.route("**/api/describe", lambda route: None)  # no answer yet
    page.goto("/?v=1&" + SMALL)
    expect(Lab(page).status).to_have_text(re.compile("Measuring"))
    expect(page.locator(".strip-readout")).to_be_empty()
    page.unroute_all(behavior="ignoreErrors")
