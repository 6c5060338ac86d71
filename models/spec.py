"""What every network is described by, without building it: no torch import."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from models.activations import ACTIVATIONS
from models.branches import BRANCHES, PLACEMENTS
from models.inits import INITS
from models.norms import NORMS
from models.registry import BadNet, Choice, Need, choice, integer, parameters
from models.skips import SKIPS
from models.tails import TAILS

MAX_WIDTH = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class NetSpec:
    """A network's configuration: what all families have; each adds its own.

    ``depth`` counts weighted layers on the main path (stem, branches, head), those of skips apart,
    as He et al. 2015 (arXiv:1512.03385, section 3.4) count. ``pixels``: a channel holds many.
    """

    pixels: ClassVar[bool] = False

    family: str
    depth: int = integer(56, "Depth", 3, 1202, unit="layers")
    width: int = integer(8, "Width", 1, MAX_WIDTH)
    skip: Choice = choice(SKIPS, "skips", "identity", "Skip")
    branch: Choice = choice(BRANCHES, "branches", "basic", "Branch")
    placement: Choice = choice(PLACEMENTS, "placements", "original", "Norm and activation")
    tail: Choice = choice(TAILS, "tails", "none", "After the branch")
    norm: Choice = choice(NORMS, "norms", "batch", "Normalisation")
    activation: Choice = choice(ACTIVATIONS, "activations", "relu", "Activation")
    init: Choice = choice(INITS, "inits", "he", "Starting weights")

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        values = {name: getattr(self, name) for name, _, _ in parameters(type(self))}
        return {
            "family": self.family,
            **{
                name: value.plain() if isinstance(value, Choice) else value
                for name, value in values.items()
            },
        }

    def named(self, field: str) -> str:
        """The name that a choice, or the family, has."""
        value = getattr(self, field)
        return value.name if isinstance(value, Choice) else str(value)

    def unmet(self) -> list[tuple[str, Need]]:
        """What its choices ask of each other and do not get: the field that asks, and for what."""
        return [
            (name, need)
            for name, _, parameter in parameters(type(self))
            if parameter.registry is not None
            for need in parameter.registry[getattr(self, name).name].needs
            if not need.met(self.named)
        ]

    def effective(self) -> NetSpec:
        """The same network by choices that have an effect in it."""
        spec = self
        registries = {name: one.registry for name, _, one in parameters(type(self)) if one.registry}
        while same := {name: need.same for name, need in spec.unmet() if need.same}:
            others: dict[str, Any] = {
                name: alike(registries[name][entry].choose(), getattr(spec, name))
                for name, entry in same.items()
            }
            spec = replace(spec, **others)
        return spec

    def fitted(self) -> NetSpec:
        """The same network where a choice whose needs are not met is the default instead.

        The default takes over the parameters that it shares with what it replaces.
        """
        usual = {name: default for name, default, _ in parameters(type(self))}
        spec = self
        while unmet := spec.unmet():
            other: dict[str, Any] = {
                name: alike(usual[name], getattr(spec, name)) for name, _ in unmet
            }
            spec = replace(spec, **other)
        return spec

    def check(self, depths: range) -> None:
        """See that it can be built.

        Raises:
            BadNet: a depth that is none of ``depths``, or choices that do not go together.
        """
        if self.depth not in depths:
            near = " and ".join(str(depth) for depth in nearest(depths, self.depth))
            raise BadNet(
                "depth",
                f"the {self.family} family can't have this depth",
                f"allowed: {depths[0]} to {depths[-1]} in steps of {depths.step}; nearest: {near}",
            )
        for name, need in self.unmet():
            raise BadNet(name, f"{self.named(name)} {need.why}", need.allowed)
        for name, _, _ in parameters(type(self)):
            if isinstance(value := getattr(self, name), Choice):
                value.check(name, self)


def alike(choice: Choice, other: Choice) -> Choice:
    """``choice`` with the parameters of ``other`` that it has itself."""
    own = {name for name, _, _ in parameters(type(choice))}
    theirs = {name for name, _, _ in parameters(type(other))}
    return replace(choice, **{name: getattr(other, name) for name in own & theirs})


def nearest(depths: range, wanted: int) -> list[int]:
    """The one or two legal depths that enclose ``wanted``, smaller first."""
    if wanted <= depths[0]:
        return [depths[0]]
    if wanted >= depths[-1]:
        return [depths[-1]]
    below = depths[(wanted - depths.start) // depths.step]
    return [below] if below == wanted else [below, below + depths.step]
