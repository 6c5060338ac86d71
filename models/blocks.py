"""Blocks: a branch of weighted layers, and the skip that joins it with its input."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from models.skips import Change

Activation = Callable[[Tensor], Tensor]

ACTIVATION: dict[str, Activation] = {"relu": torch.relu, "tanh": torch.tanh}


def normed(weighted: nn.Linear | nn.Conv2d, norm: str) -> nn.Module:
    """The weighted layer with the named norm after it; without one it is the layer itself."""
    if norm == "none":
        return weighted
    if isinstance(weighted, nn.Conv2d):
        return nn.Sequential(weighted, nn.BatchNorm2d(weighted.out_channels))
    return nn.Sequential(weighted, nn.BatchNorm1d(weighted.out_features))


class Stem(nn.Module):
    """The first weighted layer and its activation."""

    def __init__(self, layer: nn.Module, activation: Activation, *, flatten: bool = False) -> None:
        super().__init__()
        self.layer = layer
        self.activation = activation
        self.flatten = flatten

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(self.layer(x.flatten(1) if self.flatten else x))


class Basic(nn.Module):
    """Two weighted layers; the activation comes between them and after the addition.

    He et al. 2015 (arXiv:1512.03385), figure 2.
    """

    def __init__(
        self,
        layer1: nn.Module,
        layer2: nn.Module,
        skip: nn.Module,
        activation: Activation,
        change: Change,
    ) -> None:
        super().__init__()
        self.layer1 = layer1
        self.layer2 = layer2
        self.skip = skip
        self.activation = activation
        self.change = change

    def forward(self, x: Tensor) -> Tensor:
        fx = self.layer2(self.activation(self.layer1(x)))
        return self.activation(self.skip(x, fx))


class Head(nn.Module):
    """Global average pooling where there are pixels left, then the classifier."""

    def __init__(self, layer: nn.Linear, *, pool: bool = False) -> None:
        super().__init__()
        self.layer = layer
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.layer(x.mean((2, 3)) if self.pool else x)
        return logits
