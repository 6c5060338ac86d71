"""What each skip adds to the parameters, by formula; and how large it lets the stream grow."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

import pytest
import torch

from models.families import net_spec
from models.net import Net
from models.registry import BadNet
from models.skips.skip import Skip
from tests.models.skips.places import network, place, skip

WIDTHS = {"mlp": [4] * 6, "convnet": [4, 4, 8, 8, 16, 16]}  # that blocks 1 to 6 give
INSIDE = {"mlp": [4] * 6, "convnet": [4, 4, 4, 8, 8, 16]}  # that they get
HELD = {"mlp": [1, 2, 3, 4, 5, 6, 7], "convnet": [1, 2, 3, 2, 3, 2, 3]}  # entries read; the head's


def count(net: Net) -> int:
    return sum(p.numel() for p in net.parameters())


EXTRA: dict[str, Callable[[str], int]] = {
    "scaled": lambda family: 0,
    "dropout": lambda family: 0,
    "exclusive-gate": lambda family: sum(c * c + c for c in WIDTHS[family]),
    "shortcut-gate": lambda family: sum(c * c + c for c in WIDTHS[family]),
    "highway": lambda family: sum(c * c * (9 if family == "convnet" else 1) + c
                                  for c in WIDTHS[family]),
    "rezero": lambda family: 6,
    "skipinit": lambda family: 6,
    "layerscale": lambda family: sum(WIDTHS[family]),
    "dense-average": lambda family: sum(n for n in HELD[family] if n > 1),
    "attention": lambda family: sum(
        c for c, n in zip([*INSIDE[family], WIDTHS[family][-1]], HELD[family], strict=True) if n > 1
    ),
    "hyper": lambda family: sum(4 * 6 + c * 6 + 2 for c in INSIDE[family]),
    "mhc": lambda family: sum((4 * c + 1) * (4 + 4 + 16) + 3 for c in INSIDE[family]),
}  # fmt: skip


@pytest.mark.parametrize("name", EXTRA)
@pytest.mark.parametrize("family", ["mlp", "convnet"])
def test_a_skip_adds_the_parameters_of_its_formula(family: str, name: str) -> None:
    assert count(network(family, name)) - count(network(family, "none")) == EXTRA[name](family)


@pytest.mark.parametrize("norm", ["none", "batch"])
def test_concatenation_has_the_parameters_of_its_formula(norm: str) -> None:
    own = 1 if norm == "none" else 2  # a bias, or scale and shift
    vectors = (7 + own) * 4 + sum((4 * n + own) * 4 + (4 + own) * 4 for n in range(1, 7))
    assert count(network("mlp", "concat", norm=norm)) == vectors + (7 * 4 + 1) * 3
    images, reads = (2 * 9 + own) * 4, 4
    for c in WIDTHS["convnet"]:
        images += (reads * 9 + own) * c + (c * 9 + own) * c
        reads += c
    assert count(network("convnet", "concat", norm=norm)) == images + (reads + 1) * 3


def stream(name: str, seed: int, branch: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
           **values: Any) -> float:  # fmt: skip
    """The mean square of what the head reads behind 64 blocks, of a stream that starts at 1."""
    width, blocks = 128, 64
    draws = torch.Generator().manual_seed(seed)
    skips: list[Skip] = [skip(name, place(n, blocks, width), **values) for n in range(1, 65)]
    state = skips[0].open(torch.randn(32, width, generator=draws))
    for one in skips:
        read, past = one.read(state)
        weight = torch.randn(width, width, generator=draws) / sqrt(width)
        state = one.write(one.reshape(past), branch(read, weight))
    return skips[-1].close(state).detach().double().square().mean().item()


def linear(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return x @ weight


def normed(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return x / x.square().mean(1, keepdim=True).sqrt() @ weight


@pytest.mark.parametrize(
    ("name", "branch", "values", "theory"),
    [
        ("identity", normed, {}, 65),
        ("identity", linear, {}, 2**64),
        ("scaled", linear, {}, (1 + 1 / 64) ** 64),  # 2.70
        ("skipinit", linear, {}, (1 + 1 / 64) ** 64),
        ("rezero", linear, {}, 1),
        ("attention", normed, {}, 1 / 65),
        ("dense-average", normed, {}, 65),
        ("hyper", normed, {}, 65),
        ("mhc", normed, {}, 65),
    ],
)
def test_the_streams_size_behind_64_blocks_is_that_of_theory(
    name: str,
    branch: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    values: dict[str, Any],
    theory: float,
) -> None:
    sizes = torch.tensor([stream(name, seed, branch, **values) for seed in range(20)])
    error = sizes.std().item() / sqrt(20)
    assert sizes.mean().item() == pytest.approx(theory, abs=3 * error)
    assert error < 0.25 * theory


@pytest.mark.parametrize(("family", "deepest"), [("mlp", 1024), ("convnet", 1202)])
def test_every_skip_can_be_had_at_every_depth(family: str, deepest: int) -> None:
    for name in EXTRA:
        assert net_spec(family=family, depth=deepest, skip=name).skip.name == name


@pytest.mark.parametrize("family", ["mlp", "convnet"])
def test_copies_of_one_number_are_not_normalised_by_themselves(family: str) -> None:
    """The norm of a single number is 0, and what it is multiplied by would never learn."""
    with pytest.raises(BadNet, match="skip: would normalise single numbers; allowed: a width of 2"):
        network(family, "hyper", width=1)
    network(family, "hyper", width=2)
    network(family, "mhc", width=1)
