"""The configuration of a study: which runs, and what they are held against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from app.mistakes import BadField, problems
from app.spec import RunSpec, with_values
from app.spec.model import Model
from app.spec.run import MAX_SEED
from models.registry import SKIPS

MAX_STUDY_RUNS = 200

# The name has no default, and the schema must say so.
NAMED = ConfigDict(json_schema_extra={"required": ["study"]})

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

    model_config = NAMED
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

    model_config = NAMED
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

    model_config = NAMED
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


def look(spec: TwinsSpec | DepthSpec | SweepSpec, devices: Sequence[str] | None) -> None:
    """Look whether this machine has what the study's runs need, as ``RunSpec.look`` does.

    Raises:
        BadField: a run could not be trained.
    """
    sizes = spec.values if isinstance(spec, SweepSpec) and spec.field == "batch_size" else None
    try:
        spec.base.check_device(devices)
        found = spec.base.data.look()
        if sizes is None:
            spec.base.check_batch(found.train_size)
    except BadField as error:
        raise BadField(f"base.{error.field}", error.problem, error.allowed) from error
    for size in sizes or ():
        try:
            with_values(spec.base, {"batch_size": size}).check_batch(found.train_size)
        except BadField as error:
            raise BadField("values", f"{error.field} {error.problem}", error.allowed) from error
