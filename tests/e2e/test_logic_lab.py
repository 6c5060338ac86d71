"""What the Lab shows in each of its states, and how its settings keep each other legal."""

from __future__ import annotations

import itertools
from dataclasses import asdict
from typing import Any

import pytest

from app.figures.themes import SCALE
from app.studies.presets import PRESETS
from models.build import sketch
from models.registry import FAMILIES
from models.spec import BadNet, NetSpec
from tests.e2e.conftest import Logic

BASE = """
const { studyFieldsOf } = await load("fields");
const lab = await load("lab");
const { settle, nearestDepth } = await load("settle");
const table = studyFieldsOf(catalog, "twins");
"""


@pytest.mark.parametrize("family", list(FAMILIES))
def test_the_nearest_depth_is_one_that_the_family_can_have(logic: Logic, family: str) -> None:
    body = f"""{BASE}
        const {{ depths }} = catalog.families.find(({{ name }}) => name === arg.family);
        return arg.wanted.map((depth) => nearestDepth(depths, depth));
    """
    wanted = [-3, 0, 4, 7, 8, 9, 11, 12, 57, 100, 1202, 5000]
    for asked, found in zip(wanted, logic(body, {"family": family, "wanted": wanted}), strict=True):
        NetSpec(family=family, depth=found)
        depths = FAMILIES[family].depths
        assert abs(found - asked) == min(abs(depth - asked) for depth in depths)


def test_another_family_moves_the_depth_and_the_data_it_can_not_take(logic: Logic) -> None:
    body = f"""{BASE}
        const values = {{ ...lab.complete(catalog.presets[0].spec, table), ...arg.values }};
        const {{ values: next, moved }} = settle(values, arg.path, catalog, arg.before ?? values);
        return [next["net.family"], next["net.depth"], next["data.name"], next["net.skip"],
                next.against, moved.map(({{ path }}) => path)];
    """
    settled = logic(body, {"values": {"data.name": "spirals"}, "path": "data.name"})
    assert settled == ["mlp", 56, "spirals", "identity", "none", ["net.family"]]
    settled = logic(
        body,
        {
            "values": {"net.family": "convnet", "net.depth": 30, "data.name": "spirals"},
            "path": "net.family",
        },
    )
    assert settled == ["convnet", 32, "digits", "identity", "none", ["data.name", "net.depth"]] or (
        settled == ["convnet", 26, "digits", "identity", "none", ["data.name", "net.depth"]]
    )


def test_twins_never_have_the_same_skip(logic: Logic) -> None:
    body = f"""{BASE}
        const start = lab.complete(catalog.presets[0].spec, table);
        return arg.map(([path, value, skip, against]) => {{
          const before = {{ ...start, "net.skip": skip, against }};
          const {{ values }} = settle({{ ...before, [path]: value }}, path, catalog, before);
          return [values["net.skip"], values.against];
        }});
    """
    names = ["none", "identity", "projection"]
    cases = [
        [path, value, skip, against]
        for path, value in itertools.product(["net.skip", "against"], names)
        for skip, against in itertools.permutations(names, 2)
    ]
    for case, (skip, against) in zip(cases, logic(body, cases), strict=True):
        assert skip != against
        assert (skip if case[0] == "net.skip" else against) == case[1]


def test_each_preset_is_recognised_and_what_differs_is_counted(logic: Logic) -> None:
    body = f"""{BASE}
        return catalog.presets.map(({{ spec }}) => {{
          const values = lab.complete(spec, table);
          const other = {{ ...values, seed: 7, "optimizer.lr": 0.2 }};
          return [values, other].map((one) => lab.nearestPreset(one, catalog.presets, table));
        }});
    """
    for preset, (exact, changed) in zip(PRESETS, logic(body), strict=True):
        assert exact == {"name": preset.name, "differs": []}
        assert changed["name"] == preset.name
        assert sorted(changed["differs"]) == ["optimizer.lr", "seed"]


@pytest.mark.parametrize(
    ("now", "train", "can"),
    [
        ({"state": "none"}, "train", {"train", "step"}),
        ({"state": "queued"}, "wait", {"stop"}),
        ({"state": "running"}, "pause", {"train", "stop"}),
        ({"state": "paused"}, "resume", {"train", "step", "stop"}),
        ({"state": "ended"}, "again", {"train", "step", "again"}),
        ({"state": "running", "changed": True}, "train_new", {"train", "stop"}),
        ({"state": "running", "mine": False}, "train", {"train", "step"}),
        ({"state": "running", "busy": True}, "pause", set()),
        ({"state": "queued", "stepping": True}, "wait", {"stop"}),
        ({"state": "paused", "stepping": True}, "resume", {"stop"}),
    ],
)
def test_the_buttons_do_what_the_state_allows(
    logic: Logic, now: dict[str, Any], train: str, can: set[str]
) -> None:
    state = {"mine": True, "changed": False, "busy": False, **now}
    said = logic(f"{BASE} return lab.buttons(arg)", state)
    assert said["train"] == train
    assert {name for name, able in said["can"].items() if able} == can


def test_the_first_step_waits_for_both_and_is_given_up_when_either_has_ended(logic: Logic) -> None:
    body = f"""{BASE}
        const {{ RunHistory }} = await load("history");
        return arg.map((states) => lab.firstStep(states.map((state) => {{
          const history = new RunHistory("r");
          history.stand({{ state }});
          return history;
        }})));
    """
    pairs = {
        ("queued", "queued"): "wait",
        ("queued", "paused"): "wait",
        ("paused", "paused"): "go",
        ("paused", "failed"): "over",
        ("stopped", "stopped"): "over",
        ("queued", "interrupted"): "over",
    }
    assert logic(body, [list(pair) for pair in pairs]) == list(pairs.values())


def test_an_end_before_the_first_step_is_told_and_no_other(logic: Logic) -> None:
    body = f"""{BASE}
        const {{ RunHistory }} = await load("history");
        return arg.map((runs) => lab.earlyEnd(runs.map((events) => {{
          const history = new RunHistory("r");
          history.add(events);
          return history;
        }})));
    """
    frame = {"type": "frame", "seq": 0, "step": 1, "loss": [1.0]}
    failed = {"type": "failed", "seq": 1, "step": 0, "reason": "out of memory"}
    stopped = {"type": "stopped", "seq": 1, "step": 0}
    pairs = [
        [[failed], [stopped]],
        [[stopped], [stopped]],
        [[failed], []],
        [[failed], [frame, {**stopped, "step": 1}]],
        [[], []],
    ]
    assert logic(body, pairs) == ["failed_early", "stopped_early", None, None, None]


def test_problems_stand_beside_the_field_they_name(logic: Logic) -> None:
    problems = [
        {"field": "base.net.depth", "problem": "is odd", "allowed": "allowed: even"},
        {"field": "data", "problem": "is unknown", "allowed": "allowed: digits"},
        {"field": "base", "problem": "is strange", "allowed": ""},
    ]
    body = f"{BASE} return lab.placed(arg, table.map(({{ path }}) => path))"
    said = logic(body, problems)
    assert said["fields"] == {
        "net.depth": "is odd; allowed: even",
        "data.name": "is unknown; allowed: digits",
    }
    assert [one["field"] for one in said["others"]] == ["base"]


def test_no_setting_is_without_a_control(logic: Logic) -> None:
    body = f"{BASE} return [lab.PRIMARY, lab.folded(table), table.map(({{ path }}) => path)]"
    primary, folded, every = logic(body)
    assert len(set(primary) | set(folded)) == len(primary) + len(folded)
    # One block is no choice yet; changes on the way are written in a link.
    assert set(every) - set(primary) - set(folded) == {"net.block", "changes"}


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


def test_depths_the_form_offers_are_those_the_network_can_have(catalog: dict[str, Any]) -> None:
    for family in catalog["families"]:
        depths = family["depths"]
        for depth in (depths["min"], depths["min"] + depths["step"], depths["max"]):
            NetSpec(family=family["name"], depth=depth)
        with pytest.raises(BadNet):
            NetSpec(family=family["name"], depth=depths["min"] + 1)


@pytest.mark.parametrize(
    ("done", "badge", "status"),
    [
        ((34, 49), "pausing", "pausing"),
        ((34, 35), "paused", "paused"),
        ((9, 9), "paused", "paused"),
    ],
)
def test_a_pair_is_paused_once_both_stand_at_one_step(
    logic: Logic, done: tuple[int, int], badge: str, status: str
) -> None:
    body = f"""{BASE}
        const at = (done) => ({{ state: "paused", ended: false, step: done, done }});
        const histories = arg.map(at);
        return [lab.badgeOf(histories), lab.statusOf(histories, {{ steps: 100 }}).key];
    """
    assert logic(body, done) == [badge, status]
