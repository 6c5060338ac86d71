"""How the Lab's settings keep each other legal."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from app.spec.optimizer import Sgd
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


def test_depths_the_form_offers_are_those_the_network_can_have(catalog: dict[str, Any]) -> None:
    for family in catalog["families"]:
        depths = family["depths"]
        for depth in (depths["min"], depths["min"] + depths["step"], depths["max"]):
            NetSpec(family=family["name"], depth=depth)
        with pytest.raises(BadNet):
            NetSpec(family=family["name"], depth=depths["min"] + 1)


def test_what_only_the_choice_before_had_is_left_out(logic: Logic) -> None:
    body = f"""{BASE}
        const {{ pruned }} = await load("settle");
        const before = lab.complete(catalog.presets[0].spec, table);
        return arg.map((change) => {{
          const left = pruned({{ ...before, ...change }}, before, table);
          return Object.keys(before).filter((path) => !(path in left)).sort();
        }});
    """
    parameters = {f"optimizer.{name}" for name in Sgd.model_fields if name != "name"}
    gone = logic(body, [{"optimizer.name": "adam"}, {"optimizer.lr": 0.3, "net.depth": 8}])
    assert gone == [sorted(parameters), []]


@pytest.mark.parametrize(
    ("path", "change", "batch"),
    [
        ("data.name", {}, 64),
        ("data.name", {"batch_size": 2000}, 1437),
        ("data.name", {"data.limit": 50}, 50),
        ("data.name", {"data.limit": 50, "batch_size": 20}, 20),
        ("data.name", {"data.limit": 5000, "batch_size": 2000}, 1437),
        ("data.limit", {"data.limit": 1}, 64),  # on the way to 100, say
        *(("data.name", {"data.limit": limit}, 64) for limit in (0, -5, 1.5)),
        ("batch_size", {"batch_size": 2000}, 2000),  # what was typed is refused, not mended
    ],
)
def test_a_batch_is_no_larger_than_the_data_fill(
    logic: Logic, path: str, change: dict[str, float], batch: int
) -> None:
    body = f"""{BASE}
        const values = {{ ...lab.complete(catalog.presets[0].spec, table), ...arg.change }};
        const {{ values: next, moved }} = settle(values, arg.path, catalog);
        return [next.batch_size, moved];
    """
    moved = (
        [{"path": "batch_size", "because": "data"}] if change.get("batch_size", 64) != batch else []
    )
    assert logic(body, {"path": path, "change": change}) == [batch, moved]
