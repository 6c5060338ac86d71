"""How each initialisation fills a weighted layer."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from torch import Generator, nn

from models.inits import He, Init
from models.layers import Weighted
from models.net import Net
from models.outline import Layer

Draws = Callable[[str], Generator]  # by the name of a parameter


def fans(layer: Weighted) -> tuple[int, int]:
    """A layer's fan-in and fan-out: how many weights meet at an output, and at an input."""
    return layer.weight[0].numel(), layer.weight[:, 0].numel()


def he(choice: He, layer: Layer, net: Net, draws: Draws) -> None:
    """Normal, variance 2 / fan-in (or fan-out); biases 0.

    He et al. 2015 (arXiv:1502.01852), equations 10 and 14.
    """
    inside, outside = fans(layer.weighted)
    normal(layer, choice.gain * sqrt(2 / (inside if choice.fan == "in" else outside)), draws)


def xavier(choice: Init, layer: Layer, net: Net, draws: Draws) -> None:
    """Normal, variance 2 / (fan-in + fan-out); biases 0. Glorot and Bengio 2010, equation 12."""
    normal(layer, choice.gain * sqrt(2 / sum(fans(layer.weighted))), draws)


def default(choice: Init, layer: Layer, net: Net, draws: Draws) -> None:
    """Weight and bias uniform within 1 / sqrt(fan-in), as PyTorch's own layers start."""
    weighted = layer.weighted
    bound = 1 / sqrt(fans(weighted)[0])
    weighted.weight.uniform_(-bound, bound, generator=draws(f"{layer.name}.weight"))
    weighted.weight.mul_(choice.gain)
    if weighted.bias is not None:
        weighted.bias.uniform_(-bound, bound, generator=draws(f"{layer.name}.bias"))


def orthogonal(choice: Init, layer: Layer, net: Net, draws: Draws) -> None:
    """Rows, or columns where these are fewer, orthogonal and of length ``gain``; biases 0.

    Of a convolution a row is all that makes one output. Saxe et al. 2013 (arXiv:1312.6120).
    """
    weight = layer.weighted.weight
    nn.init.orthogonal_(weight, choice.gain, generator=draws(f"{layer.name}.weight"))
    unbiased(layer)


def fixup(choice: Init, layer: Layer, net: Net, draws: Draws) -> None:
    """He's, times L ** (-1 / (2m - 2)) in branches; 0 in their last layers and in the head.

    L is the number of branches, m that of layers in one. Zhang et al. 2019 (arXiv:1901.09321),
    section 3.
    """
    if layer.last or layer.weighted is net.head.layer:
        layer.weighted.weight.zero_()
        unbiased(layer)
        return
    smaller = len(net.blocks) ** (-1 / (2 * layer.count - 2)) if layer.count else 1.0
    normal(layer, choice.gain * smaller * sqrt(2 / fans(layer.weighted)[0]), draws)


def zero_gamma(choice: He, layer: Layer, net: Net, draws: Draws) -> None:
    """He's, and a scale of 0 for the norm that ends each branch. Goyal et al. 2017, section 5.1."""
    he(choice, layer, net, draws)
    if layer.last:
        net.get_parameter(f"{layer.part}.branch.norm{layer.number}.weight").zero_()


def normal(layer: Layer, deviation: float, draws: Draws) -> None:
    """Fill a layer's weight from a normal distribution, and its bias with zeros."""
    layer.weighted.weight.normal_(0, deviation, generator=draws(f"{layer.name}.weight"))
    unbiased(layer)


def unbiased(layer: Layer) -> None:
    """Fill a layer's bias, where it has one, with zeros."""
    if layer.weighted.bias is not None:
        layer.weighted.bias.zero_()
