"""How a command that can't go on says so, and its exit status.

0: done (a divergence is a result). 1: a run failed, or this machine isn't ready. 2: what was asked
for can't be. 130: interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import typer

from app.data.errors import sayable
from app.executors.base import State

FAILED, USAGE, INTERRUPTED = 1, 2, 130
STATUS = {State.FINISHED: 0, State.FAILED: FAILED, State.STOPPED: INTERRUPTED}


class Usage(Exception):
    """What was asked for can't be; one line for each thing that is wrong with it."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        super().__init__("\n".join(self.lines))


@contextmanager
def told() -> Iterator[None]:
    """Turn what a user did wrong, and an interruption, into a message and an exit status."""
    try:
        yield
    except Usage as error:
        for line in error.lines:
            say(line)
        raise typer.Exit(USAGE) from None
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        say("interrupted")
        raise typer.Exit(INTERRUPTED) from None


def say(line: str) -> None:
    """Tell people something without touching standard output."""
    typer.echo(f"depthscope: {sayable(line)}", err=True)
