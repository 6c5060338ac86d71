"""Settings that can't be trained: the Lab says why and what helps, and nothing of others."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Watch
from tests.e2e.lab import LONG, MEASURING, SMALL, UNTRAINED, Lab

REFUSED = r"422.*api/(describe|studies/plan)"
CHARTS = ("#error-chart", "#flow-chart", "#heat-charts", "#loss-chart")


def says_nothing_measured(page: Page) -> None:
    """No strip, line, cell, picture or number is left of settings before."""
    for row in page.locator(".strip-row").all():
        expect(row).to_be_hidden()
    for chart in CHARTS:
        expect(page.locator(f"{chart} .plot-empty")).to_have_text("Nothing measured yet.")
        expect(page.locator(f"{chart} .plot-menu")).to_be_hidden()
        expect(page.locator(f"{chart} .main-svg")).to_have_count(0)
    expect(page.locator("#facts th, #facts td, #samples .sample")).to_have_count(0)


def test_a_refused_batch_leaves_nothing_of_the_settings_before(page: Page, watch: Watch) -> None:
    watch.expected.append(REFUSED)
    lab = Lab(page).open(SMALL)
    for chart in CHARTS:  # what is out of sight is not drawn
        page.locator(chart).scroll_into_view_if_needed()
        expect(page.locator(f"{chart} .main-svg").first).to_be_visible()
    expect(lab.takeaway).to_contain_text(UNTRAINED)
    page.get_by_role("button", name="More settings").click()
    lab.field("batch_size").fill("2000")
    lab.field("batch_size").press("Enter")
    expect(lab.takeaway).to_have_text(
        "These settings can't be trained: the reason is beside them or below. "
    )
    expect(lab.problem("batch_size")).to_contain_text("allowed: 1 to 1437")
    says_nothing_measured(page)

    page.get_by_role("button", name="Set the batch size to 1437").click()

    lab.measured()
    expect(lab.field("batch_size")).to_have_value("1437")
    expect(lab.notices).to_be_empty()
    expect(lab.takeaway).to_contain_text(UNTRAINED)
    page.locator("#flow-chart").scroll_into_view_if_needed()
    expect(page.locator("#flow-chart .main-svg").first).to_be_visible()
    expect(page.locator("#flow-chart .plot-empty")).to_have_count(0)


def test_a_few_own_images_take_a_batch_that_they_fill(page: Page, images: Path) -> None:
    lab = Lab(page).open("net.depth=8&net.width=2&steps=4")
    lab.field("data").select_option("folder:lamps")
    lab.measured()
    page.get_by_role("button", name="More settings").click()
    expect(lab.field("batch_size")).to_have_value("24")
    expect(page.locator('[data-path="batch_size"]')).to_contain_text("Changed to fit the data.")
    lab.train.click()
    lab.finished()
    expect(lab.takeaway).to_contain_text("of the training images wrong")


def test_a_link_with_too_large_a_batch_says_what_helps(
    page: Page, images: Path, watch: Watch
) -> None:
    watch.expected.append(REFUSED)
    page.goto("/?v=2&net.depth=8&net.width=2&data=folder:lamps")
    lab = Lab(page)
    expect(lab.takeaway).to_contain_text("These settings can't be trained")
    expect(lab.notices).to_have_text(
        "24 training examples can't fill a batch of 64.Set the batch size to 24"
    )
    page.get_by_role("button", name="Set the batch size to 24").click()
    lab.measured()
    expect(lab.takeaway).to_contain_text(UNTRAINED)


def test_a_refusal_beside_a_pair_is_over_with_the_next_change(page: Page, watch: Watch) -> None:
    watch.expected.append(r"422.*api/studies")
    lab = Lab(page).open(LONG)
    lab.train.click()
    expect(lab.state).to_have_text("Training")
    page.get_by_role("button", name="More settings").click()
    lab.field("batch_size").fill("2000")
    lab.field("batch_size").press("Enter")
    lab.train.click()
    expect(lab.problem("batch_size")).to_contain_text("allowed: 1 to 1437")
    page.get_by_role("button", name="Set the batch size to 1437").click()
    expect(lab.problem("batch_size")).to_be_empty()
    lab.field("batch_size").fill("8")
    lab.field("batch_size").press("Enter")
    lab.field("steps").fill("20")
    lab.field("steps").press("Enter")
    lab.train.click()
    lab.finished()
    expect(lab.takeaway).to_contain_text("After 20 of 20 steps")


def test_a_pair_that_waits_shows_no_other_settings_as_its_step_0(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    busy = lab.occupy()
    page.route("**/api/describe", lambda _: None)  # no answer comes
    lab.field("net.depth").fill("12")
    lab.field("net.depth").press("Enter")
    expect(lab.status).to_have_text(MEASURING)
    lab.train.click()
    expect(lab.state).to_have_text("Waiting")
    expect(lab.takeaway).to_have_text(
        "Both networks will be measured as soon as a worker is free. "
    )
    expect(page.locator(".strip-blocks > *")).to_have_count(0)
    for study in busy:
        lab.control(study, "stop")
    lab.finished()
    expect(lab.takeaway).to_contain_text("12-layer")


@pytest.mark.parametrize("status", [500, None])
def test_a_measurement_that_failed_is_not_said_to_be_there_and_is_tried_again(
    page: Page, watch: Watch, status: int | None
) -> None:
    watch.expected.append(r"api/describe|Failed to load resource")

    def refuse(route: Route) -> None:
        if status:
            route.fulfill(status=status)
        else:
            route.abort()

    lab = Lab(page).open(SMALL)
    page.route("**/api/describe", refuse)
    lab.field("net.depth").fill("12")
    lab.field("net.depth").press("Enter")
    expect(lab.status).to_have_text("Not measured")
    expect(lab.takeaway).to_contain_text("The untrained networks could not be measured")
    for row in page.locator(".strip-row").all():
        expect(row).to_be_hidden()
    page.unroute("**/api/describe")
    lab.measured()
    expect(lab.takeaway).to_contain_text("12-layer")
