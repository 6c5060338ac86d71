"""The modules of the activations; none works in place."""

from __future__ import annotations

from torch import nn

from models.activations import Leaky
from models.registry import Choice


def relu(choice: Choice) -> nn.Module:
    """max(0, x)"""
    return nn.ReLU()


def leaky_relu(choice: Leaky) -> nn.Module:
    """x above 0, a multiple of x below."""
    return nn.LeakyReLU(choice.slope)


def gelu(choice: Choice) -> nn.Module:
    """x times the standard normal distribution function, exactly."""
    return nn.GELU()


def silu(choice: Choice) -> nn.Module:
    """x times its sigmoid."""
    return nn.SiLU()


def tanh(choice: Choice) -> nn.Module:
    """The hyperbolic tangent."""
    return nn.Tanh()


def sigmoid(choice: Choice) -> nn.Module:
    """1 / (1 + exp(-x))"""
    return nn.Sigmoid()
