"""The one configuration: what the form, the link, the command line, the database and HTTP share.

Importing this module loads neither torch nor a data set.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from functools import reduce
from math import ceil
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from app.data.entry import DataEntry
from app.data.errors import DataError
from app.data.images import NAME as OWN_IMAGES
from app.data.registry import DATASETS, find
from app.mistakes import BadField, of_data
from models.registry import FAMILIES
from models.spec import CHOICES, MAX_WIDTH, NetSpec

MAX_STEPS = 100_000
MAX_BATCH = 4096
MAX_SEED = 2**32 - 1
MAX_CHANGES = 100
MAX_SAMPLES = 20
MAX_KEPT = 10_000_000  # frames times layers: some 200 MB of events


class Model(BaseModel):
    """Frozen, strict (no ``true`` or ``"7"`` for a number), finite, no unknown field."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


def _named(value: Any) -> Any:
    """A bare name stands for the choice with its defaults: ``"sgd"`` is ``{"name": "sgd"}``."""
    return {"name": value} if isinstance(value, str) else value


def _net_names(value: Any) -> Any:
    """``{"name": "identity"}`` is ``"identity"``: no choice of a network has parameters yet."""
    if not isinstance(value, dict):
        return value
    return {
        key: choice["name"]
        if key in CHOICES and isinstance(choice, dict) and set(choice) == {"name"}
        else choice
        for key, choice in value.items()
    }


def _net_schema() -> dict[str, Any]:
    depths = [family.depths for family in FAMILIES.values()]
    ranges = {
        "depth": {"minimum": min(d[0] for d in depths), "maximum": max(d[-1] for d in depths)},
        "width": {"minimum": 1, "maximum": MAX_WIDTH},
    }
    properties = {}
    for field in fields(NetSpec):
        assert field.default is not MISSING
        about: dict[str, Any] = (
            {"type": "string", "enum": list(CHOICES[field.name])}
            if field.name in CHOICES
            else {"type": "integer", **ranges[field.name]}
        )
        properties[field.name] = {**about, "default": field.default}
    return {"type": "object", "additionalProperties": False, "properties": properties}


# Where a choice has no default, its schema must say that the name is needed.
NAMED = ConfigDict(json_schema_extra={"required": ["name"]})


class Sgd(Model):
    """Stochastic gradient descent with momentum, as torch.optim.SGD defines it."""

    name: Literal["sgd"] = "sgd"
    lr: float = Field(0.05, gt=0, le=100)
    momentum: float = Field(0.9, ge=0, lt=1)
    weight_decay: float = Field(0.0001, ge=0, le=1)


class Adam(Model):
    """Adam (Kingma and Ba 2015, arXiv:1412.6980), as torch.optim.Adam defines it."""

    model_config = NAMED
    name: Literal["adam"] = "adam"
    lr: float = Field(0.001, gt=0, le=100)
    beta1: float = Field(0.9, ge=0, lt=1)
    beta2: float = Field(0.999, ge=0, lt=1)
    weight_decay: float = Field(0.0, ge=0, le=1)


def _named_optimizer(value: Any) -> Any:
    """As ``_named``; SGD where no name is given, as where no optimizer is."""
    value = _named(value)
    return {"name": "sgd", **value} if isinstance(value, dict) else value


_AnyOptimizer = Annotated[Sgd | Adam, Field(discriminator="name")]
Optimizer = Annotated[
    _AnyOptimizer,
    BeforeValidator(
        _named_optimizer, json_schema_input_type=_AnyOptimizer | Literal["sgd", "adam"]
    ),
]


DataName = Annotated[
    str,
    Field(
        json_schema_extra={
            "anyOf": [
                {"enum": list(DATASETS)},
                {"title": "folder:NAME", "pattern": f"^{OWN_IMAGES.pattern}$"},
            ]
        }
    ),
]


class Data(Model):
    """Which data set, and how much of it.

    ``name`` is a registered set's, or ``folder:NAME`` for one's own images. ``limit`` keeps that
    many training examples, the same at every seed; ``shuffle`` draws a new order each epoch;
    ``augment`` shifts and mirrors the images that training sees, anew each time; ``label_noise``
    is the fraction of training examples whose label is replaced by a wrong one, drawn by the seed.
    """

    name: DataName = "digits"
    limit: int | None = Field(None, ge=1, le=1_000_000)
    shuffle: bool = True
    augment: bool = False
    label_noise: float = Field(0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _possible(self) -> Data:
        if self.name not in DATASETS and not OWN_IMAGES.fullmatch(self.name):
            raise BadField(
                "name",
                "is not a known data set",
                f"allowed: {', '.join(DATASETS)}, or folder:NAME for your own images",
            )
        if self.augment and self.kind != "image":
            images = ", ".join(name for name, entry in DATASETS.items() if entry.kind == "image")
            raise BadField("augment", f"{self.name} are no images", f"allowed for: {images}")
        if self.label_noise and self.entry and self.entry.task == "regression":
            raise BadField("label_noise", f"{self.name} has no labels", "allowed: 0")
        return self

    @property
    def entry(self) -> DataEntry | None:
        """The registered facts; None for one's own images, which are looked at when they train."""
        return DATASETS.get(self.name)

    @property
    def kind(self) -> str:
        """What an example is: an image, or a point."""
        return self.entry.kind if self.entry else "image"

    def look(self) -> DataEntry:
        """The facts; one's own images are looked at now.

        Raises:
            BadField: they are not there, or not as they should be.
        """
        try:
            return find(self.name)
        except DataError as error:
            raise of_data(error) from error

    def kept(self, size: int) -> int:
        """How many training examples a run sees, of so many."""
        return size if self.limit is None else min(size, self.limit)

    @model_serializer(mode="wrap")
    def _short(self, full: Any) -> Any:
        """The bare name where nothing else was set."""
        return self.name if self == Data(name=self.name) else full(self)


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
    net: Annotated[NetSpec, BeforeValidator(_net_names), WithJsonSchema(_net_schema())] = NetSpec()
    data: Annotated[Data, BeforeValidator(_named, json_schema_input_type=Data | DataName)] = Data()
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

    def look(self) -> DataEntry:
        """The facts of its data set; one's own images are looked at now.

        Raises:
            BadField: they are not there, not as they should be, or too few for a batch.
        """
        found = self.data.look()
        self.check_batch(found.train_size)
        return found

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


def with_values(spec: RunSpec, values: dict[str, Any]) -> RunSpec:
    """The spec with the values at these dotted paths, validated anew.

    Where ``steps`` are fewer, what was to change after them goes, unless ``changes`` are given.

    Raises:
        pydantic.ValidationError: the result is not a legal spec.
    """
    config = spec.model_dump(mode="json")
    for path, value in values.items():
        *parents, leaf = path.split(".")
        inner = config
        for parent in parents:
            inner = inner[parent]
        inner[leaf] = value
    if isinstance(steps := values.get("steps"), int) and "changes" not in values:
        config["changes"] = [change for change in config["changes"] if change["step"] <= steps]
    return RunSpec.model_validate_json(json.dumps(config))


def value_at(spec: RunSpec, path: str) -> object:
    """The value at a dotted path, as ``with_values`` takes it."""
    return reduce(getattr, path.split("."), spec)
