"""Batch-norm statistics of the weights as they are."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from app.training.precise_norm import PreciseNorm
from app.training.setup import plan, prepare
from tests.app.training.specs import small


@pytest.mark.parametrize(
    "values",
    [
        {"net__tail": {"name": "stochastic-depth", "survival": 0.1}},
        {"net__skip": {"name": "dropout", "rate": 0.9}},
    ],
)
def test_statistics_are_estimated_of_the_network_as_a_test_asks_it(values: dict[str, Any]) -> None:
    spec = small(net__family="convnet", net__depth=8, net__width=4, net__norm="batch", **values)
    setup = prepare(plan(spec))
    precise = PreciseNorm(setup.net, setup.train.first(64))
    for _ in precise.estimate():
        pass
    x = setup.train[:64][0]
    with torch.no_grad():
        whole = precise.net.stem(x)
        out = precise.net.blocks[0](whole)  # in evaluation mode: nothing is left out by chance
    norm = precise.net.get_submodule("block2.branch.norm1")
    layer = precise.net.get_submodule("block2.branch.layer1")
    with torch.no_grad():
        expected = layer(out).mean((0, 2, 3))
    # A test divides by the unbiased variance, of 4,096 values: hence not to the last digit.
    torch.testing.assert_close(norm.running_mean, expected, rtol=5e-3, atol=1e-3)
    assert not any(module.training for module in precise.net.modules())
