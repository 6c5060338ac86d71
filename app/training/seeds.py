"""Independent streams of random numbers from one seed."""

from __future__ import annotations

from hashlib import sha256

import torch


def generator(seed: int, stream: str) -> torch.Generator:
    """A CPU generator for one purpose (``weights``, ``order``) of the run with this seed.

    Streams don't depend on one another: drawing more from one leaves the others as they are.
    """
    digest = sha256(f"{seed}/{stream}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big", signed=True))
