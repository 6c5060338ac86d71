"""The baseline trains the same networks as Depthscope: it must not win by doing less."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from benchmarks import bare
from benchmarks.bare_skips import SkipNet
from models.families import net_spec
from models.spec import NetSpec
from tests.models.nets import built, shaken

PAIRS = [
    (net_spec(depth=20, skip="identity"), lambda: bare.ConvNet(20, 8, residual=True)),
    (net_spec(depth=20, skip="none"), lambda: bare.ConvNet(20, 8, residual=False)),
    (
        net_spec(family="mlp", depth=16, width=32, skip="identity"),
        lambda: bare.MLP(16, 32, residual=True),
    ),
    (
        net_spec(family="mlp", depth=16, width=32, skip="none"),
        lambda: bare.MLP(16, 32, residual=False),
    ),
]


@pytest.mark.parametrize(("spec", "make"), PAIRS)
def test_with_the_same_weights_both_compute_the_same(
    spec: NetSpec, make: Callable[[], nn.Module]
) -> None:
    ours = built(spec)
    theirs = make()
    with torch.no_grad():
        for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            other.copy_(mine)
    x = torch.randn(16, 1, 8, 8, generator=torch.Generator().manual_seed(1))

    torch.testing.assert_close(theirs(x), ours(x))


SKIPS = {
    **{skip: net_spec(depth=14, skip=skip) for skip in ("rezero", "highway", "concat", "hyper")},
    "pre-activation": net_spec(depth=14, placement="pre-activation"),
}


@pytest.mark.parametrize("skip", SKIPS)
def test_other_skips_compute_the_same(skip: str) -> None:
    ours = shaken(built(SKIPS[skip]))
    theirs = SkipNet(skip, 14, 8).double()
    left = list(theirs.parameters())
    with torch.no_grad():
        for mine in ours.parameters():  # the same order among those of one shape
            other = next(one for one in left if one.shape == mine.shape)
            left = [one for one in left if one is not other]
            other.copy_(mine)
    assert not left
    x = torch.randn(16, 1, 8, 8, generator=torch.Generator().manual_seed(1), dtype=torch.float64)

    torch.testing.assert_close(theirs(x), ours(x))


def test_both_steps_and_evaluations_do_what_they_say() -> None:
    torch.manual_seed(0)
    train, test = bare.digits()
    net = bare.ConvNet(8, 8, residual=True)
    before = bare.evaluate(net, train, test)

    training = bare.steps(net, train, lr=0.05)
    losses = [next(training) for _ in range(22)]  # an epoch

    after = bare.evaluate(net, train, test)
    assert losses[-1] < losses[0]
    assert after["train_error"] < 0.2 < before["train_error"]
