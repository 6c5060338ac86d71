"""First weights: what each initialisation promises, exactly."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from models.families import net_spec
from models.inits import INITS
from models.net import Net
from models.outline import layers
from models.registry import BadNet
from models.skips import SKIPS
from tests.models.nets import CLASSES, IMAGE, made

LEGAL: dict[str, dict[str, Any]] = {"fixup": {"norm": "none"}}


def weights(net: Net) -> dict[str, torch.Tensor]:
    return {layer.name: layer.weighted.weight.detach() for layer in layers(net)}


@pytest.mark.parametrize("init", INITS)
def test_gain_multiplies_every_first_weight(init: str) -> None:
    settings = {"family": "mlp", "depth": 6, **LEGAL.get(init, {})}
    ones = weights(made(**settings, init=init))
    twos = weights(made(**settings, init={"name": init, "gain": 2.0}))
    assert any(weight.any() for weight in ones.values())
    for name, weight in ones.items():
        assert torch.equal(twos[name], 2 * weight), name


@pytest.mark.parametrize("init", ["he", "zero-gamma"])
def test_he_may_keep_the_gradients_size_instead(init: str) -> None:
    net = made(
        family="convnet", depth=8, width=64, init={"name": init, "fan": "out"}, example=(3, 4, 4)
    )
    stem = net.stem.layer.weight
    expected = 2 / (64 * 9)  # from 3 channels to 64: the fan-in is 27
    assert stem.var().item() == pytest.approx(expected, rel=5 * math.sqrt(2 / stem.numel()))


@pytest.mark.parametrize("family", ["mlp", "convnet"])
def test_orthogonal_weights_are_rotations(family: str) -> None:
    net = made(family=family, depth=8, init={"name": "orthogonal", "gain": 1.5})
    for name, weight in weights(net).items():
        rows = weight.flatten(1).double()
        short = rows if len(rows) <= rows.shape[1] else rows.T
        identity = 1.5**2 * torch.eye(len(short), dtype=torch.float64)
        torch.testing.assert_close(short @ short.T, identity, msg=name, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("norm", ["none", "scalar"])
@pytest.mark.parametrize("family", ["mlp", "convnet"])
def test_fixup_starts_at_zero_logits(family: str, norm: str) -> None:
    net = made(family=family, depth=20, norm=norm, init="fixup")
    logits = net(torch.randn(5, *IMAGE))
    assert not logits.any()
    loss = F.cross_entropy(logits, torch.arange(5) % CLASSES)
    assert loss.item() == pytest.approx(math.log(CLASSES))


@pytest.mark.parametrize(("branch", "m"), [("basic", 2), ("triple", 3)])
def test_fixup_makes_branches_smaller_the_more_there_are(branch: str, m: int) -> None:
    blocks = 4
    settings: dict[str, Any] = {
        "family": "mlp",
        "branch": branch,
        "depth": 2 + m * blocks,
        "norm": "none",
    }
    he, fixup = (weights(made(**settings, init=init)) for init in ("he", "fixup"))
    assert torch.equal(he["stem"], fixup["stem"])
    assert not fixup["head"].any()
    for n in range(1, blocks + 1):
        for layer in range(1, m):
            name = f"block{n}.layer{layer}"
            torch.testing.assert_close(fixup[name], he[name] * blocks ** (-1 / (2 * m - 2)))
        assert not fixup[f"block{n}.layer{m}"].any()


@pytest.mark.parametrize("norm", ["batch", "layer", "group", "rms", "dyt"])
@pytest.mark.parametrize("family", ["mlp", "convnet"])
def test_zero_gamma_makes_a_block_the_identity_bit_for_bit(family: str, norm: str) -> None:
    net = made(family=family, depth=8, norm=norm, init="zero-gamma")
    block = net.blocks[0]  # the only one of a convnet that changes no shape
    x = torch.randn(5, 8, *IMAGE[1:] if family == "convnet" else ()).relu()
    assert torch.equal(block(x), x)


def test_zero_gamma_spares_every_other_norm() -> None:
    net = made(depth=14, downsample="project", init="zero-gamma")
    zeros = {name for name, p in net.named_parameters() if name.endswith(".weight") and not p.any()}
    assert zeros == {f"block{n}.branch.norm2.weight" for n in range(1, 7)}


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"init": "fixup"}, "norm"),
        ({"init": "fixup", "norm": "none", "skip": "none"}, "skip"),
        ({"init": "fixup", "norm": "none", "skip": "rezero"}, "skip"),
        (
            {"init": "fixup", "norm": "none", "placement": "activation-before-addition"},
            "placement",
        ),
        ({"init": "zero-gamma", "norm": "none"}, "norm"),
        ({"init": "zero-gamma", "norm": "scalar"}, "norm"),
        ({"init": "zero-gamma", "placement": "pre-activation"}, "placement"),
        ({"init": "zero-gamma", "skip": "none"}, "skip"),
    ],
)
def test_what_an_initialisation_needs_is_asked_for(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(BadNet) as refused:
        net_spec(depth=8, **settings)
    assert refused.value.field == "init"
    assert f"allowed with {field}: " in refused.value.allowed


@pytest.mark.parametrize("init", INITS)
def test_a_plain_twin_is_legal_and_keeps_what_both_have(init: str) -> None:
    spec = net_spec(depth=8, init={"name": init, "gain": 0.5}, **LEGAL.get(init, {}))
    twin = replace(spec, skip=SKIPS["none"].choose()).fitted()
    assert not twin.unmet()
    assert twin.init.name == ("he" if init in ("fixup", "zero-gamma") else init)
    assert twin.plain()["init"]["gain"] == 0.5
    assert replace(twin, skip=spec.skip, init=spec.init) == spec  # and nothing else differs
