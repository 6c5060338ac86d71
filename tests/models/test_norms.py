"""Each norm and each activation against torch's own, or against its formula."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.activations import ACTIVATIONS
from models.families import net_spec
from models.layers import Layers
from models.norms import NORMS
from models.registry import BadNet, Choice
from tests.models.nets import made, shaken

WIDTH, GROUPS = 6, 3
DRAWS = torch.Generator().manual_seed(0)
SHAPES = {"vectors": (5, WIDTH), "images": (5, WIDTH, 4, 3)}


def chosen(name: str, **values: Any) -> Choice:
    return NORMS[name].choose(**values)


def module(choice: Choice, shape: tuple[int, ...]) -> nn.Module:
    """A network's norm in float64, with a scale and a shift that are not those of the start."""
    layers = Layers(images=len(shape) == 4, norms=choice, activations=ACTIVATIONS["relu"].choose())
    norm = layers.norm(WIDTH)
    assert norm is not None
    norm = norm.double()
    with torch.no_grad():
        for parameter in norm.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=DRAWS, dtype=torch.float64))
    return norm


def by_channel(values: Tensor, x: Tensor) -> Tensor:
    return values.view(-1, *[1] * (x.dim() - 2))


def standard(x: Tensor, dims: tuple[int, ...]) -> Tensor:
    variance, mean = torch.var_mean(x, dims, correction=0, keepdim=True)
    return (x - mean) / (variance + 1e-5).sqrt()


def every(x: Tensor) -> tuple[int, ...]:
    return tuple(range(1, x.dim()))


def batch(x: Tensor, p: dict[str, Tensor]) -> Tensor:
    dims = (0, *range(2, x.dim()))
    return standard(x, dims) * by_channel(p["weight"], x) + by_channel(p["bias"], x)


def layer(x: Tensor, p: dict[str, Tensor]) -> Tensor:
    return standard(x, every(x)) * by_channel(p["weight"], x) + by_channel(p["bias"], x)


def group(x: Tensor, p: dict[str, Tensor]) -> Tensor:
    parts = [standard(part, every(x)) for part in torch.split(x, WIDTH // GROUPS, 1)]
    return torch.cat(parts, 1) * by_channel(p["weight"], x) + by_channel(p["bias"], x)


def rms(x: Tensor, p: dict[str, Tensor]) -> Tensor:
    size = (x.square().mean(every(x), keepdim=True) + 1e-5).sqrt()
    return x / size * by_channel(p["weight"], x)


def dyt(x: Tensor, p: dict[str, Tensor]) -> Tensor:
    return by_channel(p["weight"], x) * (p["alpha"] * x).tanh() + by_channel(p["bias"], x)


def scalar(x: Tensor, p: dict[str, Tensor]) -> Tensor:
    return x + p["bias"]


FORMULAS: dict[str, Callable[[Tensor, dict[str, Tensor]], Tensor]] = {
    "batch": batch,
    "layer": layer,
    "group": group,
    "rms": rms,
    "dyt": dyt,
    "scalar": scalar,
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("name", [name for name in NORMS if name != "none"])
def test_a_norm_is_its_formula(name: str, shape: tuple[int, ...]) -> None:
    choice = chosen(name, groups=GROUPS) if name == "group" else chosen(name)
    norm = module(choice, shape)
    x = 2 + 3 * torch.randn(shape, generator=DRAWS, dtype=torch.float64)
    expected = FORMULAS[name](x, dict(norm.named_parameters()))
    torch.testing.assert_close(norm(x), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("name", [name for name in NORMS if name != "none"])
def test_a_norm_does_what_its_entry_says(name: str, shape: tuple[int, ...]) -> None:
    choice = chosen(name, groups=GROUPS) if name == "group" else chosen(name)
    norm, entry = module(choice, shape), NORMS[name]
    x = torch.randn(shape, generator=DRAWS, dtype=torch.float64)
    parameters = dict(norm.named_parameters())
    with torch.no_grad():
        alone = norm(torch.cat((x[:2], 5 + x[2:])))[:2]
        assert entry.ties == (not torch.allclose(alone, norm(x)[:2]))
        before = norm(x)
        if entry.shifts:
            parameters["bias"].add_(1)
            torch.testing.assert_close(norm(x), before + 1)
            parameters["bias"].zero_()
        if entry.scales:
            assert parameters["weight"].shape == (WIDTH,)
            parameters["weight"].zero_()
            assert not norm(x).any()
    assert entry.shifts == ("bias" in parameters)
    assert entry.scales == ("weight" in parameters)


def test_a_layer_has_a_bias_where_no_norm_brings_one() -> None:
    for name, entry in NORMS.items():
        net = made(family="mlp", depth=4, norm=name)
        biases = [key for key in net.state_dict() if key.endswith("layer1.bias")]
        assert bool(biases) != entry.shifts, name


def test_dynamic_tanh_starts_with_the_alpha_that_was_asked() -> None:
    for start in (0.5, 2.0):
        norm = {"name": "dyt", "start": start}
        net = made(family="mlp", depth=4, norm=norm)
        assert net.stem.get_parameter("then.norm.alpha").item() == start


def test_scalars_stand_where_fixup_has_them() -> None:
    """One added before each layer and each activation of a branch, and one that multiplies."""
    net = shaken(made(family="mlp", depth=4, width=WIDTH, norm="scalar"))
    block = net.blocks[0]
    p = {name: value.detach() for name, value in block.branch.named_parameters()}
    x = torch.randn(5, WIDTH, generator=DRAWS, dtype=torch.float64).relu()
    f = torch.relu((x + p["bias1.bias"]) @ p["layer1.weight"].T + p["norm1.bias"])
    f = (f + p["bias2.bias"]) @ p["layer2.weight"].T * p["scale2.scale"] + p["norm2.bias"]
    after = block.after
    assert after is not None
    torch.testing.assert_close(block(x), torch.relu(x + f))
    assert {name for name, one in p.items() if one.numel() == 1} == {
        "bias1.bias",
        "norm1.bias",
        "bias2.bias",
        "scale2.scale",
        "norm2.bias",
    }


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"width": 6, "norm": {"name": "group", "groups": 4}}, "norm.groups"),
        ({"family": "mlp", "width": 4, "norm": {"name": "group", "groups": 4}}, "norm.groups"),
        ({"family": "mlp", "width": 1, "norm": "layer"}, "norm"),
        ({"family": "mlp", "width": 1, "norm": "rms"}, "norm"),
    ],
)
def test_a_norm_that_can_not_be_is_refused(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(BadNet) as refused:
        net_spec(**{"depth": 8, **settings})
    assert refused.value.field == field


def test_the_divisors_of_the_width_are_named() -> None:
    with pytest.raises(BadNet, match="allowed for 6: 2, 3, 6"):
        net_spec(width=6, norm={"name": "group", "groups": 5})


def gelu(x: Tensor) -> Tensor:
    return x * (1 + torch.erf(x / math.sqrt(2))) / 2


CURVES: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": lambda x: x.clamp(min=0),
    "leaky-relu": lambda x: torch.where(x > 0, x, 0.2 * x),
    "gelu": gelu,
    "silu": lambda x: x / (1 + (-x).exp()),
    "tanh": lambda x: (x.exp() - (-x).exp()) / (x.exp() + (-x).exp()),
    "sigmoid": lambda x: 1 / (1 + (-x).exp()),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_its_formula_and_leaves_its_input_alone(name: str) -> None:
    values = {"slope": 0.2} if name == "leaky-relu" else {}
    choice = ACTIVATIONS[name].choose(**values)
    layers = Layers(images=False, norms=NORMS["none"].choose(), activations=choice)
    x = torch.linspace(-5, 5, 101, dtype=torch.float64)
    kept = x.clone()
    torch.testing.assert_close(layers.activation()(x), CURVES[name](kept))
    assert torch.equal(x, kept)


def test_images_are_normalised_as_torchs_own_layer_norm_over_channels_and_pixels() -> None:
    norm = module(chosen("layer"), SHAPES["images"])
    x = torch.randn(SHAPES["images"], generator=DRAWS, dtype=torch.float64)
    p = {name: value.view(-1, 1, 1) for name, value in norm.named_parameters()}
    expected = F.layer_norm(x, x.shape[1:]) * p["weight"] + p["bias"]
    torch.testing.assert_close(norm(x), expected)
