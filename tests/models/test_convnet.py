"""The CIFAR 6n+2 network against its published table and torch's own arithmetic."""

import pytest
import torch

from models.build import build, sketch
from models.spec import NetSpec

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
    net = sketch(NetSpec(depth=depth, width=16, **OPTIONS[option]), (3, 32, 32), 10)
    expected = dict(zip(OPTIONS, (PUBLISHED[depth][0], *PUBLISHED[depth]), strict=True))[option]
    assert sum(p.numel() for p in net.parameters()) == expected
    assert sum(layer.params for layer in net.layers()) == expected


def test_depth_counts_the_weighted_layers_of_the_main_path() -> None:
    net = sketch(NetSpec(depth=20, skip="projection"), (1, 8, 8), 10)
    layers = [layer for layer in net.layers() if not layer.on_shortcut]
    assert len(layers) == 20
    assert [layer.name for layer in (*layers[:4], layers[-1])] == [
        "stem",
        "block1.layer1",
        "block1.layer2",
        "block2.layer1",
        "head",
    ]


@pytest.mark.parametrize("example", [(1, 8, 8), (3, 32, 32), (2, 5, 7), (1, 1, 1)])
def test_traced_shapes_are_those_of_a_real_pass(example: tuple[int, ...]) -> None:
    spec = NetSpec(depth=14, width=4, downsample="project")
    net = build(spec, example, 10, torch.Generator())
    real = [tuple(output.shape[1:]) for output in net.eval().trace(torch.zeros(2, *example))]
    assert sketch(spec, example, 10).shapes(example) == real


def test_a_shortcut_left_alone_fails_in_pytorchs_own_words() -> None:
    net = build(NetSpec(depth=8, downsample="error"), (1, 8, 8), 10, torch.Generator())
    with pytest.raises(RuntimeError, match="must match"):
        net(torch.zeros(2, 1, 8, 8))
