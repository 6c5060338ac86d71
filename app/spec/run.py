"""RunSpec: one run of one network."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from app.data.entry import DataEntry
from app.data.registry import DATASETS
from app.measures import MEASURES, USUAL
from app.spec.changes import MAX_STEPS, Change, check_values
from app.spec.data import Data, DataOrName
from app.spec.model import Model
from app.spec.net import Net
from app.spec.optimizer import Optimizer, Sgd
from app.spec.upgrade import VERSION, upgrade
from app.validation import BadField
from models.families import FAMILIES, net_spec
from models.norms import NORMS
from models.registry import Entry, registry

MAX_BATCH = 4096
MAX_SEED = 2**32 - 1
MAX_CHANGES = 100
MAX_SAMPLES = 20
MAX_KEPT = 30_000_000  # values: frames times layers times measures; some 200 MB of events

DEVICES = registry(
    Entry(name="auto", title="Automatic", summary="A GPU where there is one, else the CPU."),
    Entry(name="cpu", title="CPU", summary="The machine's processor: losses repeat bit for bit."),
    Entry(name="cuda", title="GPU (CUDA)", summary="A GPU of NVIDIA's."),
)
STATISTICS = registry(
    Entry(name="plain", title="images as they are", summary="Training images without changes."),
    Entry(name="augmented", title="augmented images", summary="Training images as training sees."),
)


class Evaluate(Model):
    """When the whole sets are measured, and what is asked in between.

    ``every``: each so many steps (None: a quarter of the run), besides step 0 and the end.
    ``limit``: at most so many examples of each set, evenly spread over it (None: all). The default
    is all of a small set; of a large one an evaluation then costs less than training does, and an
    error is known to about a point (two standard errors at 5 %). ``samples``: so many test examples
    are asked of the network again and again, one by one (None: ten; 0: none). ``statistics``: from
    which training images an evaluation estimates those of batch normalisation: as they are
    (``plain``), or ``augmented`` as training sees them.
    """

    every: int | None = Field(None, ge=1, le=MAX_STEPS, title="Steps between evaluations")
    limit: int | None = Field(2000, ge=1, le=1_000_000, title="Examples evaluated")
    samples: int | None = Field(None, ge=0, le=MAX_SAMPLES, title="Samples shown")
    statistics: Literal["plain", "augmented"] = Field(
        "plain", title="Batch-norm statistics from", json_schema_extra={"entries": "statistics"}
    )


def _version(value: Any) -> Any:
    if type(value) is not int or value != VERSION:  # which 2.0 is not; nor is true 1
        allowed = f"allowed: {', '.join(str(one) for one in range(1, VERSION + 1))}"
        raise BadField("", "is not a known version", allowed)
    return value


def _measure(value: str) -> str:
    if value not in MEASURES:
        raise BadField("", "is not a known measure", f"allowed: {', '.join(MEASURES)}")
    return value


MeasureName = Annotated[
    str,
    AfterValidator(_measure),
    Field(json_schema_extra={"enum": list(MEASURES), "entries": "measures"}),
]
Version = Annotated[Literal[2], BeforeValidator(_version)]


class RunSpec(Model):
    """One run of one network, complete: the same spec gives the same events but for the time.

    (Same machine, versions and device.)
    """

    version: Version = 2
    net: Net = net_spec()
    data: DataOrName = Data()
    optimizer: Optimizer = Sgd()
    batch_size: int = Field(64, ge=1, le=MAX_BATCH, title="Batch size")
    steps: int = Field(200, ge=1, le=MAX_STEPS, title="Steps")
    every: int | None = Field(None, ge=1, le=MAX_STEPS, title="Steps between readings")
    evaluate: Evaluate = Evaluate()
    measures: tuple[MeasureName, ...] = Field(
        USUAL, max_length=len(MEASURES), strict=False, title="Measures"
    )
    changes: tuple[Change, ...] = Field(
        (), max_length=MAX_CHANGES, strict=False, title="Changes during training"
    )
    seed: int = Field(0, ge=0, le=MAX_SEED, title="Seed")
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", title="Device", json_schema_extra={"entries": "devices"}
    )

    @model_validator(mode="before")
    @classmethod
    def _upgraded(cls, config: Any) -> Any:
        return upgrade(config)

    @model_validator(mode="after")
    def _consistent(self) -> RunSpec:
        family = FAMILIES[self.net.family]
        if self.data.kind not in family.takes:
            fits = ", ".join(name for name, d in DATASETS.items() if d.kind in family.takes)
            raise BadField(
                "data",
                f"{self.data.name} is not {' or '.join(family.takes)} data, "
                f"which the {family.name} family needs",
                f"allowed for {family.name}: {fits}",
            )
        if self.data.entry:
            self.check_batch(self.data.entry.train_size)
        if self.batch_size < 2 and NORMS[self.net.norm.name].ties:
            raise BadField(
                "batch_size",
                "batch normalisation needs at least two examples",
                "allowed: 2 or more",
            )
        if self.evaluate.statistics == "augmented":
            self._check_statistics()
        values = self.steps * self.net.depth * max(1, len(self.measures))
        if values > MAX_KEPT * self.frame_every:
            raise BadField(
                "every",
                "keeps too many frames for so many layers and measures",
                f"allowed: {ceil(values / MAX_KEPT)} or more for these steps and this depth",
            )
        for name in self.measures:
            if self.measures.count(name) > 1:
                raise BadField("measures", f"names {name} twice", "allowed: each once")
        for earlier, later in zip(self.changes, self.changes[1:], strict=False):
            if later.step <= earlier.step:
                raise BadField("changes", "are not in order", "allowed: each step after the last")
        if self.changes and self.changes[-1].step > self.steps:
            raise BadField("changes", "lie beyond the last step", f"allowed: 1 to {self.steps:,}")
        for place, change in enumerate(self.changes):
            check_values(change.set, self.net, self.optimizer, f"changes.{place}.set")
        return self

    def _check_statistics(self) -> None:
        if not NORMS[self.net.norm.name].ties:
            raise BadField(
                "evaluate.statistics",
                "is about batch normalisation, which this network does not have",
                "allowed: plain, or the norm batch",
            )
        if not self.data.augment:
            raise BadField(
                "evaluate.statistics",
                "asks for augmented images, but this run augments none",
                "allowed: plain, or data.augment",
            )

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
