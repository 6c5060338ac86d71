"""Code for workers to run that does what a test needs: well-behaved, or at fault on purpose.

A spec has no field for that, so the seed says it (see ``Behaviour``).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any

import torch

from app.events import Changed, Engine, Evaluated, Event, Finished, Frame, Started
from app.machine import runs_at_once
from app.spec import RunSpec
from app.validation import BadField
from models.families import net_spec


class Behaviour(IntEnum):
    """What it does; at fault from step 3 on, where it is at fault."""

    FINE = 0
    SLOW = 1  # 5 ms a step: still there when a test acts on it
    STUCK = 2  # a step that takes an hour
    RAISES = 3
    REFUSES = 4  # before step 1
    OUT_OF_MEMORY = 5
    DIVERGES = 6
    SILENT = 7  # no ending
    EXITS = 8
    HUGE = 9  # 200 KB a frame
    DIES = 10  # by SIGKILL


def spec(behaviour: Behaviour = Behaviour.FINE, steps: int = 20) -> RunSpec:
    """What to ask of it."""
    return RunSpec(net=net_spec(depth=8), steps=steps, seed=behaviour)


class FakeTraining:
    """Says what training says. ``versions`` in ``started`` holds the number of its process."""

    def __init__(self, spec: RunSpec) -> None:
        self.spec = spec
        self.behaviour = Behaviour(spec.seed)
        self.step = 0
        self.met = 0

    @property
    def earliest(self) -> int:
        return max(self.step, self.met) + 1

    def change(self, spec: RunSpec) -> None:
        self.spec = spec

    def __iter__(self) -> Iterator[Event | None]:
        if self.behaviour is Behaviour.REFUSES:
            raise BadField("net.depth", "is too deep to fake", "allowed: 8")
        yield Started(
            spec=self.spec,
            layers=(),
            other_layers=(),
            points=(),
            measures=(),
            params=7,
            steps_per_epoch=1,
            metrics=(),
            engine=Engine(device="cpu", threads=torch.get_num_threads()),
            versions={"process": str(os.getpid())},
        )
        yield None
        yield _evaluated(0)
        for step in range(1, self.spec.steps + 1):
            if step == 3:
                self._err()
            self.met = step
            for change in self.spec.changes:
                if change.step == step:
                    yield Changed(step=step, set=change.set)
            if self.behaviour is Behaviour.SLOW:
                time.sleep(0.005)
            self.step = step
            yield self._frame()
            if self.behaviour is Behaviour.DIVERGES and step == 3:
                yield Finished(step=step, diverged=True, became="nan")
                return
        yield None
        yield _evaluated(self.step)
        if self.behaviour is not Behaviour.SILENT:
            yield Finished(step=self.step)

    def keep(self, path: Path) -> str | None:
        """Writes whose network it is; in vain where the folder is not there."""
        try:
            path.write_text(str(self.step))
        except OSError:
            return "there is no such folder"
        return None

    def _err(self) -> None:
        match self.behaviour:
            case Behaviour.STUCK:
                time.sleep(3600)
            case Behaviour.RAISES:
                raise ZeroDivisionError("a fault on purpose")
            case Behaviour.OUT_OF_MEMORY:
                torch.empty(2**60)
            case Behaviour.EXITS:
                sys.exit(3)
            case Behaviour.DIES:
                os.kill(os.getpid(), 9)

    def _frame(self) -> Frame:
        lost = self.behaviour is Behaviour.DIVERGES and self.step == 3
        return Frame(
            step=self.step,
            loss=(float("nan") if lost else 1 / self.step,),
            measures={
                "flow": (1e-30,) * (30_000 if self.behaviour is Behaviour.HUGE else 2),
                "weight_grad": (0.0,),
                "update_ratio": (0.1,),
            },
            lr=0.1,
            time=time.perf_counter(),
        )


def _evaluated(step: int) -> Evaluated:
    error = 1 / (step + 1)
    return Evaluated(
        step=step,
        train_error=error,
        train_loss=error,
        test_error=error,
        test_loss=error,
        count=1,
        test_count=1,
    )


def samples(data: str, count: int, resize: int | None = None) -> dict[str, Any]:
    """Shows its own process, or has no such data."""
    if data == "nowhere":
        raise BadField("data", "is not there", "allowed: another")
    return {"data": data, "count": count, "process": os.getpid()}


def describe(spec: RunSpec) -> dict[str, Any]:
    """Describes, or fails as the seed says."""
    behaviour = Behaviour(spec.seed)
    match behaviour:
        case Behaviour.REFUSES:
            raise BadField("net.depth", "is too deep to fake", "allowed: 8")
        case Behaviour.STUCK:
            time.sleep(3600)
        case Behaviour.RAISES:
            raise ZeroDivisionError("a fault on purpose")
        case Behaviour.OUT_OF_MEMORY:
            torch.empty(2**60)
        case Behaviour.DIES:
            os.kill(os.getpid(), 9)
    return {
        "behaviour": behaviour.name,
        "process": os.getpid(),
        "threads": torch.get_num_threads(),
        "runs_at_once": runs_at_once(),
        "modules": list(sys.modules),
    }
