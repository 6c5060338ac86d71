"""An engine of fake training that a test leads, and what the parts of the contract share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from app.executors.base import ENDED, Action, Executor, Job, State, Task
from app.spec import RunSpec
from tests.contracts.fake_training import Behaviour, spec
from tests.contracts.recording import Recording

WORKERS = 2
LONG = 100_000  # steps: slow training takes minutes over them
NAMES = (f"run{number}" for number in count())


class Lab:
    """An engine that is open, and its sink."""

    def __init__(self, engine: Executor) -> None:
        self.engine = engine
        self.sink = Recording()
        engine.start(self.sink)

    def submit(
        self,
        *specs: RunSpec,
        paused: bool = False,
        first_seq: int = 0,
        keep: Path | None = None,
    ) -> tuple[str, ...]:
        """Submit the specs as one job; returns the runs' names."""
        runs = tuple(next(NAMES) for _ in specs)
        tasks = tuple(
            Task(run, spec, first_seq, keep) for run, spec in zip(runs, specs, strict=True)
        )
        self.engine.submit(Job(tasks, paused))
        return runs

    def start(self, behaviour: Behaviour = Behaviour.SLOW, steps: int = LONG) -> str:
        """Submit one run, and wait until it trains."""
        (run,) = self.submit(spec(behaviour, steps))
        self.sink.until_step(run, 1)
        return run

    def stop(self, *runs: str) -> None:
        """Stop the runs, and wait for their endings."""
        for run in runs:
            self.engine.control(run, Action.STOP)
        for run in runs:
            self.sink.ending(run)

    def check(self) -> None:
        """What must hold of all that any run ever said."""
        for run, batches in self.sink.batches.items():
            numbers = [event["seq"] for event in self.sink.events(run)]
            first = batches[0].first_seq
            assert numbers == list(range(first, first + len(numbers))), "a hole, or a repetition"
            assert all(event["run"] == run for event in self.sink.events(run))
            assert all(batch.events for batch in batches[:-1])
            assert [b.ending is not None for b in batches] == [False] * (len(batches) - 1) + [True]
            if batches[-1].ending is State.INTERRUPTED:
                assert set(self.sink.types(run)).isdisjoint(ENDED)
            else:
                assert self.sink.types(run)[-1] == batches[-1].ending


class Labs(ABC):
    """What each part of the contract stands on: engines of fake training, one of them shared."""

    @staticmethod
    @abstractmethod
    def make(workers: int, trainer: str, describer: str, sampler: str) -> Executor: ...

    @classmethod
    def lab_of_fakes(cls, workers: int = WORKERS) -> Lab:
        fakes = "tests.contracts.fake_training"
        return Lab(
            cls.make(
                workers,
                *(f"{fakes}:{name}" for name in ("FakeTraining", "describe", "samples")),
            )
        )

    @pytest.fixture(scope="class")
    @classmethod
    def shared(cls) -> Iterator[Lab]:
        lab = cls.lab_of_fakes()
        with closing(lab.engine):
            yield lab
        lab.check()

    @pytest.fixture
    def lab(self, shared: Lab) -> Iterator[Lab]:
        """The engine all tests share: a fault that one provokes must not show in the next."""
        yield shared
        shared.stop(*[run for run in shared.sink.moves if not shared.sink.ended(run)])
