"""Every branch in every placement, against its formula in one straight line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from models.branches import BRANCHES, PLACEMENTS
from models.build import sketch
from models.families import FAMILIES, net_spec
from models.registry import BadNet, Entry
from models.skips import SKIPS
from models.spec import NetSpec
from tests.models.nets import IMAGE, built, made, shaken

WIDTH = 4
relu = torch.relu

# He et al. 2016, arXiv:1603.05027, section 5: pre-activation bottlenecks on CIFAR-10.
PUBLISHED = {164: 1_703_258, 1001: 10_327_706}


@dataclass
class Line:
    """A network's parameters, taken one after another by its formula."""

    left: Iterator[Tensor]
    dims: tuple[int, ...]  # that a norm goes over

    def layer(self, x: Tensor, stride: int = 1) -> Tensor:
        weight = next(self.left)
        if weight.dim() == 2:
            return x @ weight.T
        return F.conv2d(x, weight, stride=stride, padding=weight.shape[-1] // 2)

    def norm(self, x: Tensor) -> Tensor:
        scale, shift = (
            p.view(-1, *[1] * (len(self.dims) - 1)) for p in (next(self.left), next(self.left))
        )
        mean = x.mean(self.dims, keepdim=True)
        variance = (x - mean).square().mean(self.dims, keepdim=True)
        return (x - mean) / (variance + 1e-5).sqrt() * scale + shift


def shortcut(line: Line, x: Tensor, *, stride: int, changes: bool, normed: bool) -> Tensor:
    """Option B of He et al. 2015: the input, or a 1x1 convolution of it where the shape changes."""
    if not changes:
        return x
    return line.norm(line.layer(x, stride)) if normed else line.layer(x, stride)


def original(
    line: Line, x: Tensor, count: int, stride: int, *, first: bool, changes: bool
) -> Tensor:
    f = x
    for n in range(count - 1):
        f = relu(line.norm(line.layer(f, stride if n == 0 else 1)))
    f = line.norm(line.layer(f, stride if count == 1 else 1))
    return relu(f + shortcut(line, x, stride=stride, changes=changes, normed=True))


def norm_after(
    line: Line, x: Tensor, count: int, stride: int, *, first: bool, changes: bool
) -> Tensor:
    f = x
    for n in range(count - 1):
        f = relu(line.norm(line.layer(f, stride if n == 0 else 1)))
    f = line.layer(f, stride if count == 1 else 1)
    return relu(line.norm(f + shortcut(line, x, stride=stride, changes=changes, normed=True)))


def activation_before(
    line: Line, x: Tensor, count: int, stride: int, *, first: bool, changes: bool
) -> Tensor:
    f = x
    for n in range(count):
        f = relu(line.norm(line.layer(f, stride if n == 0 else 1)))
    return f + shortcut(line, x, stride=stride, changes=changes, normed=True)


def activation_only(
    line: Line, x: Tensor, count: int, stride: int, *, first: bool, changes: bool
) -> Tensor:
    if first or changes:
        x = relu(x)
    f = x
    for n in range(count):
        f = f if n == 0 and (first or changes) else relu(f)
        f = line.norm(line.layer(f, stride if n == 0 else 1))
    return f + shortcut(line, x, stride=stride, changes=changes, normed=False)


def pre_activation(
    line: Line, x: Tensor, count: int, stride: int, *, first: bool, changes: bool
) -> Tensor:
    if first or changes:
        x = relu(line.norm(x))
    f = x
    for n in range(count):
        f = f if n == 0 and (first or changes) else relu(line.norm(f))
        f = line.layer(f, stride if n == 0 else 1)
    return f + shortcut(line, x, stride=stride, changes=changes, normed=False)


Formula = Callable[..., Tensor]
FORMULAS: dict[str, tuple[Formula, Formula, Formula]] = {  # of the stem, a block, and the end
    "original": (lambda line, x: relu(line.norm(x)), original, lambda line, x: x),
    "norm-after-addition": (lambda line, x: relu(line.norm(x)), norm_after, lambda line, x: x),
    "activation-before-addition": (
        lambda line, x: relu(line.norm(x)),
        activation_before,
        lambda line, x: x,
    ),
    "activation-only": (lambda line, x: line.norm(x), activation_only, lambda line, x: relu(x)),
    "pre-activation": (lambda line, x: x, pre_activation, lambda line, x: relu(line.norm(x))),
}


def refused(spec: NetSpec, placement: Entry) -> bool:
    """Whether this network can't have this placement."""
    return any(not need.met(spec.named) for need in placement.needs)


def test_every_placement_has_its_formula() -> None:
    assert FORMULAS.keys() == PLACEMENTS.keys()


@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize(
    ("family", "branch"),
    [
        (family.name, branch.name)
        for family in FAMILIES.values()
        for branch in BRANCHES.values()
        if family.offers(branch)
    ],
)
def test_outputs_and_gradients_are_those_of_the_formula(
    family: str, branch: str, placement: str
) -> None:
    count = BRANCHES[branch].layers
    down: dict[str, Any] = {"downsample": "project"} if family == "convnet" else {}
    net = shaken(
        made(
            family=family,
            depth=2 + 3 * count,
            width=WIDTH,
            branch=branch,
            placement=placement,
            **down,
        )
    )
    x = torch.randn(5, *IMAGE, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    params = list(net.parameters())

    line = Line(iter(params), (0, 2, 3) if family == "convnet" else (0,))
    stem, block, end = FORMULAS[placement]
    out = stem(line, line.layer(x if family == "convnet" else x.flatten(1)))
    for n in range(3):
        stride = 2 if family == "convnet" and n > 0 else 1
        changes = stride > 1 or (branch == "bottleneck" and n == 0)
        out = block(line, out, count, stride, first=n == 0, changes=changes)
    out = end(line, out)
    out = out.mean((2, 3)) if family == "convnet" else out
    expected = line.layer(out) + next(line.left)
    assert next(line.left, None) is None  # the formula took every parameter

    found = net(x)
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-10)
    mine, theirs = (
        torch.autograd.grad(logits.logsumexp(1).sum() + logits[:, 0].sum(), params)
        for logits in (found, expected)
    )
    for a, b in zip(mine, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize(
    ("family", "skip", "placement"),
    [
        (family, skip, placement.name)
        for family in FAMILIES
        for skip in SKIPS
        for placement in PLACEMENTS.values()
        if refused(net_spec(family=family, depth=14, skip=skip), placement)
    ],
)
def test_a_placement_that_a_skip_can_not_have_is_the_original(
    family: str, skip: str, placement: str
) -> None:
    usual = net_spec(family=family, depth=14, width=WIDTH, skip=skip)
    other = replace(usual, placement=PLACEMENTS[placement].choose())
    with pytest.raises(BadNet, match=f"placement: {placement} "):
        net_spec(**other.plain())
    assert other.fitted() == usual
    x = torch.randn(5, *IMAGE, dtype=torch.float64)
    given = (built(spec, example=IMAGE).double()(x) for spec in (usual, other))
    torch.testing.assert_close(*given, rtol=1e-9, atol=1e-9)


def test_plain_networks_have_a_placement_where_it_tells_them_apart() -> None:
    weighed: dict[str, Any] = {"skip": "none", "tail": "squeeze-excitation", "depth": 14}
    allowed = [
        name
        for name, placement in PLACEMENTS.items()
        if not refused(net_spec(**weighed), placement)
    ]
    x = torch.randn(5, *IMAGE)
    outputs = {name: made(**weighed, placement=name)(x) for name in allowed}
    assert list(outputs) == [name for name in PLACEMENTS if name != "activation-only"]
    for name in ("norm-after-addition", "activation-before-addition"):
        assert not torch.allclose(outputs[name], outputs["original"], rtol=1e-2)


@pytest.mark.parametrize("depth", PUBLISHED)
def test_pre_activation_bottlenecks_have_the_published_number_of_parameters(depth: int) -> None:
    spec = net_spec(
        depth=depth,
        width=16,
        branch="bottleneck",
        placement="pre-activation",
        downsample="project",
    )
    net = sketch(spec, (3, 32, 32), 10)
    assert sum(p.numel() for p in net.parameters()) == PUBLISHED[depth]
