"""/paths: the gradient of a trained pair split by paths, watched, taken home."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.exported import opened
from tests.e2e.runs import entry, start, state_of

NET = {"family": "mlp", "depth": 12, "width": 8, "norm": "batch"}
TWINS = {"study": "twins", "base": {"net": NET, "steps": 30}}


def test_a_pair_is_split_and_the_link_and_the_file_show_the_same(
    page: Page, browser: Browser, tmp_path: Path, watch: Watch
) -> None:
    page.goto("/runs")
    race = start(page, "studies", TWINS)
    page.reload()
    expect(state_of(page, race)).to_have_text("Finished")
    watch.follow(page)
    entry(page, race).get_by_role("link", name="Paths").click()
    expect(page.locator("#networks li")).to_have_count(2)
    page.get_by_role("button", name="Split the gradient").press("Enter")
    expect(page.locator(".standing")).to_have_text(["2 of 2 results", "7 of 7 results"])
    expect(page).to_have_url(re.compile(r"/paths\?show=[a-z2-7]{10},[a-z2-7]{10}$"))
    told = page.locator("#takeaway p")
    expect(told.nth(1)).to_contain_text("of 5 branches; half of all paths go through at most 2.")
    expect(told.nth(0)).to_have_text(
        "plain: one path, through all 5 blocks, brings back the whole gradient."
    )
    page.reload()
    expect(told).to_have_count(2)
    page.locator("#chart").scroll_into_view_if_needed()  # what is out of sight is not drawn
    expect(page.locator("#chart .scatterlayer .trace")).to_have_count(2)  # and all paths, in grey
    page.get_by_role("button", name="Number of paths").press("Enter")
    expect(page.locator("#look")).to_contain_text("A path chooses at each block")
    expect(page.locator("#chart .scatterlayer .trace")).to_have_count(2)  # the plain one's, too

    page.get_by_text("All numbers").click()
    rows = page.locator("#numbers tbody tr")
    expect(rows).to_have_count(7)
    counts = [row.locator("td").last.inner_text() for row in rows.all()]
    assert counts == ["1", "1", "5", "10", "10", "5", "1"]
    one = page.url.partition("show=")[2].split(",")[1]
    file = page.request.get(f"/api/runs/{one}/export?format=csv").text()
    shares = [float(row.split(",")[9]) for row in file.splitlines() if ",length_share," in row]
    assert len(shares) == 6
    assert abs(sum(shares) - 1) < 1e-12
    sentence = told.nth(1).inner_text()
    html = page.request.get(f"/api/runs/{one}/export?format=html").body()
    with opened(browser, html, tmp_path) as exported:
        expect(exported.locator("#takeaway p")).to_have_text(sentence)
        expect(exported.locator("details.exported-numbers tbody tr")).to_have_count(6)
        expect(exported.locator("pre").first).to_contain_text('"examples": 128')


def test_of_networks_without_a_sum_the_page_says_why_they_are_not_asked(page: Page) -> None:
    page.goto("/runs")
    run = start(page, "runs", {"net": {**NET, "skip": "highway"}, "steps": 5})
    page.reload()
    expect(state_of(page, run)).to_have_text("Finished")
    expect(entry(page, run).get_by_role("link", name="Lesion")).to_be_visible()
    expect(entry(page, run).get_by_role("link", name="Paths")).to_have_count(0)
    page.goto(f"/paths?of={run}")
    expect(page.locator("#notices")).to_contain_text("can’t be asked")
    origin = page.evaluate("location.origin")
    answer = page.request.post(
        "/api/analyses", data={"analysis": "paths", "of": run}, headers={"origin": origin}
    )
    assert answer.status == 422
    assert "adds no branch to a shortcut" in answer.text()
