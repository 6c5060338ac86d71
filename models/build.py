"""From a NetSpec to a network with its first weights."""

from __future__ import annotations

from math import sqrt

import torch
from torch import nn

from models.net import Net
from models.registry import FAMILIES
from models.spec import NetSpec


def sketch(spec: NetSpec, example: tuple[int, ...], classes: int) -> Net:
    """The network on torch's meta device: its structure and shapes, without memory or weights."""
    with torch.device("meta"):
        net: Net = FAMILIES[spec.family].load()(spec, example, classes)
    return net


def build(spec: NetSpec, example: tuple[int, ...], classes: int, generator: torch.Generator) -> Net:
    """The network on the CPU, its weights drawn from ``generator``.

    The main path's weights are drawn first, in depth order, and the shortcuts' after them: with
    the same generator, networks that differ only in their skip have the same branch weights.
    """
    net = sketch(spec, example, classes).to_empty(device="cpu")
    for module in net.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.reset_parameters()  # scale 1, shift 0, fresh statistics: no draw
    with torch.no_grad():
        for layer in net.layers():
            draw(layer.weighted, spec.init, generator)
    return net


def draw(weighted: nn.Linear | nn.Conv2d, init: str, generator: torch.Generator) -> None:
    """Fill one layer's weight, and its bias where it has one.

    ``he``: normal, variance 2 / fan-in (arXiv:1502.01852). ``xavier``: normal, variance
    2 / (fan-in + fan-out) (Glorot and Bengio 2010). Both have zero biases. ``default``: weight
    and bias uniform within 1 / sqrt(fan-in), as PyTorch's own layers start.
    """
    fan_in = weighted.weight[0].numel()
    if init == "default":
        bound = 1 / sqrt(fan_in)
        weighted.weight.uniform_(-bound, bound, generator=generator)
        if weighted.bias is not None:
            weighted.bias.uniform_(-bound, bound, generator=generator)
        return
    fan_out = weighted.weight[:, 0].numel()
    variance = 2 / fan_in if init == "he" else 2 / (fan_in + fan_out)
    weighted.weight.normal_(0, sqrt(variance), generator=generator)
    if weighted.bias is not None:
        weighted.bias.zero_()
