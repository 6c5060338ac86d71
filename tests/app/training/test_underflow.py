"""Zeros told apart, against gradients that are renormalised at every part of the network."""

from collections.abc import Mapping, Sequence
from typing import Literal

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from app.events import Frame
from app.measures import MEASURES
from app.measures.norms import norms
from app.measures.taking import Taken
from app.training.describe import describe
from app.training.loop import train
from app.training.probes import gradients
from app.training.task import Loss, cross_entropy
from app.training.underflow import Underflow
from models.build import build
from models.families import net_spec
from models.net import Net
from models.outline import main_path
from models.spec import NetSpec
from tests.app.training.specs import small
from tests.models.nets import main
from tests.models.nets import outputs as outputs_of

SMALLEST = 2.0**-150  # float32 rounds this, and all that is less, to 0


def deep(depth: int = 128, init: str = "default") -> NetSpec:
    """A plain stack without normalisation."""
    return net_spec(family="mlp", depth=depth, width=16, skip="none", norm="none", init=init)


def made(spec: NetSpec) -> tuple[Net, Tensor, Tensor]:
    """The network, and a batch of 16 images with their labels."""
    draws = torch.Generator().manual_seed(0)
    net = build(spec, (1, 8, 8), 10, lambda name: draws)
    return net, torch.randn(16, 1, 8, 8, generator=draws), torch.arange(16) % 10


def gradients_of(net: Net) -> list[Taken]:
    """The measures that runs take unless told otherwise."""
    parts, layers = ([one.name for one in of] for of in (net.parts, main(net)))
    return [
        Taken(MEASURES["flow"], tuple(parts)),
        Taken(MEASURES["weight_grad"], tuple(layers)),
    ]


def told(
    net: Net, x: Tensor, y: Tensor, loss: Loss = cross_entropy
) -> tuple[list[float], Mapping[str, tuple[int, ...]]]:
    """The flow in float32, and which places are said to have underflowed, by this loss."""
    params = list(net.parameters())
    grads = gradients(net, params, x, y)
    flow, weights = norms(grads.outputs), norms([grads.params[n] for n in main_path(net)])
    looked = Underflow(net, loss, gradients_of(net))
    return flow, looked(params, (x, y), grads, {"flow": flow, "weight_grad": weights}) or {}


def is_exactly_zero(net: Net, x: Tensor, y: Tensor) -> list[bool]:
    """Of each part's output, whether the loss does not depend on it at all.

    A chain rule by hand: in float64, one part after another, and the gradient made a unit vector
    again at each, so that nothing can become too small.
    """
    net = net.double()
    outputs = [output.detach().requires_grad_() for output in outputs_of(net, x.double())]
    (grad,) = torch.autograd.grad(F.cross_entropy(outputs[-1], y), outputs[-1])
    found = [grad]
    for before, part in zip(outputs[-2::-1], net.parts[:0:-1], strict=True):
        size = grad.norm()
        unit = grad / size if size else grad
        (grad,) = torch.autograd.grad(part(before), before, unit)
        found.append(grad)
    return [not grad.any() for grad in reversed(found)]


def zeros(flow: Sequence[float | None]) -> tuple[int, ...]:
    return places([norm == 0 for norm in flow])


def places(marked: list[bool]) -> tuple[int, ...]:
    return tuple(n for n, mark in enumerate(marked) if mark)


@pytest.mark.parametrize("depth", [128, 1024])
def test_what_is_too_small_for_float32_is_told_at_any_depth(depth: int) -> None:
    """At 1,024 layers the gradient at the stem is some 1e-430, too small for float64 as well."""
    net, x, y = made(deep(depth))
    flow, small_ones = told(net, x, y)

    assert len(zeros(flow)) > depth / 16
    assert not any(is_exactly_zero(net, x, y))
    assert small_ones["flow"] == zeros(flow)
    assert "signal" not in small_ones


@pytest.mark.parametrize("norm", ["none", "batch"])
def test_behind_a_dead_relu_the_gradient_is_exactly_zero(norm: str) -> None:
    net, x, y = made(net_spec(family="mlp", depth=12, width=16, skip="none", norm=norm))
    kill(net, "block3")
    flow, small_ones = told(net, x, y)

    assert zeros(flow) == places(is_exactly_zero(net, x, y)) != ()
    assert small_ones == {}


def test_both_kinds_are_told_apart_in_one_network() -> None:
    net, x, y = made(deep())
    kill(net, "block4")
    flow, small_ones = told(net, x, y)

    exact = places(is_exactly_zero(net, x, y))
    assert exact == (0, 1, 2, 3)
    assert exact + small_ones["flow"] == zeros(flow)


def test_a_gradient_that_leaves_float64_on_its_way_proves_nothing() -> None:
    """Behind a dead ReLU a weight's gradient is 0 times what comes back: no number, if infinite."""

    def through_infinity(
        outputs: Tensor, y: Tensor, reduction: Literal["mean", "sum"] = "mean"
    ) -> Tensor:
        return cross_entropy(outputs, y, reduction) * 1e-100 * 1e100

    net, x, y = made(deep())
    kill(net, "block4")
    small_ones = told(net, x, y)[1]
    assert small_ones["weight_grad"]
    assert told(net, x, y, through_infinity)[1] == small_ones


def test_zeros_that_went_away_are_looked_at_again_when_they_come_back() -> None:
    net, x, y = made(deep())
    params = list(net.parameters())
    grads = gradients(net, params, x, y)
    looked = Underflow(net, cross_entropy, gradients_of(net))
    zero: dict[str, list[float]] = {"flow": norms(grads.outputs)}
    none: dict[str, list[float]] = {"flow": [1.0 for _ in grads.outputs]}
    assert looked(params, (x, y), grads, zero)
    assert looked(params, (x, y), grads, none) is None
    kill(net, "block63")  # from here on they are exact
    assert looked(params, (x, y), grads, zero) is None


def kill(net: Net, name: str) -> None:
    """Make all units of a block's output negative before its ReLU, whatever comes in."""
    biases = [
        bias
        for path, bias in net.get_submodule(f"{name}.branch").named_parameters()
        if path.endswith("bias")
    ]
    with torch.no_grad():
        biases[-1].fill_(-1e3)


def test_a_signal_that_becomes_too_small_on_its_way_forward_is_told() -> None:
    net, x, y = made(deep(512, "xavier"))
    flow, small_ones = told(net, x, y)

    signals = [output.abs().max().item() for output in outputs_of(net.double(), x.double())]
    assert small_ones["signal"] == tuple(n for n, s in enumerate(signals) if s < SMALLEST)
    assert len(small_ones["signal"]) > 100
    assert small_ones["flow"] == zeros(flow)


def test_one_example_that_gets_a_gradient_is_enough() -> None:
    """All but the last example of the batch are dead at the first block: the last proves it."""
    net, x, y = made(deep())
    x[:-1] = 0
    with torch.no_grad():
        net.stem.layer.get_parameter("bias").fill_(-1.0)
        net.stem.layer.weight.abs_()
    x[-1] = 10
    flow, small_ones = told(net, x, y)

    assert not any(is_exactly_zero(net, x, y))
    assert small_ones["flow"] == zeros(flow)


def test_where_nothing_is_zero_nothing_is_said() -> None:
    net, x, y = made(net_spec(family="mlp", depth=12, width=16))
    assert told(net, x, y)[1] == {}


def test_frames_and_step_zero_say_it() -> None:
    spec = small(net__depth=128, net__skip="none", net__init="default", steps=2)
    frames = [event for event in train(spec) if isinstance(event, Frame)]

    for frame in frames:
        assert frame.underflowed
        assert frame.underflowed["flow"] == zeros(frame.measures["flow"])
    assert (
        describe(spec)["measured"]["underflowed"]
        == frames[0].model_dump(mode="json")["underflowed"]
    )
