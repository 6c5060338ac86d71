"""A network's configuration says what it can't be, and what comes nearest."""

from dataclasses import replace
from unittest.mock import patch

import pytest

from models.families import FAMILIES, ConvNetSpec, MlpSpec, net_spec
from models.inits import INITS
from models.registry import BadNet, Entry, Need
from models.spec import nearest


@pytest.mark.parametrize(
    ("family", "depth", "near"),
    [
        ("convnet", 57, "56 and 62"),
        ("convnet", 9, "8 and 14"),
        ("convnet", 3, "8"),
        ("convnet", 1201, "1196 and 1202"),
        ("mlp", 7, "6 and 8"),
        ("mlp", 3, "4"),
        ("mlp", 1026, "1024"),
    ],
)
def test_an_impossible_depth_is_refused_with_the_nearest_possible_ones(
    family: str, depth: int, near: str
) -> None:
    with pytest.raises(BadNet) as refused:
        net_spec(family=family, depth=depth)
    assert refused.value.field == "depth"
    assert refused.value.allowed.endswith(f"nearest: {near}")


@pytest.mark.parametrize(
    "field",
    ["family", "skip", "downsample", "branch", "placement", "norm", "activation", "init"],
)
def test_an_unknown_name_is_refused_with_the_known_ones(field: str) -> None:
    with pytest.raises(BadNet) as refused:
        net_spec(**{field: "nonsense"})
    assert refused.value.field == field
    assert net_spec().named(field) in refused.value.allowed
    assert "nonsense" not in str(refused.value)


@pytest.mark.parametrize("width", [0, -1, 1025, 10**30, True, 8.0, "8"])
def test_a_width_that_can_not_be_is_refused(width: object) -> None:
    with pytest.raises(BadNet, match="width"):
        net_spec(width=width)


def test_each_family_has_its_own_settings() -> None:
    assert isinstance(net_spec(), ConvNetSpec)
    assert isinstance(net_spec(family="mlp", depth=8), MlpSpec)
    with pytest.raises(BadNet, match=r"downsample: is no setting of the mlp family"):
        net_spec(family="mlp", depth=8, downsample="pad")


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_written_reads_back_the_same(family: str) -> None:
    spec = net_spec(family=family, depth=8, width=3, skip="none", norm="none", init="xavier")
    assert net_spec(**spec.plain()) == spec
    assert spec.plain()["skip"] == "none"


def test_what_a_choice_needs_of_another_is_refused_with_the_reason_and_can_be_mended() -> None:
    picky = Entry(
        name="picky",
        title="Picky",
        summary="Wants a norm.",
        needs=(Need("norm", ("batch",), "needs a norm to scale"),),
    )
    with patch.dict(INITS, {"picky": picky}):
        assert net_spec(init="picky").unmet() == []
        with pytest.raises(BadNet) as refused:
            net_spec(init="picky", norm="none")
        without = replace(net_spec(init="picky"), norm=net_spec(norm="none").norm)
        assert without.fitted() == net_spec(norm="none")
        assert net_spec(init="picky").fitted() == net_spec(init="picky")
    assert (refused.value.field, refused.value.problem) == ("init", "picky needs a norm to scale")
    assert refused.value.allowed == "allowed with norm: batch"


def test_a_legal_depth_is_its_own_nearest() -> None:
    depths = range(8, 1203, 6)
    assert all(nearest(depths, depth) == [depth] for depth in depths)
