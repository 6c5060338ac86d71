"""What blocks are made of, against what their modules do with a signal."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from models.anatomy import Piece
from models.branches import BRANCHES, PLACEMENTS
from models.dissection import anatomies
from models.families import net_spec
from models.norms import NORMS
from models.shortcuts import SHORTCUTS
from models.skips import SKIPS
from models.tails import TAILS
from tests.models.nets import IMAGE, built

DEPTHS = {"single": 8, "basic": 14, "triple": 11, "bottleneck": 11}
CASES: list[dict[str, Any]] = [
    *({"skip": skip, "depth": 14} for skip in SKIPS),
    *({"branch": branch, "depth": DEPTHS[branch]} for branch in BRANCHES),
    *({"placement": placement, "depth": 14} for placement in PLACEMENTS),
    *({"norm": norm, "depth": 8} for norm in NORMS),
    *({"tail": tail, "depth": 8} for tail in TAILS),
    *({"downsample": way, "depth": 8} for way in SHORTCUTS if way != "error"),
    {"family": "mlp", "depth": 8, "norm": "none"},
]
KINDS = {
    "conv": nn.Conv2d,
    "linear": nn.Linear,
    "norm": nn.BatchNorm2d,
    "activation": nn.ReLU,
}


def called(module: nn.Module, x: Tensor) -> list[str]:
    """The kinds of the modules that a signal goes through, in the order in which it does."""
    seen: list[str] = []

    def watch(inner: nn.Module, kind: str) -> RemovableHandle:
        return inner.register_forward_hook(lambda *_: seen.append(kind))

    hooks = [
        watch(inner, kind)
        for inner in module.modules()
        for kind, its in KINDS.items()
        if isinstance(inner, its)
    ]
    module(x)
    for hook in hooks:
        hook.remove()
    return seen


@pytest.mark.parametrize("settings", CASES, ids=lambda one: " ".join(map(str, one.values())))
def test_every_block_is_told_once(settings: dict[str, Any]) -> None:
    spec = net_spec(width=4, **settings)
    net = built(spec, example=IMAGE)
    found = anatomies(net, spec)
    assert sorted(name for one in found for name in one.blocks) == sorted(
        block.name for block in net.blocks
    )
    assert len({(one.before, one.branch, one.tail, one.shortcut, one.after) for one in found}) == (
        len(found)
    )


@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize("downsample", ["pad", "project"])
@pytest.mark.parametrize("branch", BRANCHES)
def test_pieces_come_in_the_order_in_which_a_signal_goes_through_them(
    placement: str, downsample: str, branch: str
) -> None:
    depth = DEPTHS[branch]
    spec = net_spec(placement=placement, downsample=downsample, branch=branch, depth=depth, width=4)
    net = built(spec, example=IMAGE)
    x = torch.randn(3, *IMAGE)
    stream = net.stem(x)
    of = {name: one for one in anatomies(net, spec) for name in one.blocks}
    for block in net.blocks:
        kinds = [
            piece.kind
            for name in ("before", "branch", "shortcut", "after")
            for piece in getattr(of[block.name], name)
            if piece.kind != "pad"
        ]
        assert called(block, stream) == kinds
        stream = block(stream)


def test_strides_and_layers_are_named() -> None:
    spec = net_spec(depth=14, width=4, downsample="project")
    _, second = anatomies(built(spec), spec)
    assert second.blocks == ("block3", "block5")
    first, norm, *_ = second.branch
    assert (first.layer, first.stride) == ("layer1", 2)
    assert (norm.kind, norm.response) == ("norm", "layer1")
    assert second.shortcut == (Piece(kind="conv", layer="shortcut", stride=2), Piece(kind="norm"))


def test_a_concatenation_averages_where_the_image_shrinks() -> None:
    spec = net_spec(depth=14, width=4, skip="concat")
    plain, shrinks = anatomies(built(spec), spec)
    assert plain.shortcut == ()
    assert shrinks.shortcut == (Piece(kind="average", stride=2),)


def test_a_deep_network_is_told_in_a_few_pieces() -> None:
    spec = net_spec(depth=302, skip="concat", width=2)
    assert len(anatomies(built(spec), spec)) == 2
