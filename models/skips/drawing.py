"""How a skip is drawn: its lines, and the two roads of a block. No torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Drawing = Literal["", "arc", "learned", "changed", "gate", "onward", "copies"]


@dataclass(frozen=True, slots=True)
class Paint:
    """How lines of a skip look: a hue of the themes' palette, Plotly's name of dash and marker.

    Any two skips share at most one of the three, so that they are told apart without colour, too.
    """

    hue: str
    dash: str
    marker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """What stands on the way from a block's input to what it writes, in signs of its formula.

    ``read`` is what the branch reads where that is not what the block before gave, ``both``: what
    passes the branch is this, too. ``shortcut`` and ``branch`` are the factors of the two roads,
    empty where one passes as it is. ``meets``: the two are added, the branch's output is appended
    to a list, or there is but one road.
    """

    read: str = ""
    both: bool = False
    shortcut: str = ""
    branch: str = ""
    meets: Literal["sum", "append", ""] = "sum"
