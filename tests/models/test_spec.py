"""A network's configuration says what it can't be, and what comes nearest."""

from dataclasses import replace
from typing import Any

import pytest

from models.spec import BadNet, NetSpec, nearest


@pytest.mark.parametrize(
    ("family", "depth", "near"),
    [
        ("convnet", 57, "56 and 62"),
        ("convnet", 9, "8 and 14"),
        ("convnet", 1, "8"),
        ("convnet", 5000, "1202"),
        ("mlp", 7, "6 and 8"),
        ("mlp", 0, "4"),
        ("mlp", -3, "4"),
    ],
)
def test_an_impossible_depth_is_refused_with_the_nearest_possible_ones(
    family: str, depth: int, near: str
) -> None:
    with pytest.raises(BadNet) as refused:
        NetSpec(family=family, depth=depth)
    assert refused.value.field == "depth"
    assert refused.value.allowed.endswith(f"nearest: {near}")


@pytest.mark.parametrize(
    "field", ["family", "skip", "downsample", "block", "norm", "activation", "init"]
)
def test_an_unknown_name_is_refused_with_the_known_ones(field: str) -> None:
    with pytest.raises(BadNet) as refused:
        replace(NetSpec(), **dict[str, Any]({field: "nonsense"}))
    assert refused.value.field == field
    assert getattr(NetSpec(), field) in refused.value.allowed
    assert "nonsense" not in str(refused.value)


@pytest.mark.parametrize("width", [0, -1, 1025, 10**30])
def test_a_width_out_of_range_is_refused(width: int) -> None:
    with pytest.raises(BadNet, match="width"):
        NetSpec(width=width)


def test_a_legal_depth_is_its_own_nearest() -> None:
    depths = range(8, 1203, 6)
    assert all(nearest(depths, depth) == [depth] for depth in depths)
