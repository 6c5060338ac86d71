"""Random numbers: independent streams from one seed."""

from __future__ import annotations

from hashlib import sha256

from torch import Generator


def generator(seed: int, stream: str) -> Generator:
    """A CPU generator for one purpose (``order``, ``noise/7/block3``) of the run with this seed.

    Streams don't depend on one another: drawing more from one leaves the others as they are.
    """
    digest = sha256(f"{seed}/{stream}".encode()).digest()
    return Generator().manual_seed(int.from_bytes(digest[:8], "big", signed=True))


class Noise:
    """Where a network's parts draw random numbers from while it trains.

    What a part draws depends on ``seed``, ``step`` and its name alone: twins get the same, and a
    step that is taken again gets it again.
    """

    def __init__(self) -> None:
        self.seed = 0
        self.step = 0

    def generator(self, part: str) -> Generator:
        """A generator for the part with this name, anew at every step."""
        return generator(self.seed, f"noise/{self.step}/{part}")
