"""The chart of a sweep in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.stage import SWEEP, Stage, spec


def test_names_are_swept_by_their_titles_and_one_seed_has_no_bar(stage: Stage) -> None:
    points = [
        {**point, "value": value}
        for point, value in zip(SWEEP["points"][1:3], ("he", "default"), strict=True)
    ]
    stage.mount("errorByDepth", width=900)
    drawn = stage.update(
        "errorByDepth",
        {
            **SWEEP,
            "field": "net.init",
            "values": ["he", "default"],
            "titles": ["He", "PyTorch's default"],
            "points": points,
        },
    )
    assert not any("error_y" in trace for trace in drawn["data"])
    ticks = stage.page.locator(".plot .xtick text")
    expect(ticks).to_have_text(["He", "PyTorch's default"])
    assert "PyTorch's default: 3\xa0%" in stage.page.locator(".plot p").inner_text()


def test_a_sweep_has_a_point_for_every_run_and_opens_it(stage: Stage) -> None:
    stage.mount("errorByDepth")
    drawn = stage.update("errorByDepth", SWEEP)
    mean, bars, runs, lost = drawn["data"]
    assert mean["y"] == pytest.approx([0.5, 4])
    assert bars["error_y"]["array"] == pytest.approx([0.5, 1])
    assert [data[0] for data in runs["customdata"]] == ["run80", "run81", "run200", "run201"]
    assert runs["customdata"][1][2:] == [14, 1437]
    assert lost["x"] == [56]
    assert drawn["layout"]["yaxis"]["range"] == [0, 100]
    box = stage.page.locator(".plot .nsewdrag").bounding_box()
    assert box
    low, high = drawn["layout"]["xaxis"]["range"]
    stage.page.mouse.click(
        box["x"] + box["width"] * (20 - low) / (high - low), box["y"] + box["height"] * 0.95
    )
    stage.page.wait_for_function("() => heard.some(([what]) => what === 'point')")
    assert stage.heard[-1] in (["point", "run200"], ["point", "run201"])


def test_an_image_of_a_sweep_says_what_was_trained(stage: Stage) -> None:
    runs = [(depth, seed) for depth in (2, 8, 20, 32, 44, 56, 110) for seed in (1, 0)]
    specs = [{**spec(depth=depth), "seed": seed} for depth, seed in runs]
    stage.mount("errorByDepth", width=300)
    stage.update("errorByDepth", {**SWEEP, "specs": specs})
    svg = stage.page.evaluate("async () => (await charts.errorByDepth.image('svg')).text()")
    # A narrow image has it in lines.
    lines = [
        "convnet · plain · 2 to 110 layers",
        "digits · lr 0.05 · batch 64",
        "40 steps",
        "seeds 0, 1",
    ]
    assert [svg.index(line) for line in lines] == sorted(svg.index(line) for line in lines)


def test_the_table_of_a_sweep_says_in_words_how_a_run_without_a_value_stands(stage: Stage) -> None:
    stage.mount("errorByDepth")
    stopped = {**SWEEP["points"][-1], "run": "run561", "seed": 1, "standing": "stopped"}
    stage.update("errorByDepth", {**SWEEP, "points": [*SWEEP["points"], stopped]})
    stage.page.evaluate("charts.errorByDepth.table()")
    rows = stage.page.locator("dialog tbody tr")
    expect(rows.filter(has_text="run560")).to_contain_text("Diverged")
    expect(rows.filter(has_text="run561")).to_contain_text("Stopped")
    stage.page.keyboard.press("Escape")
    expect(stage.page.get_by_role("dialog")).to_have_count(0)


def test_no_name_lies_over_another_nor_over_a_curve(stage: Stage) -> None:
    """Plain networks that only guess end where the line of a guess does."""
    guessing = [{**point, "y": 0.898} for point in SWEEP["points"][:4]]
    stage.mount("errorByDepth")
    stage.update("errorByDepth", {**SWEEP, "points": guessing})
    names = stage.page.locator(".plot .annotation-text").filter(
        has_text=re.compile("^(plain|chance)$")
    )
    expect(names).to_have_count(2)
    one, other = (name.bounding_box() for name in names.all())
    area = stage.page.locator(".plot .nsewdrag").bounding_box()
    assert one
    assert other
    assert area
    assert abs(one["y"] - other["y"]) >= min(one["height"], other["height"]) - 1
    assert min(one["x"], other["x"]) >= area["x"] + area["width"]
