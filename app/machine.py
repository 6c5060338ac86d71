"""What a process that trains must know of the machine that it shares with others."""

from __future__ import annotations

import os

# By the environment: the engine, which says it, knows nothing of the training code.
VARIABLE = "DEPTHSCOPE_AT_ONCE"


def runs_at_once() -> int:
    """How many runs may train at once on this machine, as far as this process was told."""
    return int(os.environ.get(VARIABLE, "1"))
