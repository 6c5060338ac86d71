"""From a NetSpec to a network with its first weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import nan

import torch
from torch import Generator, nn

from models.families import FAMILIES
from models.inits import INITS
from models.layers import Weighted
from models.net import Net
from models.outline import layers
from models.skips.skip import Skip
from models.spec import NetSpec

Draws = Callable[[str], Generator]  # by the name of a parameter


def sketch(spec: NetSpec, example: tuple[int, ...], classes: int) -> Net:
    """The network on torch's meta device: its structure and shapes, without memory or weights."""
    with torch.device("meta"):
        net: Net = FAMILIES[spec.family].load()(spec, example, classes)
    return net


def build(spec: NetSpec, example: tuple[int, ...], classes: int, draws: Draws) -> Net:
    """The network on the CPU; each parameter is drawn from ``draws`` of its name.

    Norms come first, then weighted layers as the initialisation says, then what skips have of
    their own.

    Raises:
        AssertionError: names parameters that nothing gave a first value.
    """
    net = sketch(spec, example, classes).to_empty(device="cpu")
    fill = INITS[spec.init.name].load()
    with torch.no_grad():
        for tensor in (*net.parameters(), *net.buffers()):
            if tensor.is_floating_point():
                tensor.fill_(nan)  # never old memory: what stays is found below
        _reset(module for module in net.modules() if not isinstance(module, Skip | Weighted))
        for layer in layers(net):
            fill(spec.init, layer, net, draws)
        _reset(module for module in net.modules() if isinstance(module, Skip))
    left = [name for name, tensor in net.state_dict().items() if tensor.isnan().any()]
    assert not left, f"without a first value: {', '.join(left)}"
    return net


def _reset(modules: Iterable[nn.Module]) -> None:
    """Let each that has first values of its own take them, as PyTorch's modules do."""
    for module in modules:
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()  # type: ignore[operator]
