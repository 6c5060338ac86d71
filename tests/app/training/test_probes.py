"""What is measured against independent ways to the same number."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from app.measures.norms import norms, rounded
from app.training.probes import gradients, wrong
from models.build import build
from models.families import net_spec
from models.net import Net
from models.outline import main_path
from models.spec import NetSpec
from tests.models.nets import main

SPECS = [
    net_spec(family="mlp", depth=10, width=12, norm="none", init="default"),
    net_spec(family="mlp", depth=10, width=12, skip="none"),
    net_spec(depth=14, width=4, skip="none"),
    net_spec(depth=14, width=4, downsample="project"),
    net_spec(depth=14, width=4, skip="projection", activation="tanh"),
]


def made(spec: NetSpec) -> tuple[Net, Tensor, Tensor]:
    """The network in float64, and a batch of 32 images with their labels."""
    draws = torch.Generator().manual_seed(0)
    net = build(spec, (1, 8, 8), 10, lambda name: draws).double()
    x = torch.randn(32, 1, 8, 8, generator=draws, dtype=torch.float64)
    return net, x, torch.randint(10, (32,), generator=draws)


def by_cutting(net: Net, cut: int, x: Tensor, y: Tensor) -> Tensor:
    """The loss's gradient by the output of part ``cut``, which is made a leaf of its own."""
    for part in net.parts[: cut + 1]:
        x = part(x)
    leaf = x.detach().requires_grad_()
    out = leaf
    for part in net.parts[cut + 1 :]:
        out = part(out)
    (grad,) = torch.autograd.grad(F.cross_entropy(out, y), leaf)
    return grad


@pytest.mark.parametrize("spec", SPECS)
def test_flow_is_the_gradient_of_a_network_cut_at_that_output(spec: NetSpec) -> None:
    net, x, y = made(spec)
    flow = norms(gradients(net, list(net.parameters()), x, y).outputs)
    expected = [by_cutting(net, cut, x, y).norm().item() for cut in range(len(net.parts))]
    assert flow == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("spec", SPECS)
def test_weight_gradients_are_those_of_a_backward_pass(spec: NetSpec) -> None:
    net, x, y = made(spec)
    measured = gradients(net, list(net.parameters()), x, y)
    torch.autograd.backward(F.cross_entropy(net(x), y))
    weights = [layer.weighted.weight for layer in main(net)]
    expected = [weight.grad.norm().item() for weight in weights if weight.grad is not None]
    assert norms([measured.params[n] for n in main_path(net)]) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("magnitude", [1e-37, 1e-30, 1e-19, 1e-12, 1.0, 1e15, 1e19, 1e30])
def test_a_norm_is_right_at_any_magnitude_that_float32_holds(magnitude: float) -> None:
    tensor = torch.tensor([3 * magnitude, 4 * magnitude])
    assert norms([tensor]) == pytest.approx([5 * magnitude], rel=1e-6)


def test_a_norm_of_nothing_but_zeros_is_exactly_zero() -> None:
    assert norms([torch.zeros(7), torch.full((3,), 1e-30)]) == pytest.approx(
        [0, 3**0.5 * 1e-30], rel=1e-6, abs=0
    )


def test_a_norm_of_what_is_not_finite_is_not_finite() -> None:
    infinite, nan = norms([torch.tensor([1.0, torch.inf]), torch.tensor([torch.nan])])
    assert infinite == torch.inf
    assert nan != nan


def test_seven_digits_are_kept() -> None:
    assert rounded([1 / 3, 2e-30 / 3, 0.0, 123456789.0]) == (
        0.3333333,
        6.666667e-31,
        0.0,
        123456800.0,
    )
    assert rounded([]) == ()


def test_no_answer_is_a_wrong_one() -> None:
    logits = torch.tensor([[0.0, 1.0], [1.0, 0.0], [torch.nan, torch.nan], [torch.inf, 0.0]])
    assert wrong(logits, torch.tensor([1, 1, 0, 0])).tolist() == [False, True, True, True]
