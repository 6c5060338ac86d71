"""How many workers a pool has, and for how many runs."""

from __future__ import annotations

SUBSTITUTES = 4  # at most so many workers more, while as many are kept by paused runs


def wanted(size: int, yielding: int, runs: int) -> int:
    """How many workers there should be: substitutes only for who would train on them.

    ``yielding``: how many paused runs keep a worker while others may train. ``runs``: how many
    runs have a worker or want one.
    """
    return max(size, min(size + min(yielding, SUBSTITUTES), runs))


def free(size: int, parked: int, training: int, most: int | None) -> int:
    """How many more runs could train now, on workers that are here or can still start.

    ``parked``: how many paused runs keep a worker. ``training``: how many other runs have one.
    ``most``: so many workers there are, and no more start.
    """
    reachable = size + min(parked, SUBSTITUTES) if most is None else most
    return max(0, min(size, reachable - parked) - training)


def room(size: int, parked: int, most: int | None) -> int:
    """How many workers could be free at best, one at least; see ``free``."""
    return max(1, free(size, parked, 0, most))
