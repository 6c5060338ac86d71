"""First weights: their statistics, and that twins share them."""

from math import sqrt

import pytest
import torch
from torch import nn

from models.build import build, draw
from models.net import Net
from models.spec import NetSpec


def made(spec: NetSpec, seed: int = 0) -> Net:
    example = (1, 8, 8)
    return build(spec, example, 10, torch.Generator().manual_seed(seed))


def branch_weights(net: Net) -> list[torch.Tensor]:
    return [layer.weighted.weight for layer in net.layers() if not layer.on_shortcut]


@pytest.mark.parametrize("family", ["mlp", "convnet"])
@pytest.mark.parametrize("init", ["he", "xavier", "default"])
@pytest.mark.parametrize("norm", ["none", "batch"])
def test_twins_have_bit_identical_branch_weights(family: str, init: str, norm: str) -> None:
    plain, *others = (
        branch_weights(
            made(NetSpec(family=family, depth=14, skip=skip, downsample=down, init=init, norm=norm))
        )
        for skip, down in (
            ("none", "pad"),
            ("identity", "pad"),
            ("identity", "project"),
            ("projection", "pad"),
        )
    )
    for other in others:
        assert all(torch.equal(a, b) for a, b in zip(plain, other, strict=True))


def test_another_seed_gives_other_weights() -> None:
    first, second = (branch_weights(made(NetSpec(depth=8), seed)) for seed in (0, 1))
    assert not any(torch.equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("layer", [nn.Linear(200, 300), nn.Conv2d(32, 48, 3)])
@pytest.mark.parametrize("init", ["he", "xavier", "default"])
def test_weights_have_the_variance_of_their_source(layer: nn.Linear | nn.Conv2d, init: str) -> None:
    draw_under_test = torch.Generator().manual_seed(0)
    with torch.no_grad():
        draw(layer, init, draw_under_test)
    fan_in = 200 if isinstance(layer, nn.Linear) else 32 * 9
    fan_out = 300 if isinstance(layer, nn.Linear) else 48 * 9
    variance = {
        "he": 2 / fan_in,
        "xavier": 2 / (fan_in + fan_out),
        "default": 1 / (3 * fan_in),
    }[init]
    # The sample variance of n normal draws has a relative standard error of sqrt(2 / n).
    tolerance = 4 * sqrt(2 / layer.weight.numel())
    assert layer.weight.var().item() == pytest.approx(variance, rel=tolerance)
    assert abs(layer.weight.mean().item()) < 4 * sqrt(variance / layer.weight.numel())


@pytest.mark.parametrize("layer", [nn.Linear(20, 30), nn.Conv2d(3, 4, 3)])
def test_default_weights_keep_within_the_bound_of_pytorchs_own(
    layer: nn.Linear | nn.Conv2d,
) -> None:
    own = max(float(p.detach().abs().max()) for p in layer.parameters())
    with torch.no_grad():
        draw(layer, "default", torch.Generator().manual_seed(1))
    ours = max(float(p.detach().abs().max()) for p in layer.parameters())
    limit = 1 / sqrt(layer.weight[0].numel())
    assert limit * 0.8 < own <= limit
    assert limit * 0.8 < ours <= limit


def test_building_leaves_torchs_global_generator_alone() -> None:
    before = torch.random.get_rng_state()
    made(NetSpec(depth=8))
    assert torch.equal(torch.random.get_rng_state(), before)
