"""What the page of networks shows: every choice of a network as a card, in groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from models.activations import ACTIVATIONS
from models.branches import BRANCHES, PLACEMENTS
from models.families import FAMILIES, Family, example
from models.inits import INITS
from models.mathml import equations
from models.norms import NORMS
from models.registry import Entry, Parameter, parameters
from models.shortcuts import SHORTCUTS
from models.skips import SKIPS, SkipEntry
from models.skips.drawing import Drawing
from models.tails import TAILS

# The skips by how they join shortcut and branch, as drawings of them tell.
JOINS: Mapping[str, tuple[Drawing, ...]] = {
    "plain": ("",),
    "adds": ("arc", "learned", "changed"),
    "gates": ("gate",),
    "gathers": ("onward",),
    "copies": ("copies",),
}

# What else there is to choose, by the network's field.
LISTS: Mapping[str, Mapping[str, Entry]] = {
    "branch": BRANCHES,
    "placement": PLACEMENTS,
    "downsample": SHORTCUTS,
    "tail": TAILS,
    "norm": NORMS,
    "activation": ACTIVATIONS,
    "init": INITS,
    "family": FAMILIES,
}


@dataclass(frozen=True)
class Card:
    """An entry, and the query of the Lab's address with a network that shows it."""

    field: str
    entry: Entry
    query: str

    @property
    def id(self) -> str:
        """What it is called in an address."""
        return f"{self.field}-{self.entry.name}"

    @property
    def equations(self) -> list[str]:
        """Its formula, equation by equation, as MathML."""
        return equations(self.entry.formula) if self.entry.formula else []

    @property
    def drawing(self) -> Drawing | None:
        """How a skip's block is drawn."""
        return self.entry.drawing if isinstance(self.entry, SkipEntry) else None

    @property
    def hue(self) -> str:
        """The colour of a skip's lines on all charts."""
        return self.entry.paint.hue if isinstance(self.entry, SkipEntry) else ""

    @property
    def settings(self) -> list[Parameter]:
        """What it can be told beside its name."""
        kind = self.entry.spec if isinstance(self.entry, Family) else self.entry.parameters
        return [
            one
            for name, _, one in parameters(kind)
            if one.registry is None and name != "depth"  # whose values depend on the branch
        ]


@dataclass(frozen=True)
class Group:
    """Cards that belong together; ``name`` leads to its words."""

    name: str
    cards: tuple[Card, ...]


def groups() -> list[Group]:
    """All cards, in the order in which they are shown."""
    joined = [
        Group(join, _cards("skip", [skip for skip in SKIPS.values() if skip.drawing in drawings]))
        for join, drawings in JOINS.items()
    ]
    others = [Group(field, _cards(field, entries.values())) for field, entries in LISTS.items()]
    return joined + others


def _cards(field: str, entries: Iterable[Entry]) -> tuple[Card, ...]:
    return tuple(Card(field, entry, _query(field, entry)) for entry in entries)


def _query(field: str, entry: Entry) -> str:
    """A plain network is held against a residual one."""
    chosen = {f"net.{name}": value for name, value in example(field, entry).items()}
    against = {"against": "identity"} if field == "skip" and entry.name == "none" else {}
    return query(chosen | against)


def query(settings: Mapping[str, Any]) -> str:
    """The query of the Lab's address with these settings, "" where all have their defaults."""
    return f"?{urlencode({'v': 2, **settings}, safe=',')}" if settings else ""
