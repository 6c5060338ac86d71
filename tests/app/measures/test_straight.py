"""Every measure against a computation of its own, from hooks and plain numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from app.measures import MEASURES
from models.outline import layers
from models.skips import SKIPS
from tests.app.measures.walk import Case, branch_of, case, opened, rejoined, shared

FAMILIES: list[dict[str, Any]] = [
    {"family": "mlp", "depth": 8, "width": 6},
    {"family": "convnet", "depth": 8, "width": 4},
]
EVERY = [{"skip": skip, **family} for skip in SKIPS for family in FAMILIES]


def name(settings: dict[str, Any]) -> str:
    return f"{settings['skip']} {settings['family']}"


def outputs(looked: Case) -> dict[str, Tensor]:
    """What each part puts out, with its gradient: of a list the newest entry, of copies all."""
    kept: dict[str, Tensor] = {}

    def keep(part: nn.Module, _: object, out: Any) -> None:
        newest = out[-1] if isinstance(out, list) else out
        newest.retain_grad()
        kept[part.name] = newest  # type: ignore[index]

    hooks = [part.register_forward_hook(keep) for part in looked.net.parts]
    looked.net.zero_grad()
    torch.autograd.backward(looked.loss_of(looked.net(looked.x)))
    for hook in hooks:
        hook.remove()
    return kept


def rms(x: Tensor) -> float:
    return float(np.sqrt(np.mean(np.square(x.detach().numpy()))))


@pytest.mark.parametrize("settings", EVERY, ids=name)
def test_what_comes_out_of_each_part(settings: dict[str, Any]) -> None:
    looked = case(**settings)
    values = looked.measured()
    kept = outputs(looked)

    assert values["signal"] == pytest.approx([rms(out) for out in kept.values()], rel=1e-9)
    flows = [
        float(np.linalg.norm(out.grad.numpy())) for out in kept.values() if out.grad is not None
    ]
    assert values["flow"] == pytest.approx(flows, rel=1e-9)


@pytest.mark.parametrize("settings", EVERY, ids=name)
def test_weights_and_their_gradients(settings: dict[str, Any]) -> None:
    looked = case(**settings)
    values = looked.measured()
    outputs(looked)
    grads = [one.weighted.weight.grad for one in layers(looked.net) if one.main]

    sizes = [float(np.linalg.norm(grad.numpy())) for grad in grads if grad is not None]
    assert values["weight_grad"] == pytest.approx(sizes, rel=1e-9)
    assert values["update_ratio"] == pytest.approx([0.5] * len(grads))


@pytest.mark.parametrize("settings", EVERY, ids=name)
def test_what_is_written_and_kept(settings: dict[str, Any]) -> None:
    looked = case(**settings)
    values = looked.measured()
    written, kept, angle = [], [], []
    with torch.no_grad():
        stream = opened(looked.net, looked.x)
        for block in looked.net.blocks:
            read, past = block.skip.read(shared(block, stream))
            fx = branch_of(block, read)
            past = block.skip.reshape(past)
            written.append(rms(fx))
            if block.adds:
                kept.append(rms(past))
                angle.append(mean_cosine(fx, past))
            stream = rejoined(block, past, fx)

    assert values["branch_norm"] == pytest.approx(written, rel=1e-9)
    assert values.get("stream", []) == pytest.approx(kept, rel=1e-9)
    assert values.get("cosine", []) == pytest.approx(angle, rel=1e-9, abs=1e-12)


def mean_cosine(one: Tensor, other: Tensor) -> float:
    angles = []
    for a, b in zip(one.numpy(), other.numpy(), strict=True):
        size = np.sqrt((a * a).sum() * (b * b).sum())
        if size:
            angles.append((a * b).sum() / size)
    return float(np.mean(angles))


@pytest.mark.parametrize("settings", EVERY, ids=name)
def test_each_layer_s_response(settings: dict[str, Any]) -> None:
    """With its norm, since here one follows each layer but the head."""
    looked = case(norm="batch", **settings)
    spread = {}

    def keep(layer: str, out: Tensor) -> None:
        spread[layer] = float(out.detach().numpy().std())

    for part in looked.net.parts:
        for path, module in part.named_modules():
            if path in ("then.norm", "layer") and (path == "layer") == (part.name == "head"):
                module.register_forward_hook(lambda _m, _i, out, at=part.name: keep(at, out))
            if path.startswith("branch.norm"):
                at = f"{part.name}.layer{path[-1]}"
                module.register_forward_hook(lambda _m, _i, out, at=at: keep(at, out))
    values = looked.measured()

    assert values["activation_std"] == pytest.approx(
        [spread[one.name] for one in layers(looked.net) if one.main], rel=1e-9
    )


@pytest.mark.parametrize("settings", FAMILIES, ids=lambda settings: settings["family"])
@pytest.mark.parametrize("skip", ["none", "identity", "concat"])
def test_dead_units(settings: dict[str, Any], skip: str) -> None:
    looked = case(skip=skip, norm="none", **settings)
    with torch.no_grad():  # some units of every block die
        for parameter in looked.net.parameters():
            if parameter.dim() == 1:
                parameter.sub_(torch.linspace(0, 4, len(parameter), dtype=torch.float64))
    kept = outputs(looked)
    expected = []
    for block in looked.net.blocks:
        out = kept[block.name].detach().numpy()
        units = [all(value == 0 for value in out[:, unit].flat) for unit in range(out.shape[1])]
        expected.append(sum(units) / len(units))
    found = looked.measured()["dead"]

    assert found == pytest.approx(expected)
    if skip == "none":
        assert max(found) > 0


@pytest.mark.parametrize("skip", ["rezero", "skipinit", "layerscale"])
def test_learned_scales(skip: str) -> None:
    looked = case(skip=skip, depth=8, width=4)
    named = [
        np.abs(value.detach().numpy()).mean()
        for path, value in looked.net.named_parameters()
        if ".skip." in path and "shortcut" not in path
    ]
    assert looked.measured()["skip_scale"] == pytest.approx([float(one) for one in named])


def test_an_angle_does_not_depend_on_sizes() -> None:
    looked = case(depth=8, width=4)
    look = looked.look()
    expected = looked.taking(look)["cosine"]
    small = {site: (signal * 1e-30).float() for site, signal in look.signals.items()}
    look.signals.update(small)  # type: ignore[attr-defined]
    assert looked.taking(look)["cosine"] == pytest.approx(expected, abs=1e-6)


def test_no_measure_is_left_out() -> None:
    looked = case(skip="rezero", depth=8, width=4)
    assert set(looked.measured()) == set(MEASURES)
