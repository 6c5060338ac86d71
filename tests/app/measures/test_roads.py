"""What goes back through shortcut and branch, against a network cut where they part."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from models.branches import PLACEMENTS
from models.skips import ADDING, SKIPS
from tests.app.measures.walk import branch_of, case, opened, rejoined, shared

CASES: list[dict[str, Any]] = [
    {"skip": skip, "placement": placement, **family}
    for skip in ADDING
    for placement in PLACEMENTS
    for family in (
        {"family": "mlp", "depth": 8, "width": 6},
        {"family": "convnet", "depth": 8, "width": 4},
    )
]
EXTRA: list[dict[str, Any]] = [
    {"depth": 8, "width": 4, "tail": "stochastic-depth"},
    {"depth": 8, "width": 4, "tail": "squeeze-excitation"},
    {"depth": 8, "width": 4, "downsample": "project", "skip": "rezero"},
    {"depth": 11, "width": 4, "branch": "bottleneck", "placement": "pre-activation"},
]


def name(settings: dict[str, Any]) -> str:
    return " ".join(str(value) for value in settings.values())


@pytest.mark.parametrize("settings", [*CASES, *EXTRA], ids=name)
def test_both_roads_add_up_to_the_gradient_at_the_block_s_input(settings: dict[str, Any]) -> None:
    looked = case(**settings)
    look = looked.look()
    values = looked.taking(look)
    stream = opened(looked.net, looked.x)
    for n, block in enumerate(looked.net.blocks):
        before = shared(block, stream).detach()
        grads = []
        for leaves in ((True, True), (True, False), (False, True)):  # both roads, shortcut, branch
            leaf = before.clone().requires_grad_()
            past, read = (leaf if kept else before for kept in leaves)
            fx = branch_of(block, read)
            loss = looked.finish(rejoined(block, block.skip.reshape(past), fx), n + 1)
            grads.append(torch.autograd.grad(loss, leaf)[0])
        whole, shortcut, branch = grads
        recorded = look.grads[f"{block.name}.shortcut"], look.grads[f"{block.name}.branch"]
        assert recorded[0] is not None
        assert recorded[1] is not None
        close = {"rtol": 1e-9, "atol": 1e-12 * whole.abs().max().item()}
        torch.testing.assert_close(recorded[0] + recorded[1], whole, **close)
        torch.testing.assert_close(recorded[0], shortcut, **close)
        torch.testing.assert_close(recorded[1], branch, **close)
        assert values["shortcut_grad"][n] == pytest.approx(shortcut.norm().item(), rel=1e-9)
        assert values["branch_grad"][n] == pytest.approx(branch.norm().item(), rel=1e-9)
        share = (branch * whole).sum() / (whole * whole).sum()
        assert values["branch_share"][n] == pytest.approx(share.item(), rel=1e-9, abs=1e-9)
        stream = block(stream)


def test_the_shares_of_branch_and_shortcut_are_one_together() -> None:
    looked = case(depth=8, width=4)
    look = looked.look()
    places = [block.name for block in looked.net.blocks]
    other = {
        f"{place}.{kind}": look.grads[f"{place}.{swapped}"]
        for place in places
        for kind, swapped in (("branch", "shortcut"), ("shortcut", "branch"))
    }
    share = looked.taking(look)["branch_share"]
    look.grads.update(other)  # type: ignore[attr-defined]
    assert [
        a + b for a, b in zip(share, looked.taking(look)["branch_share"], strict=True)
    ] == pytest.approx([1.0] * len(places))


def test_a_share_is_right_at_any_size() -> None:
    looked = case(depth=8, width=4)
    look = looked.look()
    expected = looked.taking(look)["branch_share"]
    small = {
        site: None if grad is None else (grad * 1e-30).float() for site, grad in look.grads.items()
    }
    look.grads.update(small)  # type: ignore[attr-defined]
    assert looked.taking(look)["branch_share"] == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_every_adding_skip_is_held_to_this() -> None:
    assert {settings["skip"] for settings in CASES} == {
        name for name, entry in SKIPS.items() if entry.adds
    }
