"""What a run comes to, in words, while it trains and after."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.events import NOTHING, Result
from app.executors.base import Batch, State
from app.spec import RunSpec
from app.words import divergence


def name_of(spec: RunSpec) -> str:
    """What a run is, in a few words: ``convnet 56, skip identity, digits``."""
    return f"{spec.net.family} {spec.net.depth}, skip {spec.net.skip.name}, {spec.data.name}"


def kind_of(spec: RunSpec) -> str:
    """What is said of a run: its "error", or its "loss" where answers are not right or wrong."""
    regression = spec.data.entry is not None and spec.data.entry.task == "regression"
    return "loss" if regression else "error"


def measured(result: Result, split: str, kind: str) -> str:
    """An error with its count, ``0.8 % (3 of 360)``; a loss as it is, ``0.0421 (on 512)``."""
    count = result.count if split == "train" else result.test_count
    value = getattr(result, f"{split}_{kind}")
    if value is None or count is None:
        return "not measured"
    if kind == "loss":
        return f"{value:.3g} (on {count:,})"
    places = 1 if value < 0.1 else 0
    return f"{100 * value:.{places}f} % ({round(value * count):,} of {count:,})"


class Report:
    """Gathers what a run's batches say of it."""

    def __init__(self, spec: RunSpec) -> None:
        self.kind = kind_of(spec)
        self.state = State.QUEUED
        self.step = 0
        self.reason: str | None = None
        self.result = NOTHING

    def add(self, batch: Batch) -> None:
        """Take in what came."""
        self.step = batch.step
        if batch.result is not None:
            self.result = Result.model_validate(batch.result)
        if batch.ending is not None:
            self.state, self.reason = batch.ending, batch.reason

    @property
    def note(self) -> str:
        """A few words beside a progress bar."""
        if self.kind == "loss":
            loss = self.result.train_loss
            return "" if loss is None else f"training loss {loss:.3g}"
        error = self.result.train_error
        return "" if error is None else f"training error {100 * error:.1f} %"

    @property
    def measures(self) -> str:
        """Training and test error (or loss) with their counts, and their step where that is not
        the last."""
        training, test = self.cells
        return f"training {self.kind} {training}, test {self.kind} {test}"

    @property
    def cells(self) -> tuple[str, str]:
        """The same without their names, for a table."""
        training, test = (measured(self.result, split, self.kind) for split in ("train", "test"))
        return training + self.when, test + self.when

    @property
    def when(self) -> str:
        """`` at step 100``; nothing where that goes without saying."""
        known = self.result
        if known.evaluated is None or known.measured_after(self.step):
            return ""
        return f" at step {known.evaluated}"

    @property
    def outcome(self) -> str:
        """How the run went, in a sentence."""
        if self.state is State.FAILED:
            return f"failed after {self.step} steps: {self.reason}"
        if self.result.diverged:
            return f"the loss {divergence(self.step, self.result.became)}"
        seconds = f"{self.result.seconds:.1f} s of training"
        stopped = "stopped " if self.state is State.STOPPED else ""
        return f"{stopped}after {self.step} steps, {self.measures}; {seconds}"


def progress_bars(*, hidden: bool = False) -> Progress:
    """Progress bars on standard error, gone when all is done; none where that is no terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=Console(file=sys.stderr),
        transient=True,
        disable=hidden or not sys.stderr.isatty(),
    )
