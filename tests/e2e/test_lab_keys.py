"""The Lab by its keys."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.lab import LONG, Lab


def test_keys_train_and_step(page: Page) -> None:
    lab = Lab(page).open(LONG)
    page.locator("#main").focus()
    page.keyboard.press("Space")
    lab.at_step(3)
    page.keyboard.press("Space")
    expect(lab.state).to_have_text("Paused")
    held = lab.held()
    page.keyboard.press("s")
    assert lab.at_step(held + 1) == held + 1
    # What scrolls takes the space bar for that.
    page.evaluate("""() => {
        const region = document.querySelector(".scroll-x");
        region.tabIndex = 0;
        region.focus();
    }""")
    page.keyboard.press("Space")
    expect(lab.state).to_have_text("Paused")
    # In a field a letter is a letter, on a button the space bar is the button's.
    page.get_by_role("button", name="More settings").focus()
    page.keyboard.press("Space")
    expect(page.locator("#more")).to_be_visible()
    expect(lab.state).to_have_text("Paused")
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")


def test_a_button_that_was_pressed_by_keyboard_leaves_nobody_without_focus(page: Page) -> None:
    lab = Lab(page).open(LONG)
    lab.train.press("Enter")
    lab.at_step(3)
    expect(lab.train).to_be_focused()
    lab.train.press("Enter")
    expect(lab.state).to_have_text("Paused")
    held = lab.held()
    lab.step.press("Enter")
    assert lab.at_step(held + 1) == held + 1
    expect(lab.step).to_be_focused()
    lab.stop.press("Enter")
    expect(lab.state).to_have_text("Stopped")
    expect(lab.train).to_be_focused()
    expect(lab.train).to_have_text("Run again")


def test_keys_can_be_switched_off_and_stay_so(page: Page) -> None:
    lab = Lab(page).open(LONG)
    expect(page.locator(".small", has_text="S steps, Space trains or pauses")).to_be_visible()
    switch = page.get_by_label("Keyboard shortcuts")
    expect(switch).to_be_checked()
    # On the switch itself the space bar is the switch's.
    switch.focus()
    page.keyboard.press("Space")
    expect(switch).not_to_be_checked()
    expect(lab.train).not_to_have_attribute("aria-keyshortcuts", "Space")
    page.reload()
    lab.measured()
    expect(switch).not_to_be_checked()
    started: list[str] = []
    page.on("request", lambda request: started.append(request.method))
    page.locator("#main").focus()
    page.keyboard.press("Space")
    page.keyboard.press("s")
    # One request that is known comes after all that the keys could have asked for.
    with page.expect_response("**/healthz"):
        page.evaluate("fetch('/healthz')")
    assert started == ["GET"]
    switch.check()
    expect(lab.train).to_have_attribute("aria-keyshortcuts", "Space")
    page.locator("#main").focus()
    page.keyboard.press("s")
    lab.at_step(1)
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")
