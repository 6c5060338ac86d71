"""What is done to a branch's output, against the papers' equations."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from models.families import net_spec
from models.net import Block, Net
from models.outline import layers
from models.registry import BadNet
from models.skips import SKIPS
from tests.models.nets import IMAGE, made, shaken

DROPPING = {"name": "stochastic-depth", "survival": 0.4}
BLOCKS = 4


def net_of_four() -> Net:
    return made(family="mlp", depth=2 + 2 * BLOCKS, norm="none", tail=DROPPING)


def branch(block: Block, x: torch.Tensor) -> torch.Tensor:
    fx: torch.Tensor = block.branch(x)
    return fx


def test_a_test_multiplies_each_branch_by_its_survival() -> None:
    net = net_of_four().eval()
    x = torch.randn(5, 8).relu()
    for l, block in enumerate(net.blocks, 1):  # noqa: E741
        survival = 1 - l / BLOCKS * (1 - 0.4)
        torch.testing.assert_close(block(x), (x + survival * branch(block, x)).relu())


def test_a_step_takes_a_branch_as_often_as_it_survives_or_not_at_all() -> None:
    net, steps = net_of_four(), 2000
    x = torch.randn(5, 8).relu()
    taken = [0] * BLOCKS
    for net.noise.step in range(steps):
        for n, block in enumerate(net.blocks):
            out = block(x)
            dropped = torch.equal(out, x)
            assert dropped or torch.equal(out, (x + branch(block, x)).relu())
            taken[n] += not dropped
    for n, count in enumerate(taken):
        survival = 1 - (n + 1) / BLOCKS * (1 - 0.4)
        error = (survival * (1 - survival) / steps) ** 0.5
        assert abs(count / steps - survival) < 4 * error


def test_what_is_left_out_depends_on_seed_and_step_alone() -> None:
    x = torch.randn(5, *IMAGE)
    first, second = net_of_four(), net_of_four()
    for net in (first, second):
        net.noise.seed = 7
    second(x)
    second.noise.step = 1
    one, other = [], []
    for step in range(1, 9):
        first.noise.step = second.noise.step = step
        one.append(first(x))
        second(x)
        other.append(second(x))  # taken twice
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert any(not torch.equal(a, one[0]) for a in one[1:])


def test_a_branch_that_is_left_out_has_no_gradient() -> None:
    net = made(family="mlp", depth=4, norm="none", tail={**DROPPING, "survival": 0.001})
    x = torch.randn(5, *IMAGE)
    weight = net.blocks[0].branch.get_parameter("layer1.weight")
    (grad,) = torch.autograd.grad(net(x).sum(), [weight], allow_unused=True)
    assert grad is None


def test_squeeze_and_excitation_weighs_channels_by_their_means() -> None:
    tail = {"name": "squeeze-excitation", "reduction": 2}
    net = shaken(made(depth=8, norm="none", tail=tail))
    block = net.blocks[0]
    x = torch.randn(5, 8, 8, 8, dtype=torch.float64).relu()
    fx = branch(block, x)
    p = dict(net.named_parameters(prefix=""))
    w1, b1, w2, b2 = (
        p[f"block1.tail.{name}"]
        for name in ("reduce.weight", "reduce.bias", "expand.weight", "expand.bias")
    )
    assert w1.shape == (4, 8)
    expected = fx.clone()
    for example in range(5):
        z = torch.stack([fx[example, channel].mean() for channel in range(8)])
        s = 1 / (1 + (-(w2 @ (w1 @ z + b1).clamp(min=0) + b2)).exp())
        for channel in range(8):
            expected[example, channel] = s[channel] * fx[example, channel]
    torch.testing.assert_close(block(x), (x + expected).relu())


def test_its_layers_are_beside_the_main_path() -> None:
    net = made(depth=8, tail="squeeze-excitation")
    beside = [layer for layer in layers(net) if not layer.main]
    assert {layer.kind for layer in beside} == {"excitation"}
    assert [layer.name for layer in beside[:2]] == ["block1.tail.reduce", "block1.tail.expand"]
    assert [tuple(layer.weighted.weight.shape) for layer in beside[:2]] == [(4, 8), (8, 4)]
    assert sum(layer.params for layer in layers(net)) == sum(p.numel() for p in net.parameters())


def test_what_a_tail_needs_is_asked_for() -> None:
    with pytest.raises(BadNet, match="allowed with skip"):
        net_spec(skip="none", tail="stochastic-depth")
    with pytest.raises(BadNet, match="allowed with family: convnet"):
        net_spec(family="mlp", tail="squeeze-excitation")


def test_a_plain_twin_has_no_stochastic_depth() -> None:
    spec = net_spec(tail="stochastic-depth")
    assert replace(spec, skip=SKIPS["none"].choose()).fitted() == net_spec(skip="none")
