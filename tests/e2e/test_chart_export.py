"""An exported file opens with no network and shows what the pages showed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.exported import drawn, opened
from tests.e2e.lab import Lab
from tests.e2e.runs import MLP, start
from tests.e2e.test_print import INKS, printed

DEPTH: dict[str, Any] = {"study": "depth", "depths": [4, 8], "seeds": [0, 1],
                         "base": {"net": MLP, "steps": 10}}  # fmt: skip
IN_THE_LAB = {"errorByStep": "error-chart", "flowByDepth": "flow-chart",
              "flowHeatmap": "heat-charts", "lossByStep": "loss-chart"}  # fmt: skip


def trained(page: Page, body: dict[str, Any]) -> str:
    """Train a study to its end; its id."""
    page.goto("/runs")
    study = start(page, "studies", body)
    Lab(page).ended(study)
    return study


def exported(page: Page, study: str) -> bytes:
    """The file that the server makes of a study."""
    return page.request.get(f"/api/studies/{study}/export?format=html").body()


@pytest.fixture
def pair(page: Page) -> str:
    """A pair that was trained."""
    return trained(page, {"study": "twins", "base": {"net": MLP, "steps": 30}})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_file_draws_what_the_lab_drew_in_the_readers_colours(
    browser: Browser, server: str, tmp_path: Path, page: Page, pair: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/?study={pair}")
    expect(Lab(page).state).to_have_text("Finished")
    with opened(browser, exported(page, pair), tmp_path, color_scheme=scheme) as file:
        for name, place in IN_THE_LAB.items():
            assert drawn(file, f"#{name}") == drawn(page, f"#{place}"), name
        expect(file.locator("html")).to_have_attribute("data-theme", scheme)


def test_a_file_draws_what_the_page_of_a_sweep_drew(
    browser: Browser, tmp_path: Path, page: Page
) -> None:
    study = trained(page, DEPTH)
    page.goto(f"/depth?study={study}")
    with opened(browser, exported(page, study), tmp_path) as file:
        for measure in ("train_error", "test_error", "train_loss", "test_loss"):
            words = measure.replace("train_", "training ").replace("_", " ")
            page.locator("#measures").get_by_role("button", name=words).click()
            label = file.locator(f"#{measure}-title").inner_text()
            expect(page.locator("#chart-title")).to_have_text(label)
            page.wait_for_function(
                "(words) => document.querySelector('#chart p').textContent.includes(words)",
                arg=words,
            )
            assert drawn(file, f"#{measure}") == drawn(page, "#chart"), measure
        rows = file.locator("#results tbody tr")
        expect(rows).to_have_count(8)
        expect(rows.first).to_contain_text("Finished")


def test_a_file_leads_back_to_the_same_pair(
    browser: Browser, server: str, tmp_path: Path, page: Page, pair: str
) -> None:
    with opened(browser, exported(page, pair), tmp_path) as file:
        link = file.get_by_role("link", name="Train this again in Depthscope").get_attribute("href")
        expect(file.locator("#what")).to_have_text(
            "mlp 4 layers · plain against residual · 30 steps"
        )
    assert link
    assert link.startswith(f"{server}/?v=2&")
    page.goto(link)
    lab = Lab(page)
    lab.measured()
    expect(lab.field("net.depth")).to_have_value("4")
    expect(lab.field("steps")).to_have_value("30")


def test_a_files_charts_do_what_charts_do(
    browser: Browser, tmp_path: Path, page: Page, pair: str
) -> None:
    with opened(browser, exported(page, pair), tmp_path) as file:
        last = drawn(file, "#flowByDepth")
        file.get_by_role("slider", name="Time").fill("0")
        file.wait_for_function(
            """(before) => {
                const { data } = document.querySelector("#flowByDepth .js-plotly-plot");
                return data[0].y.join() !== before;
            }""",
            arg=",".join(map(str, last[0]["y"])),
        )
        expect(file.locator(".scrubber output")).to_have_text("Step 0: before the first update")
        file.get_by_label("What is shown").select_option("weight_grad")
        drawn(file, "#flowHeatmap")
        expect(
            file.get_by_role("heading", name="Weight gradient by depth and step")
        ).to_be_visible()
        error = file.locator("#errorByStep")
        error.locator("summary").click()
        error.get_by_label("residual").uncheck()
        file.wait_for_function(
            "() => document.querySelector('#errorByStep .js-plotly-plot').data.length === 3"
        )
        error.get_by_role("button", name="Data table").click()
        dialog = file.get_by_role("dialog", name="Error by step")
        expect(dialog.get_by_role("row")).not_to_have_count(0)
        file.keyboard.press("Escape")
        error.locator("summary").click()
        with file.expect_download() as download:
            error.get_by_role("button", name="Save as PNG").click()
        assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_a_file_prints_every_chart_in_ink(
    browser: Browser, tmp_path: Path, page: Page, pair: str
) -> None:
    with opened(browser, exported(page, pair), tmp_path, color_scheme="dark") as file:
        drawn(file, "#errorByStep")
        seen = printed(file)
        assert [chart["name"] for chart in seen] == list(IN_THE_LAB)
        assert all(chart["marks"] > 0 for chart in seen)
        assert {colour for chart in seen for colour in chart["inks"]} <= INKS


def test_a_file_of_a_regression_shows_losses_alone(
    browser: Browser, tmp_path: Path, page: Page
) -> None:
    study = trained(
        page,
        {"study": "twins", "base": {"net": {**MLP, "width": 16}, "data": "identity", "steps": 5}},
    )
    with opened(browser, exported(page, study), tmp_path) as file:
        assert drawn(file, "#lossByStep")
        expect(file.locator("#errorByStep")).to_have_count(0)
        heads = file.locator("#results th[scope=col]").all_inner_texts()
        assert heads[-2:] == ["training loss", "test loss"]


def test_a_file_without_javascript_says_what_it_lacks(
    browser: Browser, tmp_path: Path, page: Page, pair: str
) -> None:
    with opened(browser, exported(page, pair), tmp_path, java_script_enabled=False) as file:
        expect(file.locator("#lacking")).to_be_visible()
        expect(file.locator("pre")).to_contain_text('"depth": 4')
