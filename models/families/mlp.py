"""Multilayer perceptron."""

from __future__ import annotations

from torch import nn

from models.branches import BRANCHES
from models.families import MlpSpec
from models.families.blocks import Step, stack
from models.layers import Layers
from models.net import Net


def mlp(spec: MlpSpec, example: tuple[int, ...], classes: int) -> Net:
    """A stem, blocks, a head; all hidden layers one width. A shortcut has nothing to change."""
    blocks = (spec.depth - 2) // BRANCHES[spec.branch.name].layers
    step = Step(spec.width, 1, (spec.width,))
    layers = Layers(images=False, norms=spec.norm, activations=spec.activation)
    return stack(spec, layers, example, [step] * blocks, classes, _nothing)


def _nothing(inside: int, outside: int, stride: int) -> nn.Module:
    raise AssertionError("all hidden layers have one width")
