"""An analysis as a run: a generator of events over a saved network."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.analyses.spec import Asked
from app.data.errors import DataError
from app.events import Event, Finding, Finished
from app.spec import RunSpec
from app.training.evaluation import Evaluation, known
from app.training.examples import examples
from app.training.kept import load
from app.training.program import Program
from app.training.setup import Setup, plan, started
from app.training.task import TASKS
from app.validation import BadField, of_data

Analyse = Callable[..., Generator[Finding | None]]  # of the run's spec, its setup, the parameters


class Analysing(Program):
    """``started`` with what is asked, the intact network evaluated, results, ``finished``.

    ``step`` counts the results.

    Raises:
        BadField: the network, or its data, is not there any more.
    """

    def __init__(self, asked: Asked) -> None:
        super().__init__(self._run())
        self._asked = asked

    @property
    def earliest(self) -> int:
        """Nothing of it changes while it runs."""
        return self.step + 1

    def change(self, spec: RunSpec) -> None:
        """It goes on as before."""

    def keep(self, path: Path) -> str | None:
        """An analysis makes no network."""
        return "an analysis trains none"

    def _run(self) -> Generator[Event | None]:
        asked = self._asked
        try:
            kept = load(asked.network)
        except FileNotFoundError as error:
            raise BadField(
                "of", "its network is not kept any more", "allowed: a run with its network"
            ) from error
        except ValueError as error:
            raise BadField("of", str(error), "allowed: a network that was kept here") from error
        spec = kept.spec
        if problem := asked.spec.entry.unfit(spec):
            raise BadField("of", problem, "allowed: a network that this can be asked of")
        layout = plan(spec)
        told = replace(asked.spec, trained=kept.step)
        yield started(layout).model_copy(update={"analysis": told.plain()})
        try:
            train, test = examples(spec, layout.data, layout.device)
        except DataError as error:
            raise of_data(error) from error
        setup = Setup(kept.net.to(layout.device), TASKS[layout.data.task], train, test)
        evaluate = Evaluation(setup, spec.evaluate.limit, known(spec, train))
        yield (yield from evaluate(0))
        analyse: Any = asked.spec.entry.load()
        for finding in analyse(spec, setup, evaluate, asked.spec.choice):
            if finding is not None:
                self.step += 1
                finding = finding.model_copy(update={"step": self.step})
            yield finding
        yield Finished(step=self.step)
