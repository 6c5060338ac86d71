"""What can be changed of a network while it trains."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
import torch
from torch import Tensor

from models.net import Net
from models.registry import Parameter, parameters
from models.skips import ADDING
from models.spec import NetSpec
from tests.models.nets import IMAGE, made

SHAPE: dict[str, dict[str, Any]] = {
    "mlp": {"depth": 8, "width": 6},
    "convnet": {"depth": 8, "width": 4},
}


def answers(net: Net) -> tuple[Tensor, ...]:
    """What it gives to some examples while it trains, and the gradients of all its weights."""
    x = torch.randn(5, *IMAGE, generator=torch.Generator().manual_seed(1))
    logits = net(x)
    grads = torch.autograd.grad(logits.square().sum(), list(net.parameters()), allow_unused=True)
    return (logits, *(grad for grad in grads if grad is not None))


def same(one: Net, other: Net) -> bool:
    """Whether they answer alike, bit for bit."""
    pairs = zip(answers(one), answers(other), strict=True)
    return all(ours.equal(theirs) for ours, theirs in pairs)


def live() -> list[Any]:
    """Every live parameter of a choice: which choice, its entry, its name, and what it takes."""
    return [
        pytest.param(choice, entry.name, name, what, id=f"{choice}.{entry.name}.{name}")
        for choice, _, parameter in parameters(NetSpec)
        for entry in (parameter.registry or {}).values()
        for name, _, what in parameters(entry.parameters)
        if what.live
    ]


@pytest.mark.parametrize("family", SHAPE)
@pytest.mark.parametrize(("choice", "entry", "name", "what"), live())
def test_a_changed_parameter_is_that_of_a_network_built_with_it(
    family: str, choice: str, entry: str, name: str, what: Parameter
) -> None:
    low, high = (what.minimum + share * (what.maximum - what.minimum) for share in (0.3, 0.8))
    first, second = (
        made(**{"family": family, **SHAPE[family], choice: {"name": entry, name: value}})
        for value in (low, high)
    )
    assert not same(first, second)
    first.change(f"{choice}.{name}", high)
    assert same(first, second)


@pytest.mark.parametrize("family", SHAPE)
@pytest.mark.parametrize("strength", [0.0, 0.3, 1.0])
def test_a_strength_is_a_constant_factor_of_the_shortcut(family: str, strength: float) -> None:
    net = made(family=family, **SHAPE[family], skip="identity")
    net.change("skip.strength", strength)
    scaled = {"name": "scaled", "shortcut": strength, "branch": 1.0}
    assert same(net, made(family=family, **SHAPE[family], skip=scaled))


@pytest.mark.parametrize("skip", ADDING)
def test_a_strength_of_1_changes_nothing_and_any_other_does(skip: str) -> None:
    net, other = (made(**SHAPE["convnet"], skip=skip) for _ in range(2))
    other.change("skip.strength", 0.5)
    assert not same(net, other)
    other.change("skip.strength", 1.0)
    assert same(net, other)


def test_of_one_block_no_other_is_weakened() -> None:
    net, weak = (made(**SHAPE["convnet"]) for _ in range(2))
    weak.change("skip.strength.block2", 0.5)
    x = torch.randn(5, *IMAGE)
    kept = []
    for one in (net, weak):
        with one.sites.recording(("kept", "written")) as seen:
            one(x)
        kept.append(seen)
    assert kept[1]["block1.kept"].equal(kept[0]["block1.kept"])
    assert kept[1]["block2.kept"].equal(0.5 * kept[0]["block2.kept"])
    assert kept[1]["block2.written"].equal(kept[0]["block2.written"])
    assert [block.skip.live["strength"] for block in weak.blocks] == [1, 0.5, 1]


def test_a_copy_goes_with_the_network() -> None:
    net = made(**SHAPE["mlp"], family="mlp")
    copy = deepcopy(net)
    net.change("skip.strength", 0.25)
    assert same(net, copy)
