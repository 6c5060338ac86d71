"""Choices that are refused since they would change nothing do change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
import torch

from models.families import FAMILIES, net_spec, stored_net
from models.norms import NORMS
from models.registry import BadNet, parameters
from models.skips import SKIPS
from models.spec import NetSpec
from tests.models.nets import built


def refused() -> Iterator[NetSpec]:
    """Every network with one choice that has no effect, over all skips and two norms."""
    for family, skip, norm in product(FAMILIES, SKIPS, ("none", "batch")):
        usual = net_spec(family=family, depth=8, width=4, skip=skip, norm=norm)
        for name, _, parameter in parameters(type(usual)):
            for entry in (parameter.registry or {}).values():
                chosen: dict[str, Any] = {name: entry.choose()}
                spec = replace(usual, **chosen)
                unmet = [need for field, need in spec.unmet() if field == name]
                if any(need.same for need in unmet):
                    yield spec


CASES = list(refused())


def said(spec: NetSpec) -> str:
    return "-".join(spec.named(name) for name in ("family", "skip", "norm", "placement"))


@pytest.mark.parametrize("spec", CASES, ids=said)
def test_a_network_is_the_same_without_a_choice_that_has_no_effect(spec: NetSpec) -> None:
    x = torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    effective = spec.effective()
    with pytest.raises(BadNet, match=r"would change nothing|is the same as"):
        net_spec(**spec.plain())
    assert stored_net(spec.plain()) == effective == net_spec(**effective.plain())
    assert torch.equal(built(spec)(x), built(effective)(x))


def test_each_kind_of_choice_without_effect_is_among_them() -> None:
    changed = {
        (name, spec.named(name))
        for spec in CASES
        for name, _, _ in parameters(type(spec))
        if getattr(spec, name) != getattr(spec.effective(), name)
    }
    assert len(changed) > 5
    assert {name for name, _ in changed} == {"placement", "downsample"}


def test_what_fits_nowhere_is_refused_of_stored_settings_too() -> None:
    with pytest.raises(BadNet, match="needs a norm with a scale"):
        stored_net({"norm": "none", "init": "zero-gamma"})


def test_settings_that_have_an_effect_stay_as_they_are() -> None:
    for norm in NORMS:
        spec = net_spec(norm=norm)
        assert stored_net(spec.plain()) == spec
