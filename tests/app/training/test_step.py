"""Steps against a loop that PyTorch's users would write."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F

from app.spec import RunSpec
from app.training.loop import order
from app.training.setup import plan, prepare
from app.training.step import Stepper
from tests.app.training.specs import small
from tests.models.nets import main

OPTIMIZERS: list[dict[str, Any]] = [
    {"name": "sgd", "lr": 0.05},
    {"name": "sgd", "lr": 0.02, "momentum": 0.0, "weight_decay": 0.01},
    {"name": "adam", "lr": 0.003},
    {"name": "adam", "lr": 0.003, "beta1": 0.5, "weight_decay": 0.01},
]


def plain_loop(spec: RunSpec, steps: int) -> list[float]:
    """The losses of the same network and batches, trained parameter by parameter."""
    setup = prepare(plan(spec))
    chosen = spec.optimizer.model_dump(exclude={"name", "beta1", "beta2"})
    if spec.optimizer.name == "sgd":
        optimizer: torch.optim.Optimizer = torch.optim.SGD(setup.net.parameters(), **chosen)
    else:
        betas = (spec.optimizer.beta1, spec.optimizer.beta2)
        optimizer = torch.optim.Adam(setup.net.parameters(), betas=betas, **chosen)
    x, y = setup.train[:]
    losses = []
    for _, index in zip(range(steps), order(spec, len(y)), strict=False):
        optimizer.zero_grad()
        loss = F.cross_entropy(setup.net(x[index]), y[index])
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("family", ["mlp", "convnet"])
def test_losses_follow_those_of_a_plain_pytorch_loop(
    optimizer: dict[str, Any], family: str
) -> None:
    depth = {"mlp": 6, "convnet": 8}[family]
    spec = small(net__family=family, net__depth=depth, net__norm="batch", optimizer=optimizer)
    take = Stepper(spec, prepare(plan(spec)))
    ours: list[float | None] = []
    for _, index in zip(range(spec.steps), order(spec, 256), strict=False):
        frame = take(index)
        assert frame is not None
        ours += frame.loss
    assert ours == pytest.approx(plain_loop(spec, spec.steps), rel=2e-3)


def test_the_update_ratio_is_the_step_over_the_weight() -> None:
    spec = small(optimizer={"name": "sgd", "lr": 0.1, "momentum": 0.0, "weight_decay": 0.0})
    setup = prepare(plan(spec))
    sizes = [layer.weighted.weight.norm().item() for layer in main(setup.net)]
    frame = Stepper(spec, setup)(torch.arange(64))
    assert frame is not None
    # Plain SGD's step is the learning rate times the gradient.
    expected = [
        0.1 * g / w
        for g, w in zip(frame.measures["weight_grad"], sizes, strict=True)
        if g is not None
    ]
    assert frame.measures["update_ratio"] == pytest.approx(expected, rel=1e-4)


def test_a_changed_learning_rate_holds_from_the_next_step_on() -> None:
    spec = small(optimizer={"name": "sgd", "lr": 0.1, "momentum": 0.0, "weight_decay": 0.0})
    take = Stepper(spec, prepare(plan(spec)))
    take(torch.arange(64))
    take.change({"optimizer.lr": 1e-30})
    frame = take(torch.arange(64))
    assert frame is not None
    assert frame.lr == 1e-30
    assert (
        frame.measures["update_ratio"] == (0.0,) * spec.net.depth
    )  # float32 weights don't feel 1e-30
