"""/depth: predict, sweep depth or another field, watch the points come, take them away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.conftest import Watch
from tests.e2e.test_accessibility import serious

SMALL = "net.family=mlp&net.width=8&depths=4,8&seeds=0&steps=20&batch_size=128"
LONG = "net.family=mlp&depths=32,64&seeds=0&steps=5000"


def points(page: Page) -> Any:
    return page.locator("#chart .scatterlayer .point")


def finished(page: Page) -> Any:
    return page.locator(".runcell[data-standing=finished]")


def study_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["study"][0]


def test_a_prediction_meets_what_was_measured(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    sketch = page.get_by_role("button", name="rise")
    sketch.click()
    expect(page.locator("#question-text")).to_have_text(re.compile("You predicted.* rise"))
    expect(page.locator("#train")).to_be_focused()
    page.locator("#train").click()
    expect(finished(page)).to_have_count(4)
    expect(page.locator("#verdict")).to_contain_text("You predicted that it rises")
    expect(page.locator("#verdict")).to_contain_text("Measured after 20 steps.")
    expect(page.locator("#chart-title")).to_have_text(
        "Training error against depth, after 20 steps, lr 0.05"
    )
    expect(page.locator("#takeaway")).to_contain_text(
        "At 8 layers, after 20 steps, plain networks get"
    )
    expect(points(page)).to_have_count(4)


def test_the_question_can_be_skipped_and_taken_back(page: Page) -> None:
    page.goto("/depth")
    page.get_by_role("button", name="fall").click()
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_role("button", name="fall")).to_be_focused()
    page.get_by_role("button", name="Just measure").click()
    expect(page.locator("#question")).to_be_hidden()
    expect(page.locator("#train")).to_be_enabled()


def test_the_table_holds_what_the_server_measured(page: Page) -> None:
    page.goto(f"/depth?{SMALL}&skips=none,identity,projection")
    page.locator("#train").click()
    expect(finished(page)).to_have_count(6)
    study = page.request.get(f"/api/studies/{study_of(page)}").json()
    for run in study["runs"]:
        cell = page.locator(f".runcell[href$='run={run['id']}']")
        wrong = round(run["result"]["train_error"] * run["result"]["count"])
        expect(cell).to_have_attribute("aria-label", re.compile(f", {wrong} of 1437 wrong$"))
    page.get_by_role("button", name="Test loss").click()
    expect(page.locator("#chart-title")).to_contain_text("Test loss against depth")
    loss = study["runs"][0]["result"]["test_loss"]
    first = page.locator(f".runcell[href$='run={study['runs'][0]['id']}']")
    assert float(first.inner_text()) == float(f"{loss:.3g}")
    expect(page.locator("#look")).to_contain_text("The loss is what training lowers")


def test_a_reload_in_the_middle_finds_the_sweep_again(page: Page) -> None:
    page.goto(f"/depth?{LONG}")
    page.locator("#train").click()
    expect(page.locator(".runcell[data-standing=running]").first).to_be_visible()
    before = study_of(page)
    page.reload()
    expect(page.locator(".runcell[data-standing=running]").first).to_be_visible()
    assert study_of(page) == before
    expect(page.locator("#plan-summary")).to_contain_text("Depth 32, 64")
    page.locator("#cancel").click()
    expect(page.locator("#progress-text")).to_contain_text("Stopped: 0 of 4 measured")
    expect(page.locator("#chart-title")).to_contain_text("partial: 0 of 4 runs measured")
    assert page.locator("#bar").evaluate("bar => bar.value") < 1
    expect(page.locator("#cancel")).to_be_hidden()
    expect(page.locator("#train")).to_be_enabled()
    expect(page.locator(".runcell[data-standing=stopped]")).to_have_count(4)


def test_only_who_started_a_sweep_may_cancel_it(
    page: Page, browser: Browser, server: str, watch: Watch
) -> None:
    page.goto(f"/depth?{LONG}")
    page.locator("#train").click()
    expect(page.locator("#cancel")).to_be_visible()
    visitor = browser.new_context(base_url=server)
    other = visitor.new_page()
    watch.follow(other)
    other.goto(page.url)
    expect(other.locator(".runcell").first).to_be_visible()
    expect(other.locator("#cancel")).to_be_hidden()
    expect(other.locator("#progress-text")).to_contain_text("started in another browser")
    refused = visitor.request.post(
        f"/api/studies/{study_of(page)}/control", data={"action": "stop"}
    )
    assert refused.status == 403
    page.locator("#cancel").click()
    # The visitor who may not cancel sees at once that it was.
    expect(other.locator("#progress-text")).to_contain_text("Stopped: 0 of 4")
    visitor.close()


def test_the_learning_rate_is_swept_at_the_deepest_depth(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.get_by_role("button", name="Is it the learning rate?").click()
    expect(page.locator("#train")).to_have_text("Train 12 networks")
    expect(page.locator("#chart-title")).to_have_text(
        "Training error against learning rate, after 20 steps, 8 layers"
    )
    page.locator("#train").click()
    expect(finished(page).or_(page.locator(".runcell[data-standing=diverged]"))).to_have_count(12)
    expect(page.locator("#takeaway")).to_contain_text("Lowest training error after 20 steps")
    study = page.request.get(f"/api/studies/{study_of(page)}").json()
    assert study["spec"]["field"] == "optimizer.lr"
    assert study["spec"]["base"]["net"]["depth"] == 8
    rates = study["spec"]["values"]
    for skip, name in (("none", "plain"), ("identity", "residual")):
        errors = {
            run["spec"]["optimizer"]["lr"]: run["result"]["train_error"]
            for run in study["runs"]
            if run["spec"]["net"]["skip"] == skip and not run["result"]["diverged"]
        }
        best = [rate for rate, error in errors.items() if error == min(errors.values())]
        for end, words in ((min(rates), "smaller"), (max(rates), "greater")):
            said = re.compile(rf"For [^.]*{name}[^.]* that was tried: try {words} ones\.")
            if best == [end]:
                expect(page.locator("#edge")).to_have_text(said)
            else:
                expect(page.locator("#edge")).not_to_have_text(said)
    # Back to depth: the sweep on show stays until the new one is asked for.
    page.get_by_role("button", name="Back to depth").click()
    expect(page.get_by_text("the settings above have changed since")).to_be_visible()


def test_any_other_field_can_be_swept(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.get_by_label("Sweep", exact=True).select_option("net.init")
    page.locator("#train").click()
    expect(finished(page)).to_have_count(6)
    expect(page.locator("#grid th[scope=row]")).to_have_text(
        ["He init", "Xavier init", "torch's init"]
    )
    expect(page.locator("#chart g.xtick")).to_have_count(3)
    expect(page.locator("#summary")).to_contain_text("Plain: He init ")


def test_only_legal_values_can_be_added(page: Page) -> None:
    page.goto("/depth")
    depths = page.get_by_role("group", name="Depth")
    depths.get_by_label("another").fill("21")
    depths.get_by_role("button", name="Add").click()
    expect(depths.get_by_role("alert")).to_have_text(
        "This family can't have 21 here. Nearest: 20, 26."
    )
    depths.get_by_label("another").fill("26")
    depths.get_by_label("another").press("Enter")
    expect(depths.get_by_role("checkbox", name="26")).to_be_checked()
    expect(page.locator("#train")).to_have_text("Train 24 networks")
    assert parse_qs(urlsplit(page.url).query)["depths"] == ["8,20,26,56"]


def test_a_link_with_an_impossible_depth_says_so(page: Page) -> None:
    page.goto("/depth?depths=8,9&seed=no")
    expect(page.locator("#plan-problem")).to_contain_text(
        "9 is not allowed here. This family can't have 9"
    )
    expect(page.locator("#train")).to_be_disabled()
    expect(page.locator("#notices")).to_contain_text("The link's seed was left out")
    page.get_by_role("group", name="Depth").get_by_role("checkbox", name="9").click()
    expect(page.locator("#train")).to_be_enabled()


def test_a_setting_of_all_runs_goes_into_the_link(page: Page) -> None:
    page.goto("/depth")
    page.locator("#more summary").click()
    page.get_by_label("Architecture").select_option("mlp")
    page.get_by_label("Steps", exact=True).fill("30")
    page.get_by_label("Steps", exact=True).press("Tab")
    expect(page.locator("#more-count")).to_have_text("(2 changed)")
    query = parse_qs(urlsplit(page.url).query)
    assert query["net.family"] == ["mlp"]
    assert query["steps"] == ["30"]
    page.reload()
    page.locator("#more summary").click()
    expect(page.get_by_label("Steps", exact=True)).to_have_value("30")
    page.get_by_label("Batch size").fill("5000")
    page.get_by_label("Batch size").press("Tab")
    expect(page.locator("#settings")).to_contain_text("Allowed: 2 to 1437.")


def test_a_point_opens_its_run(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.locator("#train").click()
    expect(finished(page)).to_have_count(4)
    expect(points(page)).to_have_count(4)
    study = page.request.get(f"/api/studies/{study_of(page)}").json()
    ids = {run["id"] for run in study["runs"]}
    page.locator("#chart").scroll_into_view_if_needed()
    box = points(page).first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/gradients?run=*")
    assert parse_qs(urlsplit(page.url).query)["run"][0] in ids


def test_a_cell_opens_its_run_by_keyboard(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.locator("#train").focus()
    page.keyboard.press("Enter")
    expect(finished(page)).to_have_count(4)
    finished(page).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/gradients?run=*")


def test_a_sweep_is_taken_away_as_files(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.locator("#train").click()
    expect(page.locator("#progress-text")).to_contain_text("All 4 trained")
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
    expect(lost.first).to_contain_text("diverged at")
    expect(lost.first).to_have_attribute("title", re.compile("loss stopped being a number at step"))
    expect(page.locator("#progress-text")).to_contain_text("1 diverged")
    expect(page.locator("#summary")).to_contain_text("32 layers diverged")


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_a_finished_sweep_has_no_serious_violation(page: Page, theme: str) -> None:
    page.add_init_script(f"localStorage.setItem('depthscope.theme', '{theme}')")
    page.goto(f"/depth?{SMALL}")
    page.locator("#more summary").click()
    assert serious(page) == []
    page.locator("#train").click()
    expect(finished(page)).to_have_count(4)
    assert serious(page) == []


def test_what_the_page_reads_out(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.locator("#train").click()
    expect(page.locator("#live")).to_have_text("4 of 4 networks trained.")
    expect(page.locator("#summary")).to_contain_text(
        re.compile(r"Plain: 4 layers .*\s%; 8 layers .*\s%\.")
    )


def test_a_sweep_that_is_gone_leaves_its_settings(page: Page, watch: Watch) -> None:
    watch.expected.append("404")
    page.goto("/depth?steps=30&study=aaaaaaaaaa")
    expect(page.locator("#notices")).to_contain_text("no longer stored")
    expect(page.locator("#chart-title")).to_contain_text("after 30 steps")
    assert "study" not in page.url


def test_a_link_to_a_sweep_alone_that_is_gone_promises_no_settings(
    page: Page, watch: Watch
) -> None:
    watch.expected.append("404")
    page.goto("/depth?study=aaaaaaaaaa")
    expect(page.locator("#notices")).to_have_text("That sweep is no longer stored.")


def test_two_tabs_show_the_same_sweep(page: Page, context: BrowserContext, watch: Watch) -> None:
    page.goto(f"/depth?{SMALL}")
    page.locator("#train").click()
    expect(page.locator("#progress-text")).to_contain_text("All 4 trained")
    other = context.new_page()
    watch.follow(other)
    other.goto(page.url)
    expect(finished(other)).to_have_count(4)
    assert other.locator("#summary").inner_text() == page.locator("#summary").inner_text()


def test_every_run_says_how_far_it_is(page: Page) -> None:
    page.goto(f"/depth?{LONG.replace('5000', '100000')}")
    page.locator("#train").click()
    part = page.locator(
        ".runcell[data-standing=running]", has_text=re.compile(r"^[1-9]\d*/100000$")
    )
    expect(part.first).to_be_visible()
    expect(page.locator("#bar")).not_to_have_js_property("value", 0)
    page.locator("#cancel").click()
    expect(page.locator("#takeaway")).to_have_text("It ended before anything was measured.")
    expect(page.locator(".runcell", has_text="–").first).to_be_visible()


def test_a_sweep_deleted_elsewhere_can_be_trained_again(page: Page, watch: Watch) -> None:
    watch.expected.append("404")
    page.goto(f"/depth?{LONG}")
    page.locator("#train").click()
    expect(page.locator(".runcell[data-standing=running]").first).to_be_visible()
    assert page.request.delete(f"/api/studies/{study_of(page)}").status == 204
    expect(page.locator("#notices")).to_contain_text("no longer stored")
    expect(page.locator("#train")).to_be_enabled()
    expect(page.locator("#cancel")).to_be_hidden()
    assert "study" not in page.url
    page.locator("#train").click()
    expect(page.locator("#notices")).to_be_empty()
    page.locator("#cancel").click()
    expect(page.locator("#progress-text")).to_contain_text("Stopped")


def refuse(route: Route) -> None:
    """Give no answer at all."""
    route.abort()


def cut(route: Route) -> None:
    """Break the answer off in its middle."""
    route.fulfill(content_type="application/json", body='{"id": "')


@pytest.mark.parametrize("broken", [refuse, cut])
def test_a_server_that_does_not_answer_is_not_a_sweep_that_is_gone(
    page: Page, watch: Watch, broken: Callable[[Route], None]
) -> None:
    watch.expected.append("ERR_FAILED")
    page.goto(f"/depth?{LONG}")
    page.locator("#train").click()
    expect(page.locator(".runcell[data-standing=running]").first).to_be_visible()
    study = study_of(page)
    page.route(f"**/api/studies/{study}", broken)
    expect(page.locator("#going")).to_contain_text("can't be reached. Trying again")
    expect(page.locator("#notices")).to_be_empty()
    assert study_of(page) == study
    page.unroute(f"**/api/studies/{study}")
    expect(page.locator("#going")).not_to_contain_text("Trying again")
    page.route(f"**/api/studies/{study}", broken)
    expect(page.locator("#going")).to_contain_text("Trying again")
    stopped = page.request.post(f"/api/studies/{study}/control", data={"action": "stop"})
    assert stopped.ok
    # The end came by the socket; what is only read is asked for until it is there.
    expect(page.locator("#progress-text")).to_contain_text("Stopped")
    expect(page.locator("#going")).to_contain_text("Trying again")
    page.unroute(f"**/api/studies/{study}")
    expect(page.locator("#going")).not_to_contain_text("Trying again")


def test_a_refused_setting_hinders_training_until_it_is_mended(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.locator("#more-toggle, summary", has_text="More settings").first.click()
    width = page.locator('[data-path="net.width"] input')
    width.fill("99999")
    width.press("Tab")
    expect(page.locator("#train")).to_be_disabled()
    expect(page.locator("#plan-problem")).to_contain_text("Width: Allowed: 1 to 1024.")
    page.get_by_role("group", name="Seeds").get_by_role("checkbox", name="1").click()
    expect(page.locator("#train")).to_be_disabled()
    expect(width).to_have_value("99999")
    width.fill("16")
    width.press("Tab")
    expect(page.locator("#train")).to_be_enabled()
    expect(page.locator("#plan-problem")).to_be_hidden()
