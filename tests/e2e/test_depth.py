"""/depth: predict, measure, read the result, take it away."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.depth import SMALL, finished, points, study_of


def test_a_prediction_meets_what_was_measured(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    sketch = page.get_by_role("button", name="rise")
    sketch.click()
    expect(page.locator("#question-text")).to_have_text(
        "Your prediction: as plain networks get deeper, their training error will rise."
    )
    expect(page.locator("#train")).to_be_focused()
    page.locator("#train").click()
    expect(finished(page)).to_have_count(4)
    expect(page.locator("#verdict")).to_contain_text("You predicted “rise”")
    expect(page.locator("#verdict")).to_contain_text("plain networks after 20 steps")
    expect(page.locator("#chart-title")).to_have_text(
        "Training error against depth, after 20 steps, lr 0.05"
    )
    expect(page.locator("#takeaway")).to_contain_text(
        "At 8 layers, after 20 steps, plain networks get"
    )
    expect(points(page)).to_have_count(4)


@pytest.mark.parametrize(
    ("width", "height", "theme"),
    [
        (1440, 900, "light"),
        (1366, 768, "dark"),
        (1280, 720, "projector"),
        (390, 844, "light"),
    ],
)
def test_the_verdict_is_in_view_above_the_chart(
    page: Page, width: int, height: int, theme: str
) -> None:
    page.add_init_script(f"localStorage.setItem('depthscope.theme', '{theme}')")
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"/depth?{SMALL}")
    page.get_by_role("button", name="rise").click()
    page.locator("#train").click()
    expect(finished(page)).to_have_count(4)
    expect(page.locator("#verdict")).to_be_in_viewport(ratio=1)
    verdict, chart = (page.locator(name).bounding_box() for name in ("#verdict", "#chart"))
    assert verdict
    assert chart
    assert verdict["y"] + verdict["height"] <= chart["y"]


def test_the_answer_is_not_given_before_the_prediction(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    expect(page.locator("#question-text")).to_contain_text("plain networks (without skips)")
    expect(page.locator("#train")).to_be_enabled()
    expect(page.locator("#look")).to_be_hidden()
    expect(page.get_by_text("What to look for")).to_be_hidden()
    page.get_by_role("button", name="No prediction").click()
    expect(page.locator("#look")).to_contain_text("Do the lines part")
    expect(page.get_by_text("What to look for")).to_be_visible()
    # Of another network nothing was asked yet.
    networks = page.get_by_role("group", name="Networks")
    networks.get_by_role("checkbox", name="plain").click()
    expect(page.locator("#question-text")).to_contain_text("as residual networks get deeper")
    expect(page.locator("#look")).to_be_hidden()


def test_who_trains_without_a_prediction_is_told_what_to_look_for(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.locator("#train").click()
    expect(finished(page)).to_have_count(4)
    expect(page.locator("#question")).to_be_hidden()
    expect(page.locator("#look")).to_be_visible()
    expect(page.locator("#verdict")).to_be_hidden()


def test_the_question_can_be_skipped_and_taken_back(page: Page) -> None:
    page.goto("/depth")
    page.get_by_role("button", name="fall").click()
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_role("button", name="fall")).to_be_focused()
    page.get_by_role("button", name="No prediction").click()
    expect(page.locator("#question")).to_be_hidden()
    expect(page.locator("#train")).to_be_enabled()


def test_the_table_holds_what_the_server_measured(page: Page) -> None:
    page.goto(f"/depth?{SMALL}&skips=none,identity,projection")
    page.locator("#train").click()
    expect(finished(page)).to_have_count(6)
    study = page.request.get(f"/api/studies/{study_of(page)}").json()
    for run in study["runs"]:
        cell = page.locator(f".runcell[data-run='{run['id']}']")
        wrong = round(run["result"]["train_error"] * run["result"]["count"])
        expect(cell).to_have_attribute("aria-label", re.compile(f", {wrong} of 1437 wrong$"))
    page.get_by_role("button", name="Test loss").click()
    expect(page.locator("#chart-title")).to_contain_text("Test loss against depth")
    loss = study["runs"][0]["result"]["test_loss"]
    first = page.locator(f".runcell[data-run='{study['runs'][0]['id']}']")
    expect(first).to_have_text(re.compile(r"^\d\S*$"))  # an error has its per cent sign
    assert float(first.inner_text()) == float(f"{loss:.3g}")
    expect(page.locator("#look")).to_contain_text("Training lowers the loss")


def pair_of(page: Page) -> None:
    """Wait for Gradients with two runs that differ in the skip alone."""
    page.wait_for_url("**/gradients?run=*")
    ids = parse_qs(urlsplit(page.url).query)["run"]
    plain, residual = (page.request.get(f"/api/runs/{run}").json()["spec"] for run in ids)
    assert plain["net"].pop("skip") == "none"
    assert residual["net"].pop("skip") == "identity"
    assert plain == residual


def test_a_point_opens_both_networks_of_its_depth_and_seed(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.locator("#train").click()
    expect(finished(page)).to_have_count(4)
    expect(points(page)).to_have_count(4)
    expect(page.locator("#look")).to_contain_text("compare the 2 networks of that depth and seed")
    page.locator("#chart").scroll_into_view_if_needed()
    box = points(page).first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    pair_of(page)


def test_a_cell_opens_both_networks_by_keyboard(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.locator("#train").focus()
    page.keyboard.press("Enter")
    expect(finished(page)).to_have_count(4)
    finished(page).last.focus()
    page.keyboard.press("Enter")
    pair_of(page)


def test_a_sweep_is_taken_away_as_files(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.locator("#train").click()
    expect(finished(page)).to_have_count(4)
    with page.expect_download() as csv:
        page.get_by_role("link", name="CSV").click()
    assert csv.value.path().read_text("utf-8").count("\n") > 4
    with page.expect_download() as whole:
        page.get_by_role("link", name="JSON", exact=True).click()
    assert json.loads(whole.value.path().read_text("utf-8"))
    page.get_by_role("link", name="In the list of runs").click()
    page.wait_for_url("**/runs*")


def test_a_diverged_run_is_shown_as_one(page: Page) -> None:
    page.goto("/depth?net.family=mlp&net.width=32&net.norm=none&depths=4,32&seeds=0&steps=20")
    page.locator("#train").click()
    lost = page.locator(".runcell[data-standing=diverged]")
    expect(lost.first).to_be_visible()
    expect(lost.first).to_have_text("diverged")
    expect(lost.first).to_have_attribute("title", re.compile("loss became NaN at step"))
    expect(page.locator("#progress-text")).to_contain_text("1 diverged")
    expect(page.locator("#summary")).to_contain_text("32 layers diverged")


def test_what_the_page_reads_out(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.locator("#train").click()
    expect(page.locator("#live")).to_have_text("4 of 4 networks trained.")
    expect(page.locator("#summary")).to_contain_text(
        re.compile(r"Plain: 4 layers .*\s%; 8 layers .*\s%\.")
    )
