"""Choices that are refused since they would change nothing do change nothing."""

from __future__ import annotations

import pytest
import torch

from models.families import net_spec, stored_net
from models.norms import NORMS
from models.registry import BadNet, parameters
from models.spec import NetSpec
from tests.models.ineffective import CASES, said
from tests.models.nets import built


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
