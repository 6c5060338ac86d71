"""One run in its worker."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol, cast

from app.events import ENDINGS, Event, Failed, Finished, Stopped
from app.executors.base import Action, State
from app.executors.failures import message, poisonous, report
from app.executors.inbox import Inbox
from app.executors.messages import (
    Act,
    Align,
    Amend,
    Interrupt,
    Keeping,
    Moved,
    News,
    Order,
    Reserve,
    Reserved,
    Train,
)
from app.executors.reasons import DELETED
from app.executors.recorder import Ending, Recorder
from app.spec import RunSpec


class Training(Iterable[Event | None], Protocol):
    """What trains: a generator's events, and in ``step`` the number of steps done so far.

    ``earliest`` is the first step that a change of the spec can still meet; ``change`` brings one.
    ``keep`` writes the network to a file, all or nothing; it returns why not, in words for
    people, where it can't.
    """

    step: int

    @property
    def earliest(self) -> int: ...

    def change(self, spec: RunSpec) -> None: ...

    def keep(self, path: Path) -> str | None: ...


Trainer = Callable[[RunSpec], Training]


class Session:
    """Trains one run to its ending, and between two ``next`` heeds what is ordered."""

    def __init__(
        self, order: Train, trainer: Trainer, inbox: Inbox, tell: Callable[[News], None]
    ) -> None:
        self._task = order.task
        self._first = order.reserve
        self._trainer = trainer
        self._inbox = inbox
        self._tell = tell
        self._recorder = Recorder(order.task, tell)
        self._training: Training | None = None
        self._hold_at = math.inf if order.hold_at is None else order.hold_at  # steps
        self._holding = False  # whether that was told
        self._reserved = False  # whether it stays where it is until it is amended
        self._stopped: Act | Interrupt | None = None
        self.poisoned = False

    def train(self) -> None:
        """Run to the one ending that every run has. Raises nothing that the run did wrong."""
        self._move(State.RUNNING)
        ending: Ending | None
        try:
            ending = self._lead()
        except Exception as error:  # noqa: BLE001 (the edge: whatever went wrong, the run says so)
            report(error)
            ending = Failed(step=self._step, reason=message(error))
            self.poisoned = poisonous(error)
        if ending is None:
            self._recorder.interrupt(self._step)
        else:
            self._recorder.end(ending)

    def _lead(self) -> Ending | None:
        """Train to the ending; None: interrupted before."""
        asked = self._task.asked
        self._training = self._trainer(self._task.spec) if asked is None else asked.program()
        if self._first:
            self._reserve(self._first.number)
        with closing(cast("_Generator", iter(self._training))) as events:
            for event in events:
                if isinstance(event, ENDINGS):
                    return self._keep(event)
                self._recorder.add(event)
                if not self._heed():
                    return self._farewell()
        raise RuntimeError("the training went silent without an ending")

    def _farewell(self) -> Ending | None:
        if not isinstance(self._stopped, Act):
            return None
        stopped = Stopped(step=self._step, reason=self._stopped.reason)
        return stopped if stopped.reason == DELETED else self._keep(stopped)

    def _keep(self, ending: Ending) -> Ending:
        """Keep the network of a run that came to this end; the ending says so where it can't."""
        path = self._task.keep
        if path is None or not isinstance(ending, Finished | Stopped):
            return ending
        assert self._training
        self._tell(Keeping(self._task.run))
        unkept = self._training.keep(path)
        return ending.model_copy(update={"unkept": unkept})

    def _heed(self) -> bool:
        """Do what was ordered, wait while the run is held; False: it is stopped."""
        while (held := self._held) or self._reserved or not self._inbox.empty:
            if held and not self._holding:
                self._holding = True
                self._recorder.flush()
                self._move(State.PAUSED)
            self._obey(self._inbox.take())
            if self._stopped:
                return False
        return True

    @property
    def _held(self) -> bool:
        """Whether to wait before ``next``: at the step to hold at, but for the very ends.

        Before step 1 the evaluation at step 0 still comes; after the last step nothing is left
        to wait for.
        """
        step = self._step
        if step < self._hold_at or step >= self._task.steps:
            return False
        return step > 0 or self._recorder.evaluated

    def _obey(self, order: Order) -> None:
        match order:
            case (
                Act(run=run)
                | Align(run=run)
                | Interrupt(run=run)
                | Reserve(run=run)
                | Amend(run=run)
            ) if run != self._task.run:
                pass  # meant for a run that ended as the order came
            case Act(action=Action.STOP) | Interrupt():
                self._stopped = order
            case Act(action=Action.PAUSE) if self._hold_at == math.inf:
                self._hold_at = self._step
            case Act(action=Action.RESUME) if self._hold_at < math.inf:
                self._hold_at = math.inf
                self._holding = False
                self._move(State.RUNNING)
            case Act(action=Action.STEP) if self._hold_at < math.inf:
                self._go_on_until(max(self._hold_at, self._step) + 1)
            case Align(step=step) if self._hold_at < math.inf:
                self._go_on_until(max(self._hold_at, step))

            case Reserve(number=number):
                self._reserve(number)
            case Amend(spec=spec):
                assert self._training
                self._training.change(spec)
                self._reserved = False

    def _reserve(self, number: int) -> None:
        assert self._training
        step = self._training.earliest
        self._reserved = step <= self._task.spec.steps
        self._tell(Reserved(self._task.run, number, step if self._reserved else None))

    def _go_on_until(self, step: float) -> None:
        self._hold_at = step
        self._holding = False

    @property
    def _step(self) -> int:
        return self._training.step if self._training else 0

    def _move(self, state: State) -> None:
        self._tell(Moved(self._task.run, state, self._step))


class _Generator(Iterator[Event | None], Protocol):
    def close(self) -> None: ...
