"""/depth before it trains: what is swept, over which values, and what hinders it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.depth import SMALL, finished, study_of


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
        for end, words in ((min(rates), "smaller"), (max(rates), "larger")):
            said = re.compile(rf"For [^.]*{name}[^.]* tried: try {words} ones\.")
            if best == [end]:
                expect(page.locator("#edge")).to_have_text(said)
            else:
                expect(page.locator("#edge")).not_to_have_text(said)
    # Back to depth: the sweep on show stays until the new one is asked for.
    page.get_by_role("button", name="Back to depth").click()
    expect(page.get_by_text("the settings above have changed since")).to_be_visible()


def test_any_other_field_can_be_swept(page: Page) -> None:
    page.goto(f"/depth?{SMALL}")
    page.get_by_label("Vary", exact=True).select_option("net.init")
    page.locator("#train").click()
    # Fixup and zero gamma are none of a plain network's.
    expect(finished(page)).to_have_count(8)
    expect(page.locator("#grid th[scope=row]")).to_have_text(
        ["He init", "Xavier init", "PyTorch's default init", "starting weights: Orthogonal"]
    )
    expect(page.locator("#chart g.xtick")).to_have_count(4)
    expect(page.locator("#summary")).to_contain_text("Plain: He init ")


def test_only_legal_values_can_be_added(page: Page) -> None:
    page.goto("/depth")
    depths = page.get_by_role("group", name="Depth")
    depths.get_by_label("another").fill("21")
    depths.get_by_role("button", name="Add").click()
    expect(depths.get_by_role("alert")).to_have_text(
        "21 does not fit this architecture. Nearest: 20, 26."
    )
    depths.get_by_label("another").fill("26")
    depths.get_by_label("another").press("Enter")
    expect(depths.get_by_role("checkbox", name="26")).to_be_checked()
    expect(page.locator("#train")).to_have_text("Train 24 networks")
    assert parse_qs(urlsplit(page.url).query)["depths"] == ["8,20,26,56"]


def test_a_link_with_an_impossible_depth_says_so(page: Page) -> None:
    page.goto("/depth?depths=8,9&seed=no")
    expect(page.locator("#plan-problem")).to_contain_text(
        "9 is not allowed here. 9 does not fit this architecture."
    )
    expect(page.locator("#train")).to_be_disabled()
    expect(page.locator("#notices")).to_contain_text("The link's seed was ignored")
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


@pytest.mark.parametrize("width", [1440, 390])
def test_the_depth_of_a_sweep_of_rates_stands_on_one_line(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/depth?field=optimizer.lr")
    page.locator("#more summary").click()
    parts = page.locator('#settings [data-path="net.depth"] .depth > *')
    expect(parts).to_have_count(4)
    expect(parts.first).to_be_visible()
    boxes = [one.bounding_box() for one in parts.all()]
    middles = [box["y"] + box["height"] / 2 for box in boxes if box]
    assert len(middles) == 4
    assert middles == pytest.approx([middles[0]] * 4, abs=1)


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
