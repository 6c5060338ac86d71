"""Initialisations: the first weights."""

from __future__ import annotations

from dataclasses import dataclass

from models.branches import PLACEMENTS
from models.norms import SCALED
from models.registry import Choice, Entry, Need, name, number, registry
from models.skips import ADDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Init(Choice):
    """An initialisation whose first weights are multiplied by ``gain``."""

    gain: float = number(1.0, "Gain", 0, 10, above=True, help="Multiplies the first weights.")


@dataclass(frozen=True, slots=True, kw_only=True)
class He(Init):
    """He's: 2 over the layer's fan-in, which keeps the signal, or fan-out, which the gradient."""

    fan: str = name(
        "in",
        "Fan",
        ("in", "out"),
        help="in: keeps the size of the signal; out: that of the gradient.",
    )


NORM_LAST = tuple(place for place, entry in PLACEMENTS.items() if entry.last.endswith("n"))
NOT_ACTIVATED = tuple(place for place, entry in PLACEMENTS.items() if entry.last[-1] != "a")
# Where a skip multiplies the branch by a factor that may start at 0, two zeros would hold each
# other: neither would ever have a gradient.
FROM_ZERO = tuple(name for name in ADDING if name not in ("rezero", "skipinit", "layerscale"))

INITS = registry(
    Entry(
        name="he",
        title="He",
        summary="Normal, variance 2 / fan-in: a plain ReLU stack keeps the size of its signal.",
        source="He et al. 2015, arXiv:1502.01852",
        code="models.inits.draws:he",
        parameters=He,
    ),
    Entry(
        name="xavier",
        title="Xavier",
        summary="Normal, variance 2 / (fan-in + fan-out): "
        "each ReLU layer halves the signal's mean square.",
        source="Glorot and Bengio 2010",
        code="models.inits.draws:xavier",
        parameters=Init,
    ),
    Entry(
        name="default",
        title="PyTorch's default",
        summary="Uniform, variance 1 / (3 fan-in), biases too: each ReLU layer divides the square "
        "of the gradient by six. Going forward, biases keep the signal up, but all examples become "
        "alike.",
        source="torch.nn.Linear.reset_parameters",
        code="models.inits.draws:default",
        parameters=Init,
    ),
    Entry(
        name="orthogonal",
        title="Orthogonal",
        summary="Each layer's weight is a random rotation: without activations, a stack of square "
        "layers keeps every signal's size exactly.",
        source="Saxe et al. 2013, arXiv:1312.6120",
        code="models.inits.draws:orthogonal",
        parameters=Init,
    ),
    Entry(
        name="fixup",
        title="Fixup",
        summary="He's, but smaller in a branch the more branches there are; the last layer of each "
        "branch and the head start at 0: at first each block passes on what its shortcut gives.",
        source="Zhang et al. 2019, arXiv:1901.09321",
        code="models.inits.draws:fixup",
        parameters=Init,
        needs=(
            Need("norm", ("none", "scalar"), "stands in for a norm"),
            Need("placement", NOT_ACTIVATED, "would leave no gradient behind a last activation"),
            Need("skip", FROM_ZERO, "needs a skip that adds, with no learned factor of its own"),
        ),
    ),
    Entry(
        name="zero-gamma",
        title="Zero gamma",
        summary="He's, but the scale of the norm that ends each branch starts at 0: at first each "
        "block passes on what its shortcut gives.",
        source="Goyal et al. 2017, arXiv:1706.02677, section 5.1",
        code="models.inits.draws:zero_gamma",
        parameters=He,
        needs=(
            Need("norm", SCALED, "needs a norm with a scale"),
            Need("placement", NORM_LAST, "needs branches that end with a norm"),
            Need("skip", FROM_ZERO, "needs a skip that adds, with no learned factor of its own"),
        ),
    ),
)
