"""Gradient by depth, and by depth and step, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.stage import PLAIN, RESIDUAL, Json, Stage, events, spec


def first_frame(said: list[Json]) -> Json:
    """The first of a run's frames, to be changed."""
    return next(event for event in said if event["type"] == "frame")


def test_the_last_block_is_one_and_the_head_behind_it_is_left_out(twins: Stage) -> None:
    twins.mount("flowByDepth")
    relative = twins.show("flowByDepth", [PLAIN, RESIDUAL])
    absolute = twins.show("flowByDepth", [PLAIN, RESIDUAL], scale="absolute")
    for beside, measured in zip(relative["data"], absolute["data"], strict=True):
        assert beside["y"] == pytest.approx([y / measured["y"][-2] for y in measured["y"][:-1]])
    assert relative["layout"]["xaxis"]["ticktext"][-1] == "last block"
    assert absolute["layout"]["xaxis"]["ticktext"][-1] == "output"
    (line,) = relative["layout"]["shapes"]
    assert line["y0"] == 1
    assert absolute["layout"].get("shapes", []) == []


def test_updates_are_never_relative_and_have_a_line_of_their_own(twins: Stage) -> None:
    twins.mount("flowByDepth")
    drawn = twins.show("flowByDepth", [PLAIN], quantity="update_ratio")
    same = twins.show("flowByDepth", [PLAIN], quantity="update_ratio", scale="absolute")
    assert drawn["data"][0]["y"] == same["data"][0]["y"]
    assert drawn["layout"]["shapes"][0]["y0"] == 1e-3


def test_a_chart_says_why_a_run_can_not_be_compared_at_a_step(stage: Stage) -> None:
    of = spec("none")
    said = events(of, upto=1)
    first_frame(said)["measures"]["flow"] = [0.0, 0.5, 0.5, 0.0, 0.1]
    stage.tell("p", of, said)
    stage.mount("flowByDepth")
    curve, zero = stage.show("flowByDepth", [PLAIN])["data"]
    assert curve["y"] == [None] * 4
    assert zero["x"] == [0, 3]
    why = "plain, step 1: the last block's gradient is 0, so there is nothing to compare with."
    expect(stage.page.locator(".plot .annotation-text", has_text=why)).to_be_visible()
    assert why in stage.page.locator(".plot p").first.inner_text()


def test_each_point_says_its_block_and_how_it_compares(stage: Stage) -> None:
    of = spec("none")
    said = events(of, upto=1)
    first_frame(said)["measures"]["flow"] = [0.0, 0.0, 30.0, 0.1, 0.2]
    first_frame(said)["underflowed"] = {"flow": [0]}
    stage.tell("p", of, said)
    stage.mount("flowByDepth")
    curve, zeros = stage.show("flowByDepth", [PLAIN])["data"]
    assert curve["customdata"][2:] == [
        "block 2: 300 times larger than at the last block",
        "block 3: about as large as at the last block",
    ]
    assert zeros["customdata"] == [
        "stem: too small for float32 (below 1e-45)",
        "block 1: exactly 0",
    ]


def test_a_layer_that_only_decays_is_said_to_learn_nothing(stage: Stage) -> None:
    of = {**spec("none"), "optimizer": {"name": "sgd", "weight_decay": 1e-4}}
    said = events(of, upto=1)
    first_frame(said)["measures"]["weight_grad"][0] = 0.0
    stage.tell("p", of, said)
    stage.mount("flowByDepth")
    (curve,) = stage.show("flowByDepth", [PLAIN], quantity="update_ratio")["data"]
    assert "weight decay alone" in curve["customdata"][0]
    assert "weight decay" not in curve["customdata"][1]
    stage.mount("flowHeatmap")
    (cells,) = stage.show("flowHeatmap", [PLAIN], quantity="update_ratio", scale="absolute")["data"]
    assert "weight decay alone" in cells["customdata"][0][0]
    assert cells["customdata"][1][0] == curve["customdata"][1].split(":")[0]


def test_a_heatmap_is_centred_on_the_last_block_and_signs_what_is_zero(stage: Stage) -> None:
    of = spec("none")
    said = events(of, upto=3)
    for event in said:
        if event["type"] == "frame":
            event["measures"]["flow"] = [0.0, 1e-9, 10.0, 1.0, 5.0]
    stage.tell("p", of, said)
    stage.mount("flowHeatmap", width=900)
    drawn = stage.show("flowHeatmap", [PLAIN])
    value, zero, signs = drawn["data"]
    assert [row[0] for row in value["z"]] == [None, -9, 1, 0]
    assert [row[0] for row in zero["z"]] == [1, None, None, None]
    assert set(signs["text"]) == {"0"}
    assert set(signs["y"]) == {0}
    axis = drawn["layout"][value["coloraxis"]]
    assert axis["cmin"] == -axis["cmax"]
    absolute = stage.show("flowHeatmap", [PLAIN], scale="absolute")["data"]
    assert [len(trace.get("z", ())) for trace in absolute[:2]] == [5, 5]


def test_zeros_have_a_lane_of_their_own(stage: Stage) -> None:
    of = spec("none")
    stage.tell("p", of, events(of, zeros=2))
    stage.mount("flowByDepth")
    drawn = stage.show("flowByDepth", [PLAIN])
    curve, zero = drawn["data"]
    assert curve["y"][:2] == [None, None]
    assert (zero["x"], zero["yaxis"]) == ([0, 1], "y2")
    assert drawn["layout"]["yaxis2"]["visible"]
    assert "2 layers are exactly 0" in stage.page.locator(".plot p").inner_text()


def test_networks_of_different_depth_are_compared_on_the_fraction_of_depth(stage: Stage) -> None:
    for run, depth in (("p", 8), ("r", 20)):
        stage.tell(run, spec("none", depth), events(spec("none", depth)))
    stage.mount("flowByDepth")
    drawn = stage.show("flowByDepth", [PLAIN, RESIDUAL])
    assert [(trace["x"][0], trace["x"][-1]) for trace in drawn["data"]] == [(0, 1), (0, 1)]


def test_more_than_200_layers_are_drawn_as_their_least_and_greatest(stage: Stage) -> None:
    of = spec("none", 1202, 2)
    said = events(of, upto=2)
    stage.tell("p", of, said)
    stage.mount("flowByDepth", width=300)
    (curve,) = stage.show("flowByDepth", [PLAIN], quantity="weight_grad", scale="absolute")["data"]
    values = said[-1]["measures"]["weight_grad"]
    assert len(curve["y"]) < 1202
    assert set(curve["y"]) <= set(values)
    assert min(curve["y"]) == min(values)
    assert max(curve["y"]) == max(values)


def test_a_heatmap_of_more_than_200_layers_says_which_it_shows(stage: Stage) -> None:
    of = spec("none", 1202, 2)
    said = events(of, upto=2)
    dead = 777
    for event in said:
        if event["type"] == "frame":
            event["measures"]["weight_grad"][dead] = 0.0
    stage.tell("p", of, said)
    stage.mount("flowHeatmap", width=900)
    shown = {"quantity": "weight_grad", "scale": "absolute"}
    value, zero, _ = stage.show("flowHeatmap", [PLAIN], **shown)["data"]
    assert len(value["y"]) == 200
    cells = [
        (step, name)
        for marks, names in zip(zero["z"], zero["customdata"], strict=True)
        for step, mark, name in zip(zero["x"], marks, names, strict=True)
        if mark
    ]
    sizes = group_sizes(value["y"])
    assert sum(sizes) == 1202
    assert [told_sizes(row) for row in value["customdata"]] == [
        {size} for size in sizes for _ in "12"
    ]
    own = next(i for i in range(len(sizes)) if sum(sizes[: i + 1]) > dead)
    name = f"{place(said[0]['layers'][dead]['name'])}, the smallest of {sizes[own]} layers"
    assert sorted(cells) == [(1, name), (2, name)]
    last = said[-1]["measures"]["weight_grad"]
    seen = {round(10 ** row[-1], 12) for row in value["z"] if row[-1] is not None}
    assert seen <= {round(one, 12) for one in last}
    area = stage.page.locator(".plot-area").bounding_box()
    assert area is not None
    stage.page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    stage.page.wait_for_function("heard.length > 0")
    said_there = stage.page.locator(".hovertext").text_content() or ""
    names = [place(layer["name"]) for layer in said[0]["layers"]]
    found = re.search(
        r"(stem|head|block \d+, layer \d), the (?:smallest|largest) of 1[23] layers", said_there
    )
    assert found is not None, said_there
    blocks = [point["name"] for point in said[0]["points"]]
    block = said[0]["layers"][names.index(found[1])]["block"]
    assert stage.heard[-1] == ["hover", blocks.index(block)]
    note = stage.page.locator(".plot .annotation-text", has_text="plain")
    expect(note).to_have_text(
        "plain (grey 0: no gradient; of every 12 or 13 layers, the smallest and the largest)"
    )


def place(name: str) -> str:
    """A layer's name as the pages write it."""
    return name.replace("block", "block ").replace(".layer", ", layer ")


def group_sizes(places: list[float]) -> list[int]:
    """How many layers each group spans: its two rows stand half of that apart."""
    return [round(2 * (high - low)) for low, high in zip(places[::2], places[1::2], strict=True)]


def told_sizes(names: list[str]) -> set[int]:
    """The numbers of layers that the cells of a row speak of."""
    found = [re.search(r"of (\d+) layers$", name) for name in names]
    assert None not in found
    return {int(match[1]) for match in found if match}


@pytest.mark.parametrize(("depth", "words"), [(202, "2 or 3"), (500, "5")])
def test_a_heatmap_says_how_many_layers_its_rows_stand_for(
    stage: Stage, depth: int, words: str
) -> None:
    of = spec("none", depth, 2)
    stage.tell("p", of, events(of, upto=2))
    stage.mount("flowHeatmap", width=900)
    stage.show("flowHeatmap", [PLAIN], quantity="weight_grad", scale="absolute")
    note = stage.page.locator(".plot .annotation-text", has_text="plain")
    expect(note).to_have_text(f"plain (of every {words} layers, the smallest and the largest)")


def test_pointing_at_a_layer_names_it_and_highlighting_marks_it(twins: Stage) -> None:
    twins.mount("flowByDepth")
    twins.show("flowByDepth", [PLAIN, RESIDUAL])
    box = twins.page.locator(".plot .nsewdrag").bounding_box()
    assert box
    points = 4  # the head is left out
    twins.page.mouse.move(box["x"] + box["width"] * 2.5 / points, box["y"] + box["height"] / 2)
    twins.page.wait_for_function("() => heard.length")
    assert twins.heard[-1] == ["hover", 2]
    twins.page.evaluate("charts.flowByDepth.highlight(2)")
    mark = twins.page.locator(".plot-mark").bounding_box()
    assert mark
    middle = mark["x"] + mark["width"] / 2
    assert middle == pytest.approx(box["x"] + box["width"] * 2.5 / points, abs=2)
    twins.page.evaluate("charts.flowByDepth.highlight(null)")
    expect(twins.page.locator(".plot-mark")).to_have_count(0)


def test_a_layer_is_marked_with_all_its_weights(twins: Stage) -> None:
    twins.mount("flowByDepth")
    twins.show("flowByDepth", [PLAIN], quantity="weight_grad")
    box = twins.page.locator(".plot .nsewdrag").bounding_box()
    assert box
    twins.page.evaluate("charts.flowByDepth.highlight(1)")  # block1: layers 1 and 2 of 7
    mark = twins.page.locator(".plot-mark").bounding_box()
    assert mark
    assert mark["width"] == pytest.approx(box["width"] * 1.8 / 7, abs=2)


def test_the_heatmap_marks_a_layer_in_every_panel(twins: Stage) -> None:
    twins.mount("flowHeatmap", width=900)
    twins.show("flowHeatmap", [PLAIN, RESIDUAL])
    twins.page.evaluate("charts.flowHeatmap.highlight(0)")
    expect(twins.page.locator(".plot-mark")).to_have_count(2)


def test_a_heatmap_keeps_to_400_columns(stage: Stage) -> None:
    of = spec("none", steps=900)
    stage.tell("p", of, events(of))
    stage.mount("flowHeatmap", width=900)
    (cells,) = stage.show("flowHeatmap", [PLAIN])["data"]
    assert len(cells["x"]) <= 400
    assert cells["x"][-1] == 900
