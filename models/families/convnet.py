"""The CIFAR 6n+2 network, for any image size and number of channels."""

from __future__ import annotations

from functools import partial

from models.branches import BRANCHES, PLACEMENTS
from models.families import ConvNetSpec
from models.families.blocks import Step, stack
from models.layers import Layers
from models.net import Net
from models.shortcuts import SHORTCUTS

STAGES = 3


def convnet(spec: ConvNetSpec, example: tuple[int, ...], classes: int) -> Net:
    """A 3x3 stem, three stages of as many blocks, global pooling, a head.

    The stages have w, 2w and 4w filters; the second and third begin with a stride of 2. He et al.
    2015 (arXiv:1512.03385), section 4.2.
    """
    branch = BRANCHES[spec.branch.name]
    _, height, width = example
    steps = []
    for stage in range(STAGES):
        for block in range((spec.depth - 2) // (STAGES * branch.layers)):
            stride = 2 if stage > 0 and block == 0 else 1
            height, width = -(-height // stride), -(-width // stride)
            outside = spec.width * 2**stage * branch.wider
            steps.append(Step(outside, stride, (outside, height, width)))
    layers = Layers(
        images=True,
        norms=spec.norm,
        activations=spec.activation,
        normed_shortcuts=PLACEMENTS[spec.placement.name].normed_shortcuts,
    )
    shortcut = partial(SHORTCUTS[spec.downsample.name].load(), layers)
    return stack(spec, layers, example, steps, classes, shortcut)
