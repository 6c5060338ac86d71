"""How long a pool of workers waits for what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds.

    ``grace``: a worker has so long to obey a stop before it is killed. ``yield_after``: a run is
    paused so long before others may train in its place. ``notice``: a paused run is ended so long
    after its notice. ``linger``: a spare worker is kept warm so long. ``keeping``: a run that is
    over has so long to write its network.
    """

    grace: float = 0.5
    yield_after: float = 1.0
    notice: float = 120.0
    linger: float = 60.0
    keeping: float = 30.0
