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
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic_core import ErrorDetails

from app.data.entry import DataEntry
from app.data.images import NAME as OWN_IMAGES
from app.data.registry import DATASETS
from models.registry import FAMILIES, SKIPS
from models.spec import CHOICES, MAX_WIDTH, BadNet, NetSpec

MAX_STEPS = 100_000
MAX_BATCH = 4096
MAX_SEED = 2**32 - 1
MAX_CHANGES = 100
MAX_STUDY_RUNS = 200


class BadField(ValueError):
    """A value that is well-formed but not allowed: names the field and what is allowed."""

    def __init__(self, field: str, problem: str, allowed: str) -> None:
        super().__init__(f"{field}: {problem}; {allowed}")
        self.field = field
        self.problem = problem
        self.allowed = allowed


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
NAMED_STUDY = ConfigDict(json_schema_extra={"required": ["study"]})


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


DataName = Annotated[str, Field(json_schema_extra={"enum": list(DATASETS)})]


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

    def kept(self, size: int) -> int:
        """How many training examples a run sees, of so many."""
        return size if self.limit is None else min(size, self.limit)

    @model_serializer(mode="wrap")
    def _short(self, full: Any) -> Any:
        """The bare name where nothing else was set."""
        return self.name if self == Data(name=self.name) else full(self)


class Evaluate(Model):
    """When the whole sets are measured.

    ``every``: each so many steps (None: a quarter of the run), besides step 0 and the end.
    ``limit``: at most so many examples of each set (None: all).
    """

    every: int | None = Field(None, ge=1, le=MAX_STEPS)
    limit: int | None = Field(None, ge=1, le=1_000_000)


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
        for earlier, later in zip(self.changes, self.changes[1:], strict=False):
            if later.step <= earlier.step:
                raise BadField("changes", "are not in order", "allowed: each step after the last")
        if self.changes and self.changes[-1].step > self.steps:
            raise BadField("changes", "lie beyond the last step", f"allowed: 1 to {self.steps:,}")
        return self

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


Skip = Annotated[str, Field(json_schema_extra={"enum": list(SKIPS)})]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]


def _skips_known(skips: tuple[str, ...], field: str) -> None:
    for skip in skips:
        if skip not in SKIPS:
            raise BadField(field, "holds an unknown skip", f"allowed: {', '.join(SKIPS)}")


def _distinct(values: tuple[Any, ...], field: str) -> None:
    if len(set(values)) < len(values):
        raise BadField(field, "holds a value twice", "allowed: each value once")


class TwinsSpec(Model):
    """A network and its twin: the same but for the skip, at the same seed."""

    model_config = NAMED_STUDY
    study: Literal["twins"] = "twins"
    base: RunSpec = RunSpec()
    against: Skip = "none"

    @model_validator(mode="after")
    def _differ(self) -> TwinsSpec:
        _skips_known((self.against,), "against")
        if self.against == self.base.net.skip:
            others = ", ".join(skip for skip in SKIPS if skip != self.base.net.skip)
            raise BadField("against", "is the network's own skip", f"allowed: {others}")
        return self


def _sweepable(spec: DepthSpec | SweepSpec, values: str) -> None:
    """Refuse a sweep with a run that can't be; ``values`` names the field to blame for it."""
    _skips_known(spec.skips, "skips")
    _distinct(spec.skips, "skips")
    _distinct(spec.seeds, "seeds")
    count = len(spec.values) * len(spec.skips) * len(spec.seeds)
    if count > MAX_STUDY_RUNS:
        raise BadField(values, f"make {count} runs", f"allowed: at most {MAX_STUDY_RUNS} runs")
    for value in spec.values:
        try:
            with_values(spec.base, {spec.field: value})
        except ValidationError as error:
            first = problems(error)[0]
            raise BadField(
                values, f"{first['field']} {first['problem']}", first["allowed"]
            ) from error


class DepthSpec(Model):
    """Training error against depth: every depth with every skip at every seed."""

    model_config = NAMED_STUDY
    study: Literal["depth"] = "depth"
    base: RunSpec = RunSpec()
    depths: tuple[int, ...] = Field((8, 20, 56), min_length=1, max_length=20)
    skips: tuple[Skip, ...] = Field(("none", "identity"), min_length=1, max_length=5)
    seeds: tuple[Seed, ...] = Field((0, 1, 2), min_length=1, max_length=20)

    @property
    def field(self) -> str:
        """What is swept, as a dotted path into RunSpec."""
        return "net.depth"

    @property
    def values(self) -> tuple[int, ...]:
        """What the swept field takes, in order: shallow first, since those train soonest."""
        return tuple(sorted(self.depths))

    @model_validator(mode="after")
    def _possible(self) -> DepthSpec:
        _distinct(self.depths, "depths")
        _sweepable(self, "depths")
        return self


Sweepable = Literal[
    "optimizer.lr",
    "optimizer.momentum",
    "optimizer.weight_decay",
    "batch_size",
    "steps",
    "net.width",
    "net.norm",
    "net.activation",
    "net.init",
    "net.downsample",
]


class SweepSpec(Model):
    """Training error against any one other field, with every skip at every seed."""

    model_config = NAMED_STUDY
    study: Literal["sweep"] = "sweep"
    base: RunSpec = RunSpec()
    field: Sweepable = "optimizer.lr"
    values: tuple[int | float | str, ...] = Field(
        (0.005, 0.01, 0.02, 0.05, 0.1, 0.2), min_length=1, max_length=20
    )
    skips: tuple[Skip, ...] = Field(("none", "identity"), min_length=1, max_length=5)
    seeds: tuple[Seed, ...] = Field((0,), min_length=1, max_length=20)

    @model_validator(mode="after")
    def _possible(self) -> SweepSpec:
        _distinct(self.values, "values")
        _sweepable(self, "values")
        return self


StudySpec = Annotated[TwinsSpec | DepthSpec | SweepSpec, Field(discriminator="study")]
STUDY_SPEC: TypeAdapter[TwinsSpec | DepthSpec | SweepSpec] = TypeAdapter(StudySpec)


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


def problems(error: ValidationError) -> list[dict[str, str]]:
    """What is wrong, field by field: ``field`` (dotted), ``problem`` and ``allowed``.

    Never repeats the input.
    """
    return [_problem(detail) for detail in error.errors(include_url=False, include_input=False)]


def _problem(detail: ErrorDetails) -> dict[str, str]:
    path = _path(detail["loc"])
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, BadNet | BadField):
        path.append(cause.field)
        return {"field": ".".join(path), "problem": cause.problem, "allowed": cause.allowed}
    if detail["type"].startswith("union_tag") and not path:
        path.append(detail["ctx"]["discriminator"].strip("'"))
    problem, allowed = _words(detail)
    return {"field": ".".join(path), "problem": problem, "allowed": allowed}


# A union shows in pydantic's path by its branch, which the reader need not know of: the branches
# that may follow each field ("" is the top).
_BRANCHES = {
    "": {"twins", "depth", "sweep"},
    "optimizer": {"sgd", "adam"},
    "values": {"int", "float", "str"},
}


def _path(loc: tuple[int | str, ...]) -> list[str]:
    path: list[str] = []
    for part in loc:
        field = next((name for name in reversed(path) if not name.isdigit()), "")
        if part not in _BRANCHES.get(field, ()) and part != "[key]":
            path.append(str(part))
    return path


def _words(detail: ErrorDetails) -> tuple[str, str]:
    """Pydantic's complaint as (what is wrong, what is allowed)."""
    context = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return "is not a known field", "allowed: the fields of the schema at /api/catalog"
        case "missing":
            return "is missing", "a value is required"
        case "json_invalid":
            return "the body is not valid JSON", "allowed: JSON text in UTF-8 (RFC 8259)"
        case "greater_than_equal" | "greater_than" | "less_than_equal" | "less_than" as kind:
            sign = {"greater": "at least", "less": "at most"}[kind.split("_")[0]]
            if not kind.endswith("equal"):
                sign = {"at least": "more than", "at most": "less than"}[sign]
            bound = next(context[key] for key in ("ge", "gt", "le", "lt") if key in context)
            return "is out of range", f"allowed: {sign} {bound:,}"
        case "literal_error":
            return "is not a known name", f"allowed: {context['expected']}"
        case "union_tag_invalid":
            return "is not a known name", f"allowed: {context['expected_tags']}"
        case "union_tag_not_found":
            return f"lacks {context['discriminator']}", "a value is required"
        case "int_type":
            return "is not a whole number", "allowed: a whole number"
        case "float_type":
            return "is not a number", "allowed: a number"
        case "finite_number":
            return "is not a finite number", "allowed: a finite number"
        case _:
            return "has the wrong type or form", detail["msg"]
