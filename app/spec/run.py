"""RunSpec: one run of one network."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from app.data.entry import DataEntry
from app.data.registry import DATASETS
from app.mistakes import BadField
from app.spec.data import Data, DataOrName
from app.spec.model import Model
from app.spec.net import Net
from app.spec.optimizer import Optimizer, Sgd
from models.registry import FAMILIES
from models.spec import NetSpec

MAX_STEPS = 100_000
MAX_BATCH = 4096
MAX_SEED = 2**32 - 1
MAX_CHANGES = 100
MAX_SAMPLES = 20
MAX_KEPT = 10_000_000  # frames times layers: some 200 MB of events


class Evaluate(Model):
    """When the whole sets are measured, and what is asked in between.

    ``every``: each so many steps (None: a quarter of the run), besides step 0 and the end.
    ``limit``: at most so many examples of each set, evenly spread over it (None: all). The default
    is all of a small set; of a large one an evaluation then costs less than training does, and an
    error is known to about a point (two standard errors at 5 %). ``samples``: so many test examples
    are asked of the network again and again, one by one (None: ten; 0: none).
    """

    every: int | None = Field(None, ge=1, le=MAX_STEPS)
    limit: int | None = Field(2000, ge=1, le=1_000_000)
    samples: int | None = Field(None, ge=0, le=MAX_SAMPLES)


Changeable = Literal["optimizer.lr", "optimizer.weight_decay"]


class Change(Model):
    """From step ``step`` on (steps count from 1), these settings have these values."""

    step: int = Field(ge=1, le=MAX_STEPS)
    set: dict[Changeable, Annotated[float, Field(ge=0, le=100)]] = Field(min_length=1)


def _not_true(value: Any) -> Any:
    """Python takes True for 1; JSON does not."""
    return None if isinstance(value, bool) else value


Version = Annotated[Literal[1], BeforeValidator(_not_true)]


class RunSpec(Model):
    """One run of one network, complete: the same spec gives the same events but for the time.

    (Same machine, versions and device.)
    """

    version: Version = 1
    net: Net = NetSpec()
    data: DataOrName = Data()
    optimizer: Optimizer = Sgd()
    batch_size: int = Field(64, ge=1, le=MAX_BATCH)
    steps: int = Field(200, ge=1, le=MAX_STEPS)
    every: int | None = Field(None, ge=1, le=MAX_STEPS)
    evaluate: Evaluate = Evaluate()
    changes: tuple[Change, ...] = Field((), max_length=MAX_CHANGES)
    seed: int = Field(0, ge=0, le=MAX_SEED)
    device: Literal["auto", "cpu", "cuda"] = "auto"

    @model_validator(mode="after")
    def _consistent(self) -> RunSpec:
        family = FAMILIES[self.net.family]
        if self.data.kind not in family.takes:
            fits = ", ".join(name for name, d in DATASETS.items() if d.kind in family.takes)
            raise BadField(
                "data",
                f"{self.data.name} are {self.data.kind}, and the {family.name} family takes none",
                f"allowed for {family.name}: {fits}",
            )
        if self.data.entry:
            self.check_batch(self.data.entry.train_size)
        if self.batch_size < 2 and self.net.norm == "batch":
            raise BadField(
                "batch_size",
                "batch normalisation needs at least two examples",
                "allowed: 2 or more",
            )
        layer_steps = self.steps * self.net.depth
        if layer_steps > MAX_KEPT * self.frame_every:
            raise BadField(
                "every",
                "keeps too many frames of so many layers",
                f"allowed: {ceil(layer_steps / MAX_KEPT)} or more for these steps and this depth",
            )
        for earlier, later in zip(self.changes, self.changes[1:], strict=False):
            if later.step <= earlier.step:
                raise BadField("changes", "are not in order", "allowed: each step after the last")
        if self.changes and self.changes[-1].step > self.steps:
            raise BadField("changes", "lie beyond the last step", f"allowed: 1 to {self.steps:,}")
        return self

    def look(self, devices: Sequence[str] | None) -> DataEntry:
        """Look whether this machine has what the run needs; gives the facts of its data set.

        ``devices``: what can be computed on (``cpu``, ``cuda``), None where nobody knows yet.

        Raises:
            BadField: its device is none of them; or its own images are not there, not as they
                should be, or too few for a batch.
        """
        self.check_device(devices)
        found = self.data.look()
        self.check_batch(found.train_size)
        return found

    def check_device(self, devices: Sequence[str] | None) -> None:
        """Refuse a device that is none of these; None: nobody knows yet.

        Raises:
            BadField: says which there are.
        """
        if devices is not None and self.device not in ("auto", *devices):
            raise BadField(
                "device",
                f"there is no {self.device.upper()} device here",
                f"allowed: {', '.join(('auto', *devices))}",
            )

    def check_batch(self, size: int) -> None:
        """Refuse a batch that ``size`` training examples can't fill.

        Raises:
            BadField: says how large a batch can be.
        """
        kept = self.data.kept(size)
        if self.batch_size > kept:
            raise BadField(
                "batch_size",
                "is larger than the training set",
                f"allowed: 1 to {kept} for this data",
            )

    @property
    def frame_every(self) -> int:
        """Steps to a frame: ``every``, by default at most 500 frames a run."""
        return self.every or ceil(self.steps / 500)

    @property
    def evaluate_every(self) -> int:
        """Steps to an evaluation: by default four a run, besides step 0."""
        return self.evaluate.every or ceil(self.steps / 4)

    @property
    def samples(self) -> int:
        """How many test examples are asked one by one."""
        return 10 if self.evaluate.samples is None else self.evaluate.samples

    @property
    def samples_every(self) -> int:
        """Steps from asking them to asking them again: twenty times a run, besides evaluations."""
        return ceil(self.steps / 20)
