"""Twins, held at the same step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from app.executors.base import Action, Executor, Refused, State
from app.executors.reasons import BY_OWNER


class Progress(NamedTuple):
    """The state of a run, and how many steps it has done."""

    state: State
    step: int


class Pair:
    """Runs that pause together, at one step, and are stepped together.

    A run goes on for a moment after it is told to pause, so two of them come to rest at different
    steps; then the one behind trains on until it is where the other is.
    """

    def __init__(self, *, held: bool) -> None:
        self._held = held
        self._target = 0  # the step that both were last told to go to
        self._steps = 0  # how many more are wanted, once both are there

    def order(self, executor: Executor, action: Action, runs: Mapping[str, Progress]) -> None:
        """Act on those that have not ended, as their owner asks.

        Raises:
            Refused: the engine holds none of them.
        """
        if action is Action.STEP:
            self._steps += 1
            # All of them: one that is told as paused may have been resumed a moment ago, and
            # where it still is paused this does nothing.
            tell(executor, list(runs), Action.PAUSE)
        else:
            self._target = self._steps = 0
            tell(executor, list(runs), action)
        self._held = action in (Action.PAUSE, Action.STEP)
        self.align(executor, runs)

    def release(self) -> None:
        """One of them is led apart from now on."""
        self._held = False

    def align(self, executor: Executor, runs: Mapping[str, Progress]) -> None:
        """Bring those that have not ended to one step, where they are held and at rest."""
        if not self._held or not runs:
            return
        if any(one.state is not State.PAUSED for one in runs.values()):
            return
        if any(one.step < self._target for one in runs.values()):
            return  # on their way
        self._target = max(one.step for one in runs.values()) + self._steps
        self._steps = 0
        if any(one.step < self._target for one in runs.values()):
            executor.align(list(runs), self._target)


def tell(executor: Executor, runs: Sequence[str], action: Action, reason: str = BY_OWNER) -> None:
    """Act on every run that the engine still holds; ``reason`` says why they are stopped.

    Raises:
        Refused: there are some, and it holds none of them.
    """
    refusal: Refused | None = None
    held = 0
    for run in runs:
        try:
            executor.control(run, action, reason)
            held += 1
        except Refused as error:  # it ended a moment ago: that will be heard of
            refusal = error
    if refusal and not held:
        raise refusal


def stop(executor: Executor, runs: Sequence[str], reason: str) -> None:
    """Stop those that the engine still holds."""
    with suppress(Refused):
        tell(executor, runs, Action.STOP, reason)
