"""Everything that can be named in a NetSpec, in words, without torch.

The code behind an entry is imported only when it is asked for, so that a process which lists
the names need not load torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Entry:
    """One named choice: what the pages say of it, and where its code is."""

    name: str
    title: str
    summary: str
    source: str = ""
    formula: str = ""  # MathML content, without the <math> element
    code: str = ""  # "module:attribute"

    def load(self) -> Callable[..., Any]:
        """The code behind the entry; imports torch."""
        module, _, attribute = self.code.partition(":")
        loaded: Callable[..., Any] = getattr(import_module(module), attribute)
        return loaded


@dataclass(frozen=True, slots=True)
class Family(Entry):
    """A family of networks, the depths it can have, and the kind of input it takes."""

    depths: range = range(0)
    takes: tuple[str, ...] = ("image", "points")


Registry: TypeAlias = Mapping[str, Entry]


def registry(*entries: Entry) -> Registry:
    """A registry of the entries by their names, in the order given."""
    return {entry.name: entry for entry in entries}


FAMILIES: Mapping[str, Family] = {
    family.name: family
    for family in (
        Family(
            "mlp",
            title="Multilayer perceptron",
            summary="Fully connected: a stem, blocks of two layers, a head. Depth is even.",
            code="models.nets.mlp:MLP",
            depths=range(4, 1025, 2),
        ),
        Family(
            "convnet",
            title="Convolutional (CIFAR 6n+2)",
            summary="A 3x3 stem, three stages of two-layer blocks, global pooling, a head. "
            "Each stage halves the image and doubles the filters. Depth is 6n+2.",
            source="He et al. 2015, arXiv:1512.03385, section 4.2",
            code="models.nets.convnet:ConvNet",
            depths=range(8, 1203, 6),
            takes=("image",),
        ),
    )
}

SKIPS = registry(
    Entry(
        "none",
        title="None (plain)",
        summary="No shortcut: the block is its branch.",
        formula="<mi>y</mi><mo>=</mo><mi>F</mi><mo>(</mo><mi>x</mi><mo>)</mo>",
        code="models.skips:Plain",
    ),
    Entry(
        "identity",
        title="Identity",
        summary="The block's input is added to its branch, unchanged.",
        source="He et al. 2015, arXiv:1512.03385, equation 1",
        formula="<mi>y</mi><mo>=</mo><mi>x</mi><mo>+</mo><mi>F</mi><mo>(</mo><mi>x</mi><mo>)</mo>",
        code="models.skips:Identity",
    ),
    Entry(
        "projection",
        title="Projection everywhere (C)",
        summary="Every shortcut is a learned linear map, also where shapes agree.",
        source="He et al. 2015, arXiv:1512.03385, equation 2 and option C",
        formula="<mi>y</mi><mo>=</mo><mi>W</mi><mi>x</mi><mo>+</mo>"
        "<mi>F</mi><mo>(</mo><mi>x</mi><mo>)</mo>",
        code="models.skips:Projection",
    ),
)

DOWNSAMPLES = registry(
    Entry(
        "pad",
        title="Pad (A)",
        summary="Where shapes change: every second pixel, and zeros for the new channels. "
        "No parameters.",
        source="He et al. 2015, arXiv:1512.03385, option A",
        code="models.skips:Pad",
    ),
    Entry(
        "project",
        title="Project (B)",
        summary="Where shapes change: a learned 1x1 convolution.",
        source="He et al. 2015, arXiv:1512.03385, option B",
        code="models.skips:Project",
    ),
    Entry(
        "error",
        title="Leave it (error)",
        summary="Add the two as they are, and see what PyTorch says where shapes differ.",
        code="models.skips:Unchanged",
    ),
)

BLOCKS = registry(
    Entry(
        "basic",
        title="Basic",
        summary="Two weighted layers; the activation comes after the addition.",
        source="He et al. 2015, arXiv:1512.03385, figure 2",
    ),
)

NORMS = registry(
    Entry("none", title="None", summary="No normalisation; layers have biases."),
    Entry(
        "batch",
        title="Batch",
        summary="Batch normalisation after every weighted layer but the head.",
        source="Ioffe and Szegedy 2015, arXiv:1502.03167",
    ),
)

ACTIVATIONS = registry(
    Entry("relu", title="ReLU", summary="max(0, x)"),
    Entry("tanh", title="tanh", summary="The hyperbolic tangent."),
)

INITS = registry(
    Entry(
        "he",
        title="He",
        summary="Normal, variance 2 / fan-in: a plain ReLU stack keeps its signal's size.",
        source="He et al. 2015, arXiv:1502.01852",
    ),
    Entry(
        "xavier",
        title="Xavier",
        summary="Normal, variance 2 / (fan-in + fan-out): "
        "each ReLU layer halves the signal's square.",
        source="Glorot and Bengio 2010",
    ),
    Entry(
        "default",
        title="PyTorch's default",
        summary="Uniform, variance 1 / (3 fan-in): "
        "each ReLU layer divides the signal's square by six.",
        source="torch.nn.Linear.reset_parameters",
    ),
)
