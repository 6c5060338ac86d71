"""Every skip against its formula written out: answers and gradients in float64."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from models.build import build
from models.families import net_spec
from models.net import Net
from models.skips import DOWNSAMPLING, SKIPS
from tests.models.skips import straight

SETTINGS: dict[str, Any] = {"scaled": {"name": "scaled", "shortcut": 0.5}}
EXAMPLES = {"mlp": (7,), "convnet": (2, 9, 6)}  # odd and even sizes
SKIPPED = [name for name in SKIPS if name != "projection"]


def randomised(family: str, skip: str, **settings: Any) -> Net:
    """A network in float64 of which every parameter is random."""
    spec = net_spec(
        family=family,
        depth=14,
        width=3,
        skip=SETTINGS.get(skip, skip),
        norm="none",
        **settings,
    )
    draws = torch.Generator().manual_seed(0)
    net = build(spec, EXAMPLES[family], 3, lambda name: draws).double()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.normal_(0, 0.2, generator=draws)
    return net


CASES = [
    *(("mlp", {}, skip) for skip in SKIPPED),
    *(("convnet", {"downsample": "pad"}, skip) for skip in SKIPPED),
    *(("convnet", {"downsample": "project"}, skip) for skip in SKIPPED if skip in DOWNSAMPLING),
]


@pytest.mark.parametrize(("family", "settings", "skip"), CASES)
def test_a_skip_is_its_formula_forward_and_back(
    family: str, settings: dict[str, Any], skip: str
) -> None:
    net = randomised(family, skip, **settings).eval()
    x = torch.randn(5, *EXAMPLES[family], dtype=torch.float64, requires_grad=True)
    answers = torch.randn(5, 3, dtype=torch.float64)
    names, parameters = zip(*net.named_parameters(), strict=True)

    ours = net(x)
    formula = straight.logits(skip, dict(zip(names, parameters, strict=True)), x)
    torch.testing.assert_close(ours, formula, rtol=1e-10, atol=1e-10)

    gradients = [
        torch.autograd.grad((logits * answers).sum(), [x, *parameters], allow_unused=True)
        for logits in (ours, formula)
    ]
    for name, mine, theirs in zip(("input", *names), *gradients, strict=True):
        assert mine is not None, name
        torch.testing.assert_close(mine, theirs, rtol=1e-8, atol=1e-9, msg=f"{name} of {skip}")


@pytest.mark.parametrize("skip", SKIPPED)
@pytest.mark.parametrize("family", ["mlp", "convnet"])
def test_what_the_branches_read_does_not_depend_on_the_batch(family: str, skip: str) -> None:
    net = randomised(family, skip).eval()
    x = torch.randn(4, *EXAMPLES[family], dtype=torch.float64)
    torch.testing.assert_close(net(x)[:2], net(x[:2]))


@pytest.mark.parametrize("skip", SKIPS)
@pytest.mark.parametrize("family", ["mlp", "convnet"])
def test_the_stream_has_the_shapes_that_are_told_and_its_channels_last(
    family: str, skip: str
) -> None:
    net = randomised(family, skip)
    net = net.float()  # PyTorch's convolutions of float64 give channels first
    x = torch.randn(4, *EXAMPLES[family])
    with net.sites.recording(("out",)) as kept:
        net(x)
    for part, shape in zip(net.parts, net.shapes, strict=True):
        copies = 4 if skip in ("hyper", "mhc") and part.kind == "block" else 1
        out = kept[f"{part.name}.out"]
        assert out.shape == (4 * copies, *shape)
        assert out.dim() == 2 or out.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("skip", SKIPS)
def test_nothing_is_written_in_place(skip: str) -> None:
    """Each output that was recorded is at the end what it was when it passed."""
    net = randomised("convnet", skip)
    passed: dict[str, torch.Tensor] = {}

    def keep(module: nn.Module, inputs: object, output: object) -> None:
        if isinstance(output, torch.Tensor):
            passed[str(id(module))] = output.clone()
            kept[str(id(module))] = output

    kept: dict[str, torch.Tensor] = {}
    for module in net.modules():
        module.register_forward_hook(keep)
    net(torch.randn(4, *EXAMPLES["convnet"], dtype=torch.float64))
    assert passed
    assert all(torch.equal(kept[name], before) for name, before in passed.items())
