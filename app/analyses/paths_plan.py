"""What is asked of the paths through a trained network; without torch."""

from __future__ import annotations

from dataclasses import dataclass

from app.spec import RunSpec, blocks
from models.registry import Choice, integer
from models.skips import SKIPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths(Choice):
    """How much is looked at.

    ``examples``: training examples whose mean loss is differentiated. ``draws``: single paths of
    each length, chosen at random by ``seed``; one that is drawn again counts once.
    """

    examples: int = integer(128, "Training examples", 1, 1024)
    draws: int = integer(5, "Single paths of each length", 1, 50)
    seed: int = integer(0, "Seed of the single paths", 0, 2**32 - 1)


def steps(spec: RunSpec, choice: Choice) -> int:
    """One result a length, and the whole; a plain network has one path, through all its blocks."""
    assert isinstance(choice, Paths)
    return (blocks(spec.net) + 1 if SKIPS[spec.net.skip.name].adds else 1) + 1
