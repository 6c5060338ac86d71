"""A run's measures, taken together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.measures import MEASURES, Measure
from app.measures.look import Look
from models.net import Net
from models.outline import layers
from models.skips import SKIPS
from models.spec import NetSpec


@dataclass(frozen=True, slots=True)
class Taken:
    """A measure of one network: where it is taken, in depth order, or why nowhere."""

    measure: Measure
    places: tuple[str, ...]
    absent: str | None = None


class Taking:
    """The measures with these names, of a network of ``spec``.

    ``sites`` are the sites that they look at; ``all`` says of each where it is taken, or why
    nowhere.
    """

    def __init__(self, names: Sequence[str], spec: NetSpec, net: Net) -> None:
        measures = [MEASURES[name] for name in names]
        self.all = tuple(_taken(measure, spec, net) for measure in measures)
        self._here = [taken for taken in self.all if taken.places]
        self.sites = tuple(
            dict.fromkeys(site for taken in self._here for site in taken.measure.sites)
        )

    def __call__(self, look: Look, *, updated: bool = True) -> dict[str, list[float]]:
        """The values of each at its places; without an update, of those that need none."""
        return {
            taken.measure.name: taken.measure.measure(look, taken.places)
            for taken in self._here
            if updated or not taken.measure.updates
        }


def _taken(measure: Measure, spec: NetSpec, net: Net) -> Taken:
    why = _why_not(measure, spec, net)
    return Taken(measure, () if why else _places(measure, net), why)


def _why_not(measure: Measure, spec: NetSpec, net: Net) -> str | None:
    skip = SKIPS[spec.skip.name]
    if measure.adds and not skip.adds:
        return f"the skip {skip.name} adds no branch to a shortcut"
    if measure.learns and all(block.skip.scale() is None for block in net.blocks):
        return f"the skip {skip.name} learns no scale"
    return None


def _places(measure: Measure, net: Net) -> tuple[str, ...]:
    match measure.at:
        case "part":
            return tuple(part.name for part in net.parts)
        case "block":
            return tuple(block.name for block in net.blocks)
        case "layer":
            return tuple(layer.name for layer in layers(net) if layer.main)
