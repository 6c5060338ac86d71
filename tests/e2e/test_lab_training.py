"""The Lab while twins train: charts fill, pause, step, stop."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.lab import LONG, SMALL, Lab


def test_training_fills_the_charts_and_ends_with_a_conclusion(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    expect(lab.takeaway).to_contain_text("After 40 of 40 steps")
    expect(lab.takeaway).to_contain_text("of the training digits wrong")
    expect(lab.takeaway).to_contain_text("Same starting weights, same batches.")
    expect(lab.train).to_have_text("Run again")
    page.wait_for_function(
        """() => ["plain", "residual"].every((name) =>
            document.querySelector("#error-chart .js-plotly-plot")?.data.some(
                (trace) => trace.name === name && trace.x.length >= 40))"""
    )
    # What is drawn is what the server has.
    base, twin = lab.events(("frame",))
    for name, events in (("residual", base), ("plain", twin)):
        errors = [error for event in events for error in event["error"]]
        line = max(
            (t for t in lab.drawn("error-chart") if t["name"] == name), key=lambda t: len(t["x"])
        )
        assert line["y"] == pytest.approx([100 * error for error in errors])
    expect(page.locator("#facts")).to_contain_text("of 1,437 wrong")
    expect(page.locator("#facts")).to_contain_text("of 360 wrong")


def test_the_live_region_speaks_at_the_quarters_and_the_end(page: Page) -> None:
    lab = Lab(page).open(SMALL.replace("steps=40", "steps=8"))
    page.evaluate(
        """() => {
            window.spoken = [];
            const region = document.getElementById("live");
            new MutationObserver(() => {
                if (region.textContent) window.spoken.push(region.textContent);
            }).observe(region, { childList: true });
        }"""
    )
    for step in (1, 2, 3, 4):
        lab.step.click()
        lab.at_step(step)
    page.wait_for_function("() => window.spoken.some((text) => text.startsWith('50 per cent.'))")
    lab.train.click()
    lab.finished()
    page.wait_for_function("() => window.spoken.some((text) => text.startsWith('Finished.'))")
    spoken: list[str] = page.evaluate("window.spoken")
    quarters = [text for text in spoken if "per cent. After" in text]
    assert quarters[0].startswith("25 per cent. After 2 of 8 steps")
    assert quarters[1].startswith("50 per cent. After 4 of 8 steps")
    # The rest may pass between two frames of the screen: then the end alone is told.
    assert len(quarters) <= 3
    assert spoken[-1].startswith("Finished. After 8 of 8 steps")


def test_pause_holds_both_at_one_step_and_resume_goes_on(page: Page) -> None:
    lab = Lab(page).open(LONG)
    lab.train.click()
    lab.at_step(5)
    lab.train.click()
    expect(lab.state).to_have_text("Paused")
    expect(lab.train).to_have_text("Resume")
    expect(lab.step).to_be_enabled()
    held = lab.held()
    assert lab.at_step(held) == held
    lab.step.click()
    assert lab.at_step(held + 1) == held + 1
    lab.train.click()
    expect(lab.state).to_have_text("Training")
    lab.at_step(held + 10)
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")
    expect(lab.status).to_contain_text("Stopped after step")
    expect(lab.stop).to_be_disabled()


def test_step_before_train_does_one_step_at_a_time(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    lab = Lab(page).open(SMALL)
    lab.step.click()
    expect(lab.status).to_contain_text("Step 1 of 40")
    expect(lab.state).to_have_text("Paused")
    lab.step.click()
    expect(lab.status).to_contain_text("Step 2 of 40")
    expect(lab.takeaway).to_contain_text("After 2 of 40 steps")
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")


def test_a_first_step_that_waits_for_workers_can_be_cancelled(page: Page) -> None:
    lab = Lab(page).open(LONG)
    lab.occupy()
    lab.step.click()
    expect(lab.state).to_have_text("Waiting")
    expect(lab.stop).to_be_enabled()
    expect(lab.step).to_be_disabled()
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")
    expect(lab.takeaway).to_contain_text("Training was stopped before the first step.")
    expect(lab.train).to_be_enabled()
    expect(lab.step).to_be_enabled()


def test_a_first_step_whose_pair_is_stopped_elsewhere_leaves_the_buttons_alive(page: Page) -> None:
    lab = Lab(page).open(LONG)
    busy = lab.occupy()
    lab.step.click()
    expect(lab.state).to_have_text("Waiting")
    lab.control(lab.study(), "stop")
    expect(lab.state).to_have_text("Stopped")
    for study in busy:
        lab.control(study, "stop")
    expect(lab.train).to_have_text("Run again")
    lab.step.click()
    assert lab.at_step(1) == 1


def test_a_step_sweeps_forward_then_back_along_both_strips(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    page.evaluate(
        """() => {
            window.swept = [];
            for (const bar of document.querySelectorAll(".strip-sweep"))
                new MutationObserver(() => window.swept.push(bar.dataset.way)).observe(
                    bar, { attributes: true, attributeFilter: ["data-way"] });
        }"""
    )
    lab.step.click()
    page.wait_for_function("() => window.swept.length === 4")
    assert page.evaluate("window.swept") == ["forward", "forward", "backward", "backward"]
    expect(lab.status).to_contain_text("Step 1 of 40")
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")


def test_divergence_is_told_with_its_step(page: Page) -> None:
    lab = Lab(page).open()
    page.locator('[data-preset="not-magic"]').click()
    page.get_by_role("button", name="More settings").click()
    lab.field("steps").fill("30")
    lab.field("steps").press("Enter")
    lab.measured()
    lab.train.click()
    lab.finished()
    expect(lab.takeaway).to_contain_text(
        re.compile(r"The residual network's loss became NaN at step \d")
    )
    expect(lab.strip(1).locator("[data-kind=lost]").first).to_be_visible()
