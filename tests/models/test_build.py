"""First weights: their statistics, and that twins share them."""

from math import sqrt
from typing import Any
from unittest.mock import patch

import pytest
import torch
from torch import Tensor, nn

from models.build import build
from models.families import net_spec
from models.inits import INITS
from models.layers import Weighted
from models.net import Net
from models.outline import Layer
from models.skips.identity import Identity
from tests.models.nets import built, main


def branch_weights(net: Net) -> list[Tensor]:
    return [layer.weighted.weight for layer in main(net)]


@pytest.mark.parametrize("family", ["mlp", "convnet"])
@pytest.mark.parametrize("init", ["he", "xavier", "default"])
@pytest.mark.parametrize("norm", ["none", "batch"])
def test_twins_have_bit_identical_branch_weights(family: str, init: str, norm: str) -> None:
    choices: list[dict[str, Any]] = [{"skip": skip} for skip in ("none", "identity", "projection")]
    if family == "convnet":
        choices.append({"skip": "identity", "downsample": "project"})
    plain, *others = (
        branch_weights(built(net_spec(family=family, depth=14, init=init, norm=norm, **choice)))
        for choice in choices
    )
    for other in others:
        assert all(torch.equal(a, b) for a, b in zip(plain, other, strict=True))


def test_another_seed_gives_other_weights() -> None:
    first, second = (branch_weights(built(net_spec(depth=8), seed=seed)) for seed in (0, 1))
    assert not any(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def filled(weighted: Weighted, init: str, seed: int = 0) -> Weighted:
    """The layer with this initialisation's weights."""
    draws = torch.Generator().manual_seed(seed)
    layer = Layer("block1.layer1", "block1", "linear", weighted, (), 1, 2)
    with torch.no_grad():
        INITS[init].load()(INITS[init].choose(), layer, built(net_spec(depth=8)), lambda _: draws)
    return weighted


@pytest.mark.parametrize("layer", [nn.Linear(200, 300), nn.Conv2d(32, 48, 3)])
@pytest.mark.parametrize("init", ["he", "xavier", "default"])
def test_weights_have_the_variance_of_their_source(layer: Weighted, init: str) -> None:
    filled(layer, init)
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
def test_default_weights_keep_within_the_bound_of_pytorchs_own(layer: Weighted) -> None:
    own = max(float(p.detach().abs().max()) for p in layer.parameters())
    filled(layer, "default", seed=1)
    ours = max(float(p.detach().abs().max()) for p in layer.parameters())
    limit = 1 / sqrt(layer.weight[0].numel())
    assert limit * 0.8 < own <= limit
    assert limit * 0.8 < ours <= limit


def test_a_parameter_that_nobody_initialised_is_an_error() -> None:
    """Never old memory, which may look like a weight."""
    before = Identity.__init__

    def with_one_more(self: Identity, *given: Any) -> None:
        before(self, *given)
        self.strength = nn.Parameter(torch.empty(()))

    with (
        patch.object(Identity, "__init__", with_one_more),
        pytest.raises(AssertionError, match=r"without a first value: block1\.skip\.strength"),
    ):
        built(net_spec(depth=8))


def test_a_parameter_is_asked_for_by_its_name() -> None:
    draws, asked = torch.Generator(), []

    def by_name(name: str) -> torch.Generator:
        asked.append(name)
        return draws

    net = build(net_spec(depth=8, skip="projection", init="default"), (1, 8, 8), 10, by_name)

    drawn = {f"{layer.name}.weight" for layer in main(net)}
    assert drawn <= set(asked)
    assert len(set(asked)) == len(asked)


def test_building_leaves_torchs_global_generator_alone() -> None:
    before = torch.random.get_rng_state()
    built(net_spec(depth=8))
    assert torch.equal(torch.random.get_rng_state(), before)
