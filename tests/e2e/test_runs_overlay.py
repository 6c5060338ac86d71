"""Runs laid over each other on /runs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.runs import MLP, entry, start, state_of
from tests.e2e.test_accessibility import serious


def test_runs_are_laid_over_each_other(page: Page, race: str) -> None:
    other = start(page, "runs", {"net": {**MLP, "depth": 8}, "steps": 30})
    page.reload()
    expect(state_of(page, race)).to_have_text("Finished")
    expect(state_of(page, other)).to_have_text("Finished")
    entry(page, race).get_by_role("checkbox").check()
    entry(page, other).get_by_role("checkbox").check()
    expect(page.locator("#selected")).to_have_text("3 selected, at most 5")
    page.get_by_role("button", name="Overlay").click()
    expect(page.locator("#overlay-title")).to_be_focused()
    rows = page.locator("#overlay-table tbody tr")
    expect(rows).to_have_count(3)
    names = [name.strip() for name in rows.locator("th").all_inner_texts()]
    assert sorted(names) == ["plain, 4 layers", "residual, 4 layers", "residual, 8 layers"]
    expect(rows.first).to_contain_text("30 of 30 steps")
    # Three lines of batches, and for each run the marks of both whole sets.
    expect(page.locator("#chart .scatterlayer .trace path.js-line")).to_have_count(3)
    page.reload()
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#overlay")).to_be_hidden()
    assert "overlay" not in page.url


def test_an_overlay_holds_five_runs_at_most(page: Page) -> None:
    page.goto("/runs")
    sweep = start(page, "studies", {"study": "depth", "depths": [4, 6, 8], "seeds": [0],
                                    "base": {"net": MLP, "steps": 5}})  # fmt: skip
    page.reload()
    entry(page, sweep).get_by_role("button", name="Show its 6 runs").click()
    boxes = entry(page, sweep).get_by_role("checkbox")
    expect(boxes).to_have_count(6)
    for i in range(5):
        boxes.nth(i).check()
    boxes.nth(5).click()
    expect(boxes.nth(5)).not_to_be_checked()
    expect(page.locator("#toasts")).to_contain_text("at most 5 runs: deselect one")
    expect(page.locator("#selected")).to_have_text("5 selected, at most 5")
    # The same again is one message, and one that leaves.
    boxes.nth(5).click()
    toasts = page.locator(".toast")
    expect(toasts).to_have_count(1)
    expect(toasts.locator("p")).to_contain_text("(×2)")
    toasts.get_by_role("button", name="Dismiss").click()
    boxes.nth(5).click()
    expect(toasts).to_have_count(1)
    expect(toasts.locator("p")).not_to_contain_text("×")


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_a_list_with_an_overlay_has_no_serious_violation(page: Page, race: str, theme: str) -> None:
    page.add_init_script(f"localStorage.setItem('depthscope.theme', '{theme}')")
    page.reload()
    expect(state_of(page, race)).to_have_text("Finished")
    entry(page, race).get_by_role("checkbox").first.check()
    entry(page, race).get_by_role("button", name="Show its 2 runs").click()
    page.get_by_role("button", name="Overlay").click()
    expect(page.locator("#overlay-table tbody tr")).to_have_count(2)
    assert serious(page) == []
    entry(page, race).get_by_role("button", name="Delete").click()
    assert serious(page) == []


def test_a_run_deleted_elsewhere_leaves_the_overlay(page: Page, watch: Watch) -> None:
    watch.expected.append("404")
    page.goto("/runs")
    ids = [start(page, "runs", {"net": MLP, "steps": steps}) for steps in (100_000, 10)]
    page.goto(f"/runs?overlay={','.join(ids)}")
    rows = page.locator("#overlay-table tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Training")
    assert page.request.delete(f"/api/runs/{ids[0]}").status == 204
    expect(page.get_by_text("A run in this chart has been deleted.")).to_be_visible()
    expect(rows).to_have_count(1)
    assert page.url.endswith(f"/runs?overlay={ids[1]}")


def test_an_overlay_waits_for_a_server_that_does_not_answer(page: Page, watch: Watch) -> None:
    watch.expected.append("ERR_FAILED")
    page.goto("/runs")
    kept, other = (start(page, "runs", {"net": MLP, "steps": steps}) for steps in (10, 11))
    page.route(f"**/api/runs/{kept}", lambda route: route.abort())
    page.goto(f"/runs?overlay={kept},{other}")
    lost = page.locator("#overlay-lost")
    expect(lost).to_have_text("The server can't be reached. Trying again …")
    rows = page.locator("#overlay-table tbody tr")
    expect(rows).to_have_count(1)
    assert page.url.endswith(f"/runs?overlay={kept},{other}")
    page.unroute(f"**/api/runs/{kept}")
    expect(rows).to_have_count(2)
    expect(lost).to_be_hidden()
    expect(page.locator("#toasts")).to_be_empty()


def test_an_overlay_leaves_out_what_is_deleted(page: Page, watch: Watch) -> None:
    watch.expected.append("404")
    page.goto("/runs")
    doomed, kept = (start(page, "runs", {"net": MLP, "steps": steps}) for steps in (10, 11))
    page.reload()
    expect(state_of(page, doomed)).to_have_text("Finished")
    assert page.request.delete(f"/api/runs/{doomed}").status == 204
    page.goto(f"/runs?overlay={doomed},{kept}")
    expect(page.get_by_text("A run in this chart has been deleted.")).to_be_visible()
    expect(page.locator("#overlay-table tbody tr")).to_have_count(1)
    expect(page.locator("#overlay-lost")).to_be_hidden()
    assert page.url.endswith(f"/runs?overlay={kept}")
