"""What a skip has learns: every parameter gets a gradient within ten steps."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from models.net import Net
from models.skips import SKIPS
from tests.models.skips.places import inputs, network

# What has no gradient before the first update, for the reason given.
AT_FIRST = {
    "rezero": "branch",  # is multiplied by 0
    "hyper": "small",  # multiplies tanh(0)
    "mhc": "small",  # multiplies 0
}


def gradients(net: Net, family: str) -> dict[str, torch.Tensor]:
    loss = F.cross_entropy(net(inputs(family, 24)), torch.arange(24) % 3)
    names, parameters = zip(*net.named_parameters(), strict=True)
    return dict(zip(names, torch.autograd.grad(loss, parameters), strict=True))


@pytest.mark.parametrize("norm", ["none", "batch"])
@pytest.mark.parametrize("skip", SKIPS)
@pytest.mark.parametrize("family", ["mlp", "convnet"])
def test_every_parameter_gets_a_finite_gradient_within_ten_steps(
    family: str, skip: str, norm: str
) -> None:
    net = network(family, skip, norm=norm)
    without = {name for name, _ in net.named_parameters()}
    for step in range(1, 11):
        net.noise.step = step
        found = gradients(net, family)
        assert all(gradient.isfinite().all() for gradient in found.values())
        if step == 1:
            late = {name for name, gradient in found.items() if not gradient.any()}
            expected = {name for name in found if AT_FIRST.get(skip, "/") in name}
            assert late == expected
        without -= {name for name, gradient in found.items() if gradient.any()}
        with torch.no_grad():
            for name, parameter in net.named_parameters():
                parameter.sub_(found[name], alpha=0.02)
    assert not without


def test_copies_that_are_alike_do_not_learn_to_mix_at_first() -> None:
    """Rows of mHC's mixing keep their sums, so of equal copies nothing can be moved about."""
    net = network("mlp", "mhc").double()
    loss = F.cross_entropy(net(inputs("mlp").double()), torch.arange(6) % 3)
    biases = [net.get_parameter(f"{block.name}.skip.bias") for block in net.blocks]
    for gradient in torch.autograd.grad(loss, biases):
        torch.testing.assert_close(gradient[8:], torch.zeros(16).double(), atol=1e-12, rtol=0)
        assert gradient[:8].abs().max() > 1e-6
