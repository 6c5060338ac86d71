"""The Lab's settings: legal ones, refused ones, and those that move together."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.lab import SMALL, Lab


def test_depth_steps_over_the_depths_that_the_family_can_have(page: Page) -> None:
    lab = Lab(page).open()
    depth = lab.field("net.depth")
    depth.focus()
    page.keyboard.press("ArrowDown")
    expect(depth).to_have_value("50")
    page.get_by_role("button", name="Shallower").click()
    expect(depth).to_have_value("44")
    page.get_by_label("Depth slider").focus()
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
    page.get_by_role("button", name="Deeper", exact=True).click()
    expect(lab.field("net.depth")).to_have_value("10")
    expect(rate).to_have_value("0.05")
    expect(rate).to_have_attribute("aria-invalid", "false")
    # The depth itself steps on from what it was, though its field is empty.
    lab.field("net.depth").fill("")
    page.get_by_role("button", name="Deeper", exact=True).click()
    expect(lab.field("net.depth")).to_have_value("12")


def test_a_preset_fills_the_form_and_what_differs_is_counted(page: Page) -> None:
    lab = Lab(page).open()
    page.locator('[data-preset="vanishing"]').click()
    expect(lab.field("net.depth")).to_have_value("32")
    expect(lab.takeaway).to_contain_text(
        "times smaller at the first block than at the last (it vanishes:"
    )
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
    lab.field("optimizer").select_option("adam")
    expect(lab.field("optimizer.momentum")).to_have_count(0)
    expect(lab.field("optimizer.beta2")).to_have_value("0.999")
    expect(lab.field("optimizer.lr")).to_have_value("0.001")
    expect(lab.problem("optimizer.lr")).to_be_hidden()


def test_settings_that_need_each_other_move_together_and_say_so(page: Page) -> None:
    lab = Lab(page).open()
    lab.field("data").select_option("spirals")
    page.get_by_role("button", name="More settings").click()
    expect(lab.field("net.family")).to_have_value("mlp")
    expect(page.locator('[data-path="net.family"] .field-note')).to_have_text(
        "Changed to fit the data."
    )
    lab.field("net.skip").select_option("none")
    expect(lab.field("against")).to_have_value("identity")
    lab.measured()


def test_a_problem_in_a_folded_setting_is_told_where_it_can_be_seen(
    page: Page, watch: Watch
) -> None:
    watch.expected.append(r"422.*api/describe")
    page.goto("/?v=2&net.depth=8&net.downsample=error")
    lab = Lab(page)
    expect(lab.notices).to_contain_text("Shortcut where the size changes")
    page.get_by_role("button", name="More settings").click()
    expect(lab.problem("net.downsample")).to_be_visible()
    expect(lab.notices).to_be_empty()
