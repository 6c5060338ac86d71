"""Published results of well-known networks, to stand beside what is measured here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Published:
    """A result of a paper: error in per cent, on which images, counted how."""

    net: str
    layers: int
    skips: bool
    images: str
    counted: str
    error: float
    source: str


_IMAGENET = ("ImageNet, validation", "top-5, ten crops")
_CIFAR = ("CIFAR-10, test", "top-1")
_TABLE_3 = "He et al. 2015, arXiv:1512.03385, table 3"
_TABLE_6 = "He et al. 2015, arXiv:1512.03385, table 6"
_TABLE_4 = "He et al. 2016, arXiv:1603.05027, table 4"

PUBLISHED = (
    Published("VGG-16", 16, False, *_IMAGENET, 9.33, _TABLE_3),
    Published("Plain-34", 34, False, *_IMAGENET, 10.02, _TABLE_3),
    Published("ResNet-34 (A)", 34, True, *_IMAGENET, 7.76, _TABLE_3),
    Published("ResNet-50", 50, True, *_IMAGENET, 6.71, _TABLE_3),
    Published("ResNet-101", 101, True, *_IMAGENET, 6.05, _TABLE_3),
    Published("ResNet-152", 152, True, *_IMAGENET, 5.71, _TABLE_3),
    Published("ResNet-20", 20, True, *_CIFAR, 8.75, _TABLE_6),
    Published("ResNet-56", 56, True, *_CIFAR, 6.97, _TABLE_6),
    Published("ResNet-110", 110, True, *_CIFAR, 6.43, _TABLE_6),
    Published("ResNet-1202", 1202, True, *_CIFAR, 7.93, _TABLE_6),
    Published("ResNet-1001, pre-activation", 1001, True, *_CIFAR, 4.92, _TABLE_4),
)
