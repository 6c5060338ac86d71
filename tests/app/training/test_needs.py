"""What a batch needs, told before there is one, against what it takes: memory, and work."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from app.spec import RunSpec, with_values
from app.training.describe import multiplications
from app.training.memory import activations
from app.training.setup import plan
from models.build import sketch
from models.families import net_spec
from tests.models.nets import CLASSES, IMAGE, made

BATCH = 16


def kept(settings: dict[str, Any], sites: tuple[str, ...]) -> tuple[int, int]:
    """The same of a real batch: bytes by address, each counted once and held, so that none moves.

    The network's own numbers are no activations.
    """
    net = made(**settings)
    own = {t.untyped_storage().data_ptr() for t in (*net.parameters(), *net.buffers())}
    found: dict[int, int] = {}
    alive: list[Tensor] = []

    def pack(tensor: Tensor) -> Tensor:
        if (place := tensor.untyped_storage().data_ptr()) not in own:
            found[place] = tensor.untyped_storage().nbytes()
            alive.append(tensor)
        return tensor

    hooks = torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor)
    with hooks, net.sites.recording(sites) as passed:
        net(torch.zeros(BATCH, *IMAGE))
    for tensor in passed.values():
        pack(tensor)
    return sum(found.values()), sum(tensor.nbytes for tensor in passed.values())


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"norm": "none", "activation": "tanh"},
        {"norm": "layer", "placement": "pre-activation", "downsample": "project"},
        {"norm": "group", "activation": "gelu", "branch": "triple"},
        {"norm": "rms", "activation": "silu", "placement": "activation-only"},
        {"norm": "dyt", "placement": "norm-after-addition"},
        {"norm": "scalar", "init": "fixup", "activation": "leaky-relu"},
        {"branch": "bottleneck", "tail": "squeeze-excitation"},
        {"branch": "single", "activation": "sigmoid", "skip": "none"},
        {"skip": "concat"},
        {"skip": "highway"},
        {"skip": "mhc"},
        {"family": "mlp", "norm": "rms"},
        {"family": "mlp", "norm": "dyt", "skip": "dropout"},
    ],
    ids=str,
)
def test_autograd_keeps_as_much_as_was_told(settings: dict[str, Any]) -> None:
    settings = {"depth": 20, **settings}
    sites = ("out", "response")
    told = activations(sketch(net_spec(**settings), IMAGE, CLASSES), BATCH, sites)
    measured = kept(settings, sites)
    assert told == pytest.approx(measured, rel=0.1)  # kernels may copy to another memory format
    assert min(measured) > 0


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"net.branch": "bottleneck", "net.downsample": "project"},
        {"net.branch": "triple", "net.family": "mlp"},
        {"net.placement": "pre-activation", "net.norm": "dyt"},
        {"net.tail": "squeeze-excitation"},
        {"net.skip": "highway"},
        {"net.skip": "concat"},
        {"net.skip": "mhc"},
    ],
    ids=str,
)
def test_multiplications_are_about_those_that_torch_counts(values: dict[str, Any]) -> None:
    layout = plan(with_values(RunSpec(), {"net.depth": 20, **values}))
    spec, data = layout.spec, layout.data
    net = sketch(spec.net, data.shape, data.outputs)
    with FlopCounterMode(display=False) as counter:
        net(torch.empty((spec.batch_size, *data.shape), device="meta"))
    counted = counter.get_total_flops() / 2  # a multiplication and an addition
    assert multiplications(layout) == pytest.approx(counted, rel=0.2)
