"""What a network is, without building it: no torch import."""

from __future__ import annotations

from dataclasses import dataclass

from models.registry import (
    ACTIVATIONS,
    BLOCKS,
    DOWNSAMPLES,
    FAMILIES,
    INITS,
    NORMS,
    SKIPS,
    Registry,
)

MAX_WIDTH = 1024


class BadNet(ValueError):
    """A network that can't be: says which field, what is wrong and what is allowed."""

    def __init__(self, field: str, problem: str, allowed: str) -> None:
        super().__init__(f"{field}: {problem}; {allowed}")
        self.field = field
        self.problem = problem
        self.allowed = allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class NetSpec:
    """A network's configuration.

    ``depth`` counts weighted layers on the main path (stem, two a block, head), projections apart,
    as He et al. 2015 (arXiv:1512.03385, section 3.4) count. ``width`` is the number of units of
    an mlp's hidden layers, of filters in a convnet's first stage.

    Raises:
        BadNet: a name that is not registered, or a depth or width the family can't have.
    """

    family: str = "convnet"
    depth: int = 56
    width: int = 8
    skip: str = "identity"
    downsample: str = "pad"
    block: str = "basic"
    norm: str = "batch"
    activation: str = "relu"
    init: str = "he"

    def __post_init__(self) -> None:
        for field, registry in CHOICES.items():
            name = getattr(self, field)
            if name not in registry:
                raise BadNet(field, "is not a known name", f"allowed: {', '.join(registry)}")
        if not 1 <= self.width <= MAX_WIDTH:
            raise BadNet("width", "is out of range", f"allowed: 1 to {MAX_WIDTH}")
        depths = FAMILIES[self.family].depths
        if self.depth not in depths:
            near = " and ".join(str(depth) for depth in nearest(depths, self.depth))
            raise BadNet(
                "depth",
                f"the {self.family} family can't have this depth",
                f"allowed: {depths[0]} to {depths[-1]} in steps of {depths.step}; nearest: {near}",
            )


CHOICES: dict[str, Registry] = {
    "family": FAMILIES,
    "skip": SKIPS,
    "downsample": DOWNSAMPLES,
    "block": BLOCKS,
    "norm": NORMS,
    "activation": ACTIVATIONS,
    "init": INITS,
}


def nearest(depths: range, wanted: int) -> list[int]:
    """The one or two legal depths that enclose ``wanted``, smaller first."""
    if wanted <= depths[0]:
        return [depths[0]]
    if wanted >= depths[-1]:
        return [depths[-1]]
    below = depths[(wanted - depths.start) // depths.step]
    return [below] if below == wanted else [below, below + depths.step]
