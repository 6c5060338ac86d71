"""Every choice with every other that it may go with: such networks are built, and learn."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from models.families import FAMILIES, ConvNetSpec, net_spec
from models.net import Net
from models.registry import Entry, Need, parameters
from models.skips import SKIPS
from tests.models.nets import CLASSES, built

Case = dict[str, str]  # the name of each field's choice

EXAMPLE = (2, 4, 4)
WIDTH = 8
BATCH = 6
STEPS = 10

REGISTRIES: dict[str, Mapping[str, Entry]] = {
    "family": FAMILIES,
    **{
        name: parameter.registry
        for name, _, parameter in parameters(ConvNetSpec)
        if parameter.registry is not None
    },
}
LEFT_OUT = ("downsample", "error")  # no network, but PyTorch's words on why
VALUES = {
    field: [name for name in entries if (field, name) != LEFT_OUT]
    for field, entries in REGISTRIES.items()
}
USUAL = {field: net_spec().named(field) for field in REGISTRIES}


def needs(field: str, name: str) -> tuple[Need, ...]:
    own = REGISTRIES[field][name].needs
    if field == "downsample":  # no field of the other families
        return (Need("family", ("convnet",), ""), *own)
    return own


def possible(case: Case) -> bool:
    """Whether these choices may meet; what ``case`` leaves open may still be what they need."""
    return all(
        case.get(need.field, need.names[0]) in need.names
        or any(case.get(field, names[0]) in names for field, names in need.unless.items())
        for field, name in case.items()
        for need in needs(field, name)
    )


MEET = {
    frozenset(((f, a), (g, b)))
    for f, g in combinations(VALUES, 2)
    for a in VALUES[f]
    for b in VALUES[g]
    if possible({f: a, g: b})
}


def pairs(case: Case) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(pair) for pair in combinations(case.items(), 2)}


def completed(case: Case, wanted: Collection[frozenset[tuple[str, str]]] = ()) -> Case | None:
    """A legal case with these choices and, greedily, many wanted pairs; None: there is none."""
    left = [field for field in VALUES if field not in case]
    if case.get("family", "convnet") != "convnet":
        left.remove("downsample")
    if not left:
        return case
    new = {
        value: [frozenset(((left[0], value), chosen)) for chosen in case.items()]
        for value in VALUES[left[0]]
    }
    fits = [value for value in new if possible({**case, left[0]: value})]
    for value in sorted(fits, key=lambda value: -sum(pair in wanted for pair in new[value])):
        if (whole := completed({**case, left[0]: value}, wanted)) is not None:
            return whole
    return None


def cases() -> Iterator[Case]:
    """Few cases in which every pair that may meet does."""
    wanted = dict.fromkeys(sorted(MEET, key=sorted))
    while wanted:
        pair = next(iter(wanted))
        if (case := completed(dict(pair), wanted)) is not None:
            yield {field: case[field] for field in VALUES if field in case}
            for met in pairs(case):
                wanted.pop(met, None)
        wanted.pop(pair, None)


ALL = list(cases())


def settings(case: Case) -> dict[str, Any]:
    family = FAMILIES[case["family"]]
    step = family.depths(case["branch"]).step
    depth = 2 + (step if family.stages > 1 else 3 * step)
    return {"depth": depth, "width": WIDTH, **case}


def data() -> tuple[Tensor, Tensor]:
    draws = torch.Generator().manual_seed(1)
    return torch.randn(BATCH, *EXAMPLE, generator=draws), torch.arange(BATCH) % CLASSES


def learned(net: Net) -> set[str]:
    """The parameters that had a gradient within a few steps of training."""
    x, y = data()
    named = dict(net.named_parameters())
    had: set[str] = set()
    for net.noise.step in range(1, STEPS + 1):
        grads = torch.autograd.grad(
            F.cross_entropy(net(x), y), list(named.values()), allow_unused=True
        )
        for (name, parameter), grad in zip(named.items(), grads, strict=True):
            if grad is not None:
                assert grad.isfinite().all(), name
                had |= {name} if grad.any() else set()
                parameter.data.sub_(0.02 * grad)
        if had == named.keys():
            break
    return had


def test_no_pair_of_choices_is_left_out() -> None:
    met = set().union(*map(pairs, ALL))
    assert met <= MEET
    assert all(completed(dict(pair)) is None for pair in MEET - met)


@pytest.mark.parametrize("case", ALL, ids=lambda case: "/".join(case.values()))
def test_a_network_learns_with_all_that_it_has_and_its_twin_is_legal(case: Case) -> None:
    spec = net_spec(**settings(case))
    net = built(spec, example=EXAMPLE, classes=CLASSES)
    assert all(p.isfinite().all() for p in net.parameters())
    assert dict(net.named_parameters()).keys() - learned(net) == set()

    twin = replace(spec, skip=SKIPS["none"].choose()).fitted()
    assert net_spec(**twin.plain()) == twin


@cache
def trace(case: tuple[tuple[str, str], ...]) -> dict[str, Tensor]:
    """A network's weights, and what passes its blocks while it trains."""
    net = built(net_spec(**settings(dict(case))), example=EXAMPLE, classes=CLASSES)
    with torch.no_grad():
        for parameter in net.parameters():  # off the start, where some choices are the same
            parameter.add_(0.01)
    net.noise.step = 1
    with net.sites.recording(("out",)) as passed:
        net(data()[0])
    return {**net.state_dict(), **passed}


def swaps() -> Iterator[tuple[str, Case, Case]]:
    """Each two choices of one field in the same network, where there is one that may have both."""
    for field in VALUES:
        for one, other in combinations(VALUES[field], 2):
            for case in (USUAL, *ALL):
                twins = {**case, field: one}, {**case, field: other}
                if field != "family" and all(map(possible, twins)):
                    yield field, *twins
                    break


SWAPS = list(swaps())


def test_every_choice_is_held_against_another() -> None:
    held = {(field, case[field]) for field, *twins in SWAPS for case in twins}
    assert held == {(f, a) for f, names in VALUES.items() if f != "family" for a in names}


@pytest.mark.parametrize(
    ("field", "one", "other"), SWAPS, ids=[f"{one[f]}/{other[f]}" for f, one, other in SWAPS]
)
def test_no_two_choices_are_the_same_network(field: str, one: Case, other: Case) -> None:
    first, second = (trace(tuple(case.items())) for case in (one, other))
    assert first.keys() != second.keys() or any(
        not torch.equal(value, second[name]) for name, value in first.items()
    )
