"""Gradients by length of path, against one backward pass in which branches count t times."""

from __future__ import annotations

import math
from copy import deepcopy
from math import comb
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from app.analyses import paths
from app.events import Finding
from app.training.device import one_thread
from app.training.evaluation import Evaluation, known
from app.training.loop import Training
from app.training.setup import Setup
from app.training.task import TASKS
from models.net import Net
from tests.app.analyses.analysed import asked, trained

CONVNET = {"net__family": "convnet", "net__depth": 14, "net__width": 4, "net__norm": "batch"}
MLP = {"net__depth": 10, "net__norm": "batch"}
PRE = {**CONVNET, "net__placement": "pre-activation"}


def found(training: Training, **settings: Any) -> list[dict[str, float | None]]:
    """The results' values, of each length and at last of the whole."""
    findings = [one for one in asked(training, "paths", **settings) if isinstance(one, Finding)]
    assert [one.what for one in findings] == ["length"] * (len(findings) - 1) + ["whole"]
    return [one.values for one in findings if one.values is not None]


def evaluated(training: Training) -> Net:
    """The network in evaluation mode, in float64, with the statistics of its last evaluation."""
    setup = Setup(training.net, TASKS["classification"], training.train, training.test)
    evaluation = Evaluation(setup, 100, known(training.spec, training.train))
    with one_thread():  # as it is analysed
        return deepcopy(evaluation.estimated(0)).double()


def at(net: Net, x: Tensor, y: Tensor, times: float) -> Tensor:
    """The gradient by what the first block reads, where all branches' derivatives count t times.

    A path through k branches then counts t^k times: the gradient is a polynomial in t whose
    coefficients are the gradients by length.
    """

    def count(_: nn.Module, __: object, fx: Tensor) -> Tensor:
        return fx.detach() + times * (fx - fx.detach())

    hooks = [block.branch.register_forward_hook(count) for block in net.blocks]
    read: list[Tensor] = []

    def leaf(_: nn.Module, __: object, out: Tensor) -> Tensor:
        read.append(out.detach().requires_grad_())
        return read[0]

    hooks.append(net.stem.register_forward_hook(leaf))
    loss = nn.functional.cross_entropy(net(x), y)
    for hook in hooks:
        hook.remove()
    return torch.autograd.grad(loss, read[0])[0]


@pytest.mark.parametrize(
    ("skip", "net"),
    [
        ("identity", CONVNET),
        ("identity", PRE),
        ("projection", CONVNET),
        ("rezero", MLP),
        ("scaled", MLP),
    ],
)
def test_each_length_is_a_coefficient_of_the_gradient_in_t(skip: str, net: dict[str, Any]) -> None:
    training = trained(skip, **net)
    *lengths, whole = found(training, examples=20, draws=2)
    count = len(training.net.blocks)
    assert [one["length"] for one in lengths] == list(range(count + 1))
    assert [one["paths"] for one in lengths] == [comb(count, k) for k in range(count + 1)]

    ((x, y),) = training.train.spread(20).chunks(20)
    network = evaluated(training)
    knots = np.cos(np.pi * (np.arange(count + 1) + 0.5) / (count + 1))
    gradients = torch.stack([at(network, x.double(), y, float(t)) for t in knots])
    solved = np.linalg.solve(np.vander(knots, increasing=True), gradients.flatten(1).numpy())
    truth = at(network, x.double(), y, 1).flatten().numpy()
    scale = float(np.linalg.norm(truth))
    assert whole["norm"] == pytest.approx(scale, rel=1e-12)
    assert whole["difference"] is not None
    assert whole["difference"] < 1e-14
    for one, part in zip(lengths, solved, strict=True):
        assert one["norm"] == pytest.approx(np.linalg.norm(part), rel=1e-7, abs=1e-9 * scale)
        assert one["share"] == pytest.approx(part @ truth / (truth @ truth), abs=1e-9)
    assert sum(one["share"] or 0 for one in lengths) == pytest.approx(1, abs=1e-13)


def test_one_path_of_a_length_that_has_one_is_all_of_it() -> None:
    *lengths, _ = found(trained("identity", **CONVNET), draws=3)
    for one in (lengths[0], lengths[-1]):
        assert one["single"] == one["single_least"] == one["single_most"]
        assert one["single"] == pytest.approx(one["norm"], rel=1e-12)
    middle = lengths[len(lengths) // 2]
    single, least, most = (middle[f"single{end}"] for end in ("", "_least", "_most"))
    assert single is not None
    assert least is not None
    assert most is not None
    assert least < single < most


def test_the_single_paths_are_drawn_by_their_seed() -> None:
    training = trained("identity", **CONVNET)
    first, again, other = (found(training, draws=2, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert [one["share"] for one in first[:-1]] == [one["share"] for one in other[:-1]]


def test_examples_that_do_not_fit_together_are_gone_through_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    training = trained("identity", **CONVNET)
    *lengths, whole = found(training, examples=20, draws=2)
    monkeypatch.setattr(paths, "MEMORY", 1)  # one at a time
    *again, other = found(training, examples=20, draws=2)
    for one, two in zip(lengths, again, strict=True):
        assert two == pytest.approx(one, rel=1e-9)
    assert other["norm"] == pytest.approx(whole["norm"], rel=1e-12)


@pytest.mark.parametrize("size", [1e-200, 1e-320, 1.0, 1e200])
def test_norms_are_told_at_any_size(size: float) -> None:
    gradient = torch.full((3, 4), size, dtype=torch.float64)
    assert paths._norm(gradient) == pytest.approx(math.sqrt(12) * size, rel=1e-3)
    assert paths._norm(torch.zeros(3)) == 0


def test_more_paths_than_a_number_can_tell_are_not_told() -> None:
    assert paths._Length(singles={frozenset(): 1.0}).values(600, 1200, 1.0)["paths"] is None


def test_a_plain_network_has_one_path() -> None:
    one, whole = found(trained("none", **MLP))
    assert one["length"] == 4
    assert one["paths"] == 1
    assert one["share"] == pytest.approx(1, abs=1e-14)
    assert one["norm"] == pytest.approx(whole["norm"], rel=1e-14)
    assert one["single"] == one["norm"]


def test_without_a_sum_there_are_no_paths() -> None:
    with pytest.raises(ValueError, match="of: the skip highway adds no branch to a shortcut"):
        found(trained("highway", **MLP))
