"""Gates and dropout: their limits, and what they are on average."""

from __future__ import annotations

from math import sqrt

import pytest
import torch

from models.noise import Noise
from tests.models.skips.places import network, place, skip

X, FX = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", ["exclusive-gate", "highway"])
@pytest.mark.parametrize("bias", [-12.0, -6.0, -2.0, 0.0, 3.0, 12.0])
def test_a_gate_shares_out_between_shortcut_and_branch(name: str, bias: float) -> None:
    """The more negative its bias, the more it carries: He et al. 2016, section 3.1."""
    made = skip(name, place(1, 2), bias=bias)
    share = 1 / (1 + torch.exp(torch.tensor(-bias)))
    torch.testing.assert_close(made.write(X, FX), (1 - share) * X + share * FX)
    near = X if bias == -12 else FX
    if abs(bias) == 12:
        torch.testing.assert_close(made.write(X, FX), near, atol=1e-4, rtol=0)


@pytest.mark.parametrize(("bias", "kept"), [(-12.0, 1.0), (0.0, 0.5), (12.0, 0.0)])
def test_the_shortcut_only_gate_lets_the_branch_through(bias: float, kept: float) -> None:
    made = skip("shortcut-gate", place(1, 2), bias=bias)
    torch.testing.assert_close(made.write(X, FX), kept * X + FX, atol=1e-4, rtol=0)


@pytest.mark.parametrize("name", ["exclusive-gate", "shortcut-gate", "highway"])
@pytest.mark.parametrize("init", ["he", "default"])
def test_the_bias_is_the_skips_own_and_the_weight_the_initialisations(name: str, init: str) -> None:
    net = network("convnet", {"name": name, "bias": -4.0}, init=init)
    for block in net.blocks:
        bias = net.get_parameter(f"{block.name}.skip.gate.bias")
        weight = net.get_parameter(f"{block.name}.skip.gate.weight")
        assert set(bias.tolist()) == {-4.0}
        assert len(set(weight.flatten().tolist())) > 1
        size = 3 if name == "highway" else 1
        assert weight.shape[2:] == (size, size)


def dropped(rate: float, noise: Noise, index: int = 1) -> torch.Tensor:
    """By what dropout multiplies each of 40,000 values of the shortcut."""
    at = place(index, 2)
    made = skip("dropout", at, rate=rate)
    at.noise.seed, at.noise.step = noise.seed, noise.step
    ones = torch.ones(200, 200)
    factors: torch.Tensor = made.write(ones, torch.zeros_like(ones))
    return factors


def at(seed: int, step: int) -> Noise:
    noise = Noise()
    noise.seed, noise.step = seed, step
    return noise


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_mean_of_the_shortcut(rate: float) -> None:
    factors = dropped(rate, at(0, 1))
    assert sorted(set(factors.flatten().tolist())) == pytest.approx([0, 1 / (1 - rate)])
    error = sqrt(rate / (1 - rate) / factors.numel())  # of a mean of Bernoulli / (1 - rate)
    assert factors.mean().item() == pytest.approx(1, abs=3 * error)


def test_dropout_draws_anew_for_each_run_step_and_block_and_can_be_repeated() -> None:
    draws = [
        dropped(0.5, at(seed, step), index)
        for seed in (0, 1)
        for step in (1, 2)
        for index in (1, 2)
    ]
    for n, one in enumerate(draws):
        for other in draws[:n]:
            agree = (one == other).double().mean().item()
            assert agree == pytest.approx(0.5, abs=3 * 0.5 / 200)
    assert torch.equal(draws[0], dropped(0.5, at(0, 1)))


def test_dropout_is_the_same_in_single_and_double_precision() -> None:
    made = skip("dropout", place(1, 2))
    torch.testing.assert_close(made.write(X, FX).double(), made.write(X.double(), FX.double()))


def test_dropout_adds_the_shortcut_as_it_is_in_evaluation_and_at_rate_zero() -> None:
    assert torch.equal(skip("dropout", place(1, 2)).eval().write(X, FX), X + FX)
    assert torch.equal(skip("dropout", place(1, 2), rate=0.0).write(X, FX), X + FX)


def test_dropout_leaves_torchs_own_random_numbers_alone() -> None:
    before = torch.random.get_rng_state()
    skip("dropout", place(1, 2)).write(X, FX)
    assert torch.equal(torch.random.get_rng_state(), before)
