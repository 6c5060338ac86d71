"""The CIFAR 6n+2 network against its published table and torch's own arithmetic."""

from dataclasses import replace

import pytest
import torch

from models.build import sketch
from models.families import ConvNetSpec, net_spec
from models.outline import layers
from models.registry import BadNet
from models.shortcuts import SHORTCUTS
from models.skips import SKIPS
from tests.models.nets import built, main, outputs

# He et al. 2015, arXiv:1512.03385: parameters at width 16, 3 channels, by plain = A, B, C.
PUBLISHED = {
    20: (269_722, 272_474, 283_962),
    32: (464_154, 466_906, 489_594),
    44: (658_586, 661_338, 695_226),
    56: (853_018, 855_770, 900_858),
    110: (1_727_962, 1_730_714, 1_826_202),
    1202: (19_421_274, 19_424_026, 20_538_714),
}
OPTIONS = {
    "plain": {"skip": "none"},
    "A": {"skip": "identity", "downsample": "pad"},
    "B": {"skip": "identity", "downsample": "project"},
    "C": {"skip": "projection"},
}


@pytest.mark.parametrize("depth", PUBLISHED)
@pytest.mark.parametrize("option", OPTIONS)
def test_parameters_match_the_published_table(depth: int, option: str) -> None:
    net = sketch(net_spec(depth=depth, width=16, **OPTIONS[option]), (3, 32, 32), 10)
    expected = dict(zip(OPTIONS, (PUBLISHED[depth][0], *PUBLISHED[depth]), strict=True))[option]
    assert sum(p.numel() for p in net.parameters()) == expected
    assert sum(layer.params for layer in layers(net)) == expected


def test_depth_counts_the_weighted_layers_of_the_main_path() -> None:
    net = sketch(net_spec(depth=20, skip="projection"), (1, 8, 8), 10)
    found = main(net)
    assert len(found) == 20
    assert [layer.name for layer in (*found[:4], found[-1])] == [
        "stem",
        "block1.layer1",
        "block1.layer2",
        "block2.layer1",
        "head",
    ]


@pytest.mark.parametrize("example", [(1, 8, 8), (3, 32, 32), (2, 5, 7), (1, 1, 1)])
def test_the_shapes_that_it_says_are_those_of_a_real_pass(example: tuple[int, ...]) -> None:
    spec = net_spec(depth=14, width=4, downsample="project")
    net = built(spec, example=example)
    real = [tuple(output.shape[1:]) for output in outputs(net.eval(), torch.zeros(2, *example))]
    assert list(sketch(spec, example, 10).shapes) == real


def test_a_shortcut_left_alone_fails_in_pytorchs_own_words() -> None:
    net = built(net_spec(depth=8, downsample="error"))
    with pytest.raises(RuntimeError, match="must match"):
        net(torch.zeros(2, 1, 8, 8))
    with pytest.raises(RuntimeError, match="broadcast"):
        sketch(net_spec(depth=8, downsample="error"), (1, 8, 8), 10)(
            torch.zeros(2, 1, 8, 8, device="meta")
        )


@pytest.mark.parametrize("skip", SKIPS)
def test_a_shortcut_where_the_size_changes_is_chosen_where_it_changes_something(skip: str) -> None:
    usual = net_spec(depth=14, width=4, skip=skip)
    assert isinstance(usual, ConvNetSpec)
    other = replace(usual, downsample=SHORTCUTS["project"].choose())
    had, has = (set(sketch(spec, (1, 8, 8), 10).state_dict()) for spec in (usual, other))
    if had == has:
        assert other.fitted() == usual
        with pytest.raises(BadNet, match="downsample: project would change nothing"):
            net_spec(**other.plain())
    else:
        assert net_spec(**other.plain()) == other
