"""Families of networks: what each can be asked to be. One architecture a file, with torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from models.branches import BRANCHES
from models.registry import BadNet, Choice, Entry, choice, read, registry
from models.shortcuts import SHORTCUTS
from models.spec import NetSpec, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class MlpSpec(NetSpec):
    """A multilayer perceptron; ``width`` is the number of units of its hidden layers."""

    family: str = "mlp"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvNetSpec(NetSpec):
    """A convolutional network; ``width`` is the number of filters of its first stage.

    ``downsample`` is what a shortcut does where the shape changes.
    """

    pixels: ClassVar[bool] = True

    family: str = "convnet"
    downsample: Choice = choice(SHORTCUTS, "downsamples", "pad", "Shortcut where the size changes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(Entry):
    """A family of networks: its spec, its stages, its depths, and the kind of input it takes."""

    spec: type[NetSpec]
    takes: tuple[str, ...]
    stages: int
    deepest: int

    def offers(self, entry: Entry) -> bool:
        """Whether one of its networks may have this choice."""
        asked = [need.names for need in entry.needs if need.field == "family"]
        return all(self.name in names for names in asked)

    def depths(self, branch: str) -> range:
        """The depths that it can have with this branch: stem, as many blocks a stage, head."""
        step = self.stages * BRANCHES[branch].layers
        return range(2 + step, self.deepest + 1, step)


FAMILIES = registry(
    Family(
        name="mlp",
        title="Multilayer perceptron",
        summary="Fully connected: a first layer (stem), blocks, and a last layer (head). With two "
        "layers a block depth is even.",
        code="models.families.mlp:mlp",
        spec=MlpSpec,
        takes=("image", "points"),
        stages=1,
        deepest=1024,
    ),
    Family(
        name="convnet",
        title="Convolutional (CIFAR 6n+2)",
        summary="A 3x3 convolution (stem), three stages of blocks, global average pooling, and a "
        "linear layer (head). The second and the third stage halve the image and double the "
        "filters. With two layers a block depth is 6n+2, with bottlenecks 9n+2.",
        source="He et al. 2015, arXiv:1512.03385, section 4.2",
        code="models.families.convnet:convnet",
        spec=ConvNetSpec,
        takes=("image",),
        stages=3,
        deepest=1202,
    ),
)


FAMILY = "convnet"  # where none is named


def net_spec(**settings: Any) -> NetSpec:
    """The network that these settings describe, as JSON has them; the rest has its defaults.

    A choice is a name, or ``{"name": ..., parameters}``.

    Raises:
        BadNet: names each field that is not as it should be.
    """
    return _checked(chosen_net(settings))


def stored_net(settings: Mapping[str, Any]) -> NetSpec:
    """The network that stored settings describe: as ``net_spec``, by choices that have an effect.

    Earlier versions took others, too.

    Raises:
        BadNet: names each field that is not as it should be.
    """
    return _checked(chosen_net(settings).effective())


def chosen_net(settings: Mapping[str, Any]) -> NetSpec:
    """The network of these very choices, whether or not they have an effect or go together.

    Raises:
        BadNet: names each field that is not as it should be.
    """
    given = dict(settings)
    name = given.pop("family", FAMILY)
    if not isinstance(name, str) or name not in FAMILIES:
        raise BadNet("family", "is not a known name", f"allowed: {', '.join(FAMILIES)}")
    spec = FAMILIES[name].spec
    return spec(**read(spec, given, f"the {name} family"))


def _checked(spec: NetSpec) -> NetSpec:
    spec.check(FAMILIES[spec.family].depths(spec.branch.name))
    return spec


def example(field: str, entry: Entry) -> dict[str, Any]:
    """The settings in which a network that shows the entry differs from the default one.

    It has the entry as its ``field``, what that needs, the defaults else, and the nearest depth.
    """
    usual = net_spec()
    chosen = {field: entry.name}
    for need in entry.needs:
        if not need.met(usual.named):
            chosen[need.field] = need.names[-1]
    family = FAMILIES[chosen.get("family", usual.family)]
    depths = family.depths(chosen.get("branch", usual.branch.name))
    own = {"family": family.name, "depth": nearest(depths, usual.depth)[0]}
    return {
        name: value
        for name, value in (own | chosen).items()
        if value != (usual.depth if name == "depth" else usual.named(name))
    }
