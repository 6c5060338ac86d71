"""What is changed while a pair trains: by slider, at one step in both, marked, and kept."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.lab import LONG, Lab


def base_changes(page: Page, study: str) -> list[dict[str, Any]]:
    """What changes in the pair, as the server has it."""
    found: dict[str, Any] = page.request.get(f"/api/studies/{study}").json()
    changes: list[dict[str, Any]] = found["spec"]["base"]["changes"]
    return changes


def test_sliders_change_both_twins_at_one_step_and_the_link_says_so(page: Page) -> None:
    lab = Lab(page).open(LONG)
    panel, said = page.locator("#changes"), page.locator(".changes-said")
    expect(panel).to_be_hidden()  # nothing trains
    lab.train.click()
    lab.at_step(1)
    rate, strength = page.locator("#changes-rate"), page.locator("#changes-strength")
    expect(rate).to_have_attribute("aria-valuetext", "0.05")
    expect(strength).to_have_value("1")

    rate.focus()
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("in both networks")
    [change] = base_changes(page, lab.study())
    assert said.inner_text() == (
        f"Learning rate: {change['set']['optimizer.lr']:g} "
        f"from step {change['step']} on, in both networks."
    )
    strength.fill("0.5")
    expect(said).to_contain_text("in the network with skips alone")
    changes = base_changes(page, lab.study())
    assert changes[-1]["set"] == {"net.skip.strength": 0.5}
    lab.at_step(changes[-1]["step"] + 1)
    residual, plain = lab.events(("changed",))
    assert [(event["step"], event["set"]) for event in residual] == [
        (one["step"], one["set"]) for one in changes
    ]
    assert [event["set"] for event in plain] == [changes[0]["set"]]

    marks = "document.querySelector('#error-chart .js-plotly-plot').layout"
    page.wait_for_function(
        f"() => {marks}.annotations.some(({{ text }}) => text === 'strength 0.5')"
    )
    lines = page.evaluate(
        f"{marks}.shapes.filter(({{ xref }}) => xref === 'x').map(({{ x0 }}) => x0)"
    )
    assert lines == [one["step"] - 0.5 for one in changes]
    link = page.evaluate("new URLSearchParams(location.search).get('changes')")
    assert json.loads(link) == changes

    lab.stop.click()
    expect(panel).to_be_hidden()
    expect(lab.notices).to_contain_text(f"strength 0.5 from step {changes[-1]['step']}")
    page.get_by_role("button", name="Leave these changes out").click()
    expect(lab.notices).not_to_contain_text("strength")
    assert "changes=" not in page.url


def test_of_many_quick_taps_on_a_slider_none_is_lost(page: Page) -> None:
    lab = Lab(page).open(LONG)
    lab.step.click()
    lab.at_step(1)
    strength, said = page.locator("#changes-strength"), page.locator(".changes-said")
    strength.focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("Strength of all shortcuts: 0 from step")
    expect(strength).to_have_value("0")
    assert base_changes(page, lab.study())[-1]["set"] == {"net.skip.strength": 0}
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Strength of all shortcuts: 0.35 from step")
    expect(strength).to_have_value("0.35")
    assert base_changes(page, lab.study())[-1]["set"] == {"net.skip.strength": 0.35}
    lab.stop.click()


def test_a_plain_network_has_no_strength_to_change(page: Page) -> None:
    lab = Lab(page).open(f"{LONG}&net.skip=none&against=identity")
    lab.train.click()
    lab.at_step(1)
    expect(page.locator("#changes-rate")).to_be_visible()
    expect(page.locator("#changes-strength")).to_be_hidden()
    lab.stop.click()
