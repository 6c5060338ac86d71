"""A swatch beside a run's name looks as that run's line does, several of one kind too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

STROKES = "els => els.map((el) => getComputedStyle(el).stroke)"


@pytest.fixture
def runs(page: Page, server: str) -> list[str]:
    """Three residual networks and a plain one, trained."""
    found = []
    for depth, skip in ((4, "identity"), (6, "identity"), (6, "none"), (8, "identity")):
        net = {"family": "mlp", "width": 8, "depth": depth, "skip": skip}
        body = {"net": net, "steps": 4, "batch_size": 256}
        said = page.request.post("/api/runs", data=body, headers={"origin": server})
        found.append(said.json()["id"])
    return found


def theme(page: Page, name: str) -> None:
    page.locator("#theme-choice").select_option(name)
    expect(page.locator("html")).to_have_attribute("data-theme", name)


@pytest.mark.parametrize(
    ("address", "swatches", "chart"),
    [
        ("/runs?overlay={}", "#overlay-table tbody .swatch", "#chart"),
        ("/gradients?run={}", "#shown .swatch", "#flow"),
    ],
)
def test_a_swatch_is_painted_as_the_chart_paints_the_line(
    page: Page, runs: list[str], address: str, swatches: str, chart: str
) -> None:
    page.goto(address.format((",", "&run=")["run=" in address].join(runs)))
    lines = page.locator(f"{chart} .scatterlayer .trace path.js-line")
    expect(page.locator(swatches)).to_have_count(4)
    expect(lines).to_have_count(4)
    seen: list[str] = []
    for name in ("light", "dark"):
        theme(page, name)
        for before in seen:  # the charts repaint after the page has
            expect(page.locator(swatches).first).not_to_have_css("stroke", before)
        for swatch, colour in enumerate(page.locator(swatches).evaluate_all(STROKES)):
            expect(lines.nth(swatch)).to_have_css("stroke", re.compile(re.escape(colour)))
            seen.append(colour)
    assert len(set(seen)) == 8  # no two of them alike, in either theme
    # Nor without colour: three of them are of one kind.
    for part, look in ((".swatch-line", "stroke-dasharray"), ("path:last-child", "d")):
        drawn = page.locator(f"{swatches} {part}").evaluate_all(
            "(els, look) => els.map((el) => el.getAttribute(look))", look
        )
        assert len(set(drawn)) == 4
