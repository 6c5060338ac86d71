"""The CIFAR 6n+2 network, for any image size and number of channels."""

from __future__ import annotations

from functools import partial

from torch import nn

from models.blocks import ACTIVATION, Basic, Head, Stem, normed
from models.net import Net
from models.registry import SKIPS
from models.skips import Change
from models.spec import NetSpec


class ConvNet(Net):
    """Depth 6n+2: a 3x3 stem, three stages of n two-layer blocks, global pooling, a head.

    The stages have w, 2w and 4w filters; the second and third begin with a stride of 2.
    He et al. 2015 (arXiv:1512.03385), section 4.2.
    """

    def __init__(self, spec: NetSpec, example: tuple[int, ...], classes: int) -> None:
        activation = ACTIVATION[spec.activation]
        layer = partial(_layer, norm=spec.norm)
        skip = SKIPS[spec.skip].load()
        blocks = []
        inside = spec.width
        for stage in range(3):
            outside = spec.width * 2**stage
            for block in range((spec.depth - 2) // 6):
                stride = 2 if stage > 0 and block == 0 else 1
                change = Change(
                    inside,
                    outside,
                    stride,
                    spec.downsample,
                    partial(layer, inside, outside, stride, size=1),
                )
                layer1, layer2 = layer(inside, outside, stride), layer(outside, outside)
                blocks.append(Basic(layer1, layer2, skip(change), activation, change))
                inside = outside
        super().__init__(
            Stem(layer(example[0], spec.width), activation),
            blocks,
            Head(nn.Linear(inside, classes), pool=True),
        )


def _layer(inside: int, outside: int, stride: int = 1, *, size: int = 3, norm: str) -> nn.Module:
    conv = nn.Conv2d(inside, outside, size, stride, padding=size // 2, bias=norm == "none")
    return normed(conv, norm)
