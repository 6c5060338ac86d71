"""Training whose frames carry the time of day at which they were made, and a server of it.

``python -m benchmarks.stamped --port P --data FOLDER`` is ``depthscope serve`` but for that.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from app.events import Frame

if TYPE_CHECKING:
    from app.events import Event
    from app.spec import RunSpec


class Stamped(Frame):
    """A frame with its birth, in seconds since 1970; readers ignore fields they don't know."""

    made: float


class Training:
    """The real training, each frame stamped as it leaves."""

    def __init__(self, spec: RunSpec) -> None:
        from app.training.loop import Training as Real  # here, for a server must not load torch

        self._real = Real(spec)

    @property
    def step(self) -> int:
        """The number of steps done so far."""
        return self._real.step

    def keep(self, path: Path) -> str | None:
        """Write the network to a file."""
        return self._real.keep(path)

    def __iter__(self) -> Iterator[Event | None]:
        for event in self._real:
            yield Stamped(**dict(event), made=time()) if isinstance(event, Frame) else event


def main() -> None:
    """Serve, with workers that stamp."""
    from app.cli import app
    from app.executors import local

    engine = partial(local.LocalExecutor, trainer="benchmarks.stamped:Training")
    local.LocalExecutor = engine  # type: ignore[misc, assignment]
    app(["serve", *sys.argv[1:]])


if __name__ == "__main__":
    main()
