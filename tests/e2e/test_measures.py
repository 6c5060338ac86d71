"""Which measures a run takes, chosen in the Lab and shown wherever it is."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.lab import SMALL, Lab


def test_a_measure_that_is_ticked_is_taken_by_both_and_shown(page: Page) -> None:
    measures = "measures=flow,weight_grad,update_ratio"
    lab = Lab(page).open(f"{SMALL}&net.skip=identity&against=none&{measures}")
    page.get_by_role("button", name="More settings").click()
    boxes = page.get_by_role("group", name="Measures")
    expect(boxes.get_by_role("checkbox", checked=True)).to_have_count(3)
    for title in ("Branch's share of the gradient", "Learned scale", "Dead units"):
        boxes.get_by_role("checkbox", name=title).check()
    boxes.get_by_role("checkbox", name="Update ratio").uncheck()
    page.wait_for_url("**measures=flow%2Cweight_grad%2Cbranch_share%2Cdead%2Cskip_scale**")
    lab.train.click()
    lab.finished()

    residual, plain = (run[-1]["measures"] for run in lab.events(("frame",)))
    assert set(plain) == {"flow", "weight_grad", "dead"}
    assert set(residual) == {"flow", "weight_grad", "dead", "branch_share"}
    shown = page.get_by_label("What is shown")
    expect(shown.locator("option")).to_have_count(5)
    expect(shown.locator("option:disabled")).to_have_text(
        "Learned scale: the skip none learns no scale; the skip identity learns no scale"
    )
    shown.select_option("branch_share")
    expect(page.locator("#flow-look")).to_contain_text(
        "None of plain: the skip none adds no branch to a shortcut."
    )
    page.get_by_role("button", name="More settings").click()  # folded, the chart is in view
    page.wait_for_function(
        "() => document.querySelector('#flow-chart .js-plotly-plot')?.data?.length === 1"
    )
    (line,) = lab.drawn("flow-chart")
    assert line["name"] == "residual"
    assert line["y"] == residual["branch_share"]

    page.get_by_role("link", name="Look into the gradients").click()
    expect(page.get_by_label("What is shown").locator("option")).to_have_count(5)


def test_one_measure_stays(page: Page) -> None:
    Lab(page).open(f"{SMALL}&measures=signal")
    page.get_by_role("button", name="More settings").click()
    box = page.get_by_role("checkbox", name="Signal")
    box.click()
    expect(box).to_be_checked()
    expect(page.get_by_label("What is shown")).to_have_value("signal")
