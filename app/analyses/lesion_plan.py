"""What a lesion study does to a network, one after the other; without torch."""

from __future__ import annotations

from dataclasses import dataclass

from app.spec import RunSpec, blocks
from models.registry import Choice, integer, name


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesion(Choice):
    """How much is tried.

    ``most``: blocks are also removed together, two up to so many, ``draws`` times each at random
    by ``seed``. ``statistics``: batch normalisation keeps those of the intact network, or has them
    estimated anew each time, on training examples.
    """

    swaps: str = name("yes", "Swap neighbours", ("yes", "no"))
    most: int = integer(10, "Blocks removed together, at most", 1, 600)
    draws: int = integer(3, "Random draws of each number", 1, 50)
    seed: int = integer(0, "Seed of the draws", 0, 2**32 - 1)
    statistics: str = name(
        "intact",
        "Batch-norm statistics",
        ("intact", "estimated"),
        help="The intact network's, or estimated anew after each removal.",
    )


def numbers(spec: RunSpec, choice: Lesion) -> range:
    """How many blocks are removed together."""
    return range(2, min(choice.most, blocks(spec.net)) + 1)


def steps(spec: RunSpec, choice: Choice) -> int:
    """Each removal, each swap, each draw."""
    assert isinstance(choice, Lesion)
    count = blocks(spec.net)
    swaps = count - 1 if choice.swaps == "yes" else 0
    return count + swaps + len(numbers(spec, choice)) * choice.draws
