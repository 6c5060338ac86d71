"""Zeros told apart of every measure that is a size, against a network where nothing is too small.

Where blocks of ReLUs have neither norms nor biases, what passes each grows with the skip's two
factors. So the same weights are gone through with factors that let it fall below float32's range,
and, in float64, with factors twenty times as large.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch

from app.measures import MEASURES
from app.measures.look import Look
from app.measures.taking import Taking
from app.training.probes import Gradients, gradients
from app.training.task import cross_entropy
from app.training.underflow import Underflow
from models.families import net_spec
from models.net import Net
from models.outline import main_path
from models.spec import NetSpec
from tests.models.nets import built, main

SIZES = [name for name, measure in MEASURES.items() if measure.size]
LESS = 20.0
DEAD = "block7"  # its branch writes nothing at all

X = torch.randn(16, 1, 8, 8, generator=torch.Generator().manual_seed(0))
Y = torch.arange(16) % 10


def residual(factor: float, **settings: object) -> NetSpec:
    skip = {"name": "scaled", "shortcut": factor, "branch": factor / 2}
    plain = {"family": "mlp", "depth": 130, "width": 16, "norm": "none", "init": "he"}
    return net_spec(**plain, skip=skip, **settings)


def made(spec: NetSpec) -> Net:
    net = built(spec)
    with torch.no_grad():
        main_layer = next(one for one in main(net) if one.name == f"{DEAD}.layer2")
        main_layer.weighted.weight.zero_()
    return net


def measured(spec: NetSpec, net: Net) -> tuple[Taking, Gradients, dict[str, list[float]]]:
    """What a step measures of the batch, in the precision of the network."""
    taking = Taking(tuple(SIZES), spec, net)
    params = list(net.parameters())
    found = gradients(net, params, X.to(params[0].dtype), Y, sites=taking.sites)
    weights = {one.name: n for one, n in zip(main(net), main_path(net), strict=True)}
    look = Look(
        net=net,
        signals=found.signals,
        grads=found.sites,
        weights={name: params[n].detach() for name, n in weights.items()},
        weight_grads={name: found.params[n] for name, n in weights.items()},
    )
    return taking, found, taking(look, updated=False)


def zeros(values: Sequence[float]) -> set[int]:
    return {n for n, value in enumerate(values) if value == 0}


@pytest.mark.parametrize("measure", SIZES)
def test_zeros_of_each_size_are_told_apart(measure: str) -> None:
    spec = residual(1 / LESS)
    net = made(spec)
    taking, grads, values = measured(spec, net)
    told = Underflow(net, cross_entropy, taking.all)(list(net.parameters()), (X, Y), grads, values)
    _, _, true = measured(residual(1.0), made(residual(1.0)).double())

    exact = zeros(true[measure])
    assert told is not None
    assert set(told[measure]) == zeros(values[measure]) - exact
    assert len(told[measure]) > 10
    nothing = {"weight_grad", "branch_grad", "branch_norm", "activation_std"}  # without its weights
    assert len(exact) == (1 if measure in nothing else 0)
    if MEASURES[measure].size == "signal":
        for n in told[measure]:
            passed = n * len(net.blocks) // len(true[measure])
            assert true[measure][n] / LESS**passed < 1e-40


@pytest.mark.parametrize("measure", SIZES)
def test_a_size_is_measured_at_one_site(measure: str) -> None:
    """So that what is 0 is one tensor; without a site it is a weight's gradient."""
    entry = MEASURES[measure]
    assert len(entry.sites) == 1 or (entry.at, entry.size) == ("layer", "gradient")


def test_a_size_is_told_whatever_else_is_measured() -> None:
    spec = residual(1 / LESS)
    net = made(spec)
    taking, grads, values = measured(spec, net)
    params = list(net.parameters())
    together = Underflow(net, cross_entropy, taking.all)(params, (X, Y), grads, values)
    assert together is not None
    for one in taking.all:
        name = one.measure.name
        alone = Underflow(net, cross_entropy, [one])(params, (X, Y), grads, {name: values[name]})
        assert alone == {key: together[key] for key in (name, "signal")}


def test_responses_that_are_all_the_same_are_not_too_small() -> None:
    spec = net_spec(family="mlp", depth=8, width=16, skip="none", norm="none")
    net = built(spec)
    layer = next(one for one in main(net) if one.name == "block2.layer1").weighted
    with torch.no_grad():
        layer.weight.zero_()
        assert layer.bias is not None
        layer.bias.fill_(1.0)
    taking, grads, values = measured(spec, net)
    assert 0.0 in values["activation_std"]
    told = Underflow(net, cross_entropy, taking.all)(list(net.parameters()), (X, Y), grads, values)
    assert told is None
