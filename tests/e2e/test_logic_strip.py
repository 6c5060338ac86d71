"""A strip of boxes: their order, shortcuts and colours."""

from __future__ import annotations

import itertools
from dataclasses import asdict
from typing import Any

import pytest

from app.figures.themes import SCALE
from models.build import sketch
from models.spec import NetSpec
from tests.e2e.conftest import Logic


def test_strips_and_heatmaps_share_their_colours(logic: Logic) -> None:
    body = (
        "const { STOPS, at } = await load('colour'); return [STOPS, at(0), at(1), at(0.5), at(-2)]"
    )
    stops, low, high, middle, below = logic(body)
    assert [tuple(stop) for stop in stops] == [tuple(stop) for stop in SCALE]
    assert (low, high, middle, below) == ("#00224e", "#fee838", "#707173", "#00224e")


def test_a_colour_scale_grows_by_decades_and_marks_what_has_no_place(logic: Logic) -> None:
    body = """
        const { placeOf } = await load("colour");
        const { decades } = await load("../charts/numbers");
        const grown = decades([0.02, 3, null, 0]);
        return [grown, decades([0.5], grown), decades([1e-30], grown), decades([0, null]),
                decades([1]), placeOf(0, grown), placeOf(null, grown), placeOf(0.1, grown).place,
                placeOf(undefined, grown)];
    """
    assert logic(body) == [
        [-2, 1],
        [-2, 1],
        [-30, 1],
        None,
        [-1, 0],
        {"kind": "zero"},
        {"kind": "lost"},
        pytest.approx(1 / 3),
        {"kind": "unknown"},
    ]


def test_the_boxes_of_a_strip_stand_in_order_and_fill_it(logic: Logic) -> None:
    body = """
        const { boxes, boxAt, moved } = await load("strip");
        const points = [{ kind: "stem", shape: [8, 8, 8] }];
        for (const shape of [[8, 8, 8], [16, 4, 4], [32, 2, 2]])
          for (let i = 0; i < arg; i += 1) points.push({ kind: "block", shape });
        points.push({ kind: "head", shape: [10] });
        const all = boxes(points, 1000);
        const keys = ["Home", "End", "ArrowRight", "ArrowLeft", "PageUp", "x"];
        return { all, hits: all.map((box) => boxAt(all, box.x + box.width / 2)),
                 keys: keys.map((key) => moved(key, 0, all.length)),
                 none: keys.slice(2, 4).map((key) => moved(key, null, all.length)) };
    """
    for per_stage in (1, 9, 200):
        said = logic(body, per_stage)
        boxes = said["all"]
        count = 3 * per_stage + 2
        assert len(boxes) == count
        for left, right in itertools.pairwise(boxes):
            assert left["x"] + left["width"] <= right["x"] + 1e-9
        assert boxes[0]["x"] >= 0
        assert boxes[-1]["x"] + boxes[-1]["width"] <= 1000 + 1e-6
        # Where a stage begins the shapes differ, so that its shortcut is another.
        assert [i for i, box in enumerate(boxes) if box["changes"]] == [
            1 + per_stage,
            1 + 2 * per_stage,
        ]
        assert said["hits"] == list(range(count))
        last = count - 1
        page = max(1, round(count / 8))
        assert said["keys"] == [0, last, 1, 0, min(last, page), None]
        assert said["none"] == [0, last]


@pytest.mark.parametrize(
    "choice",
    [
        {"skip": "none"},
        {"skip": "identity"},
        {"skip": "identity", "downsample": "project"},
        {"skip": "projection"},
    ],
)
def test_a_shortcut_is_drawn_as_a_projection_where_the_network_has_one(
    logic: Logic, choice: dict[str, Any]
) -> None:
    spec, example = NetSpec(family="convnet", depth=14, **choice), (1, 8, 8)
    net = sketch(spec, example, 10)
    learned = {layer.part for layer in net.layers() if layer.on_shortcut}
    points = [
        {"kind": "block" if name.startswith("block") else name, "shape": shape}
        for name, shape in zip(net.parts, net.shapes(example), strict=True)
    ]
    body = """
        const { boxes, shortcuts } = await load("strip");
        return shortcuts(boxes(arg.points, 1000), arg.net);
    """
    kinds = logic(body, {"points": points, "net": asdict(spec)})
    drawn = [name for name, kind in zip(net.parts, kinds, strict=True) if kind == "projection"]
    assert set(drawn) == learned
    changed = 2 if choice == {"skip": "identity"} else 0
    assert kinds.count("pad") == changed
    joined = 0 if spec.skip == "none" else 6
    assert len([kind for kind in kinds if kind]) == joined
