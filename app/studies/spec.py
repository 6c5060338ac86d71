"""The configuration of a study: which runs, and what they are held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    WrapValidator,
    model_validator,
)

from app.spec import RunSpec, value_at, with_skip, with_values
from app.spec.fields import run_fields
from app.spec.model import Model
from app.spec.run import MAX_SEED
from app.validation import BadField, problems
from models.skips import SKIPS

MAX_RUNS = 200  # of a study
MAX_VALUES = 20
MAX_SKIPS = 5

# The name has no default, and the schema must say so.
NAMED = ConfigDict(json_schema_extra={"required": ["study"]})

# What a sweep has of its own, and what changes nothing that it compares.
_OWN = ("net.family", "net.depth", "net.skip", "data", "every", "seed", "device")
SWEEPABLE = tuple(
    dict.fromkeys(
        field.path
        for field in run_fields()
        if field.kind in ("integer", "number", "choice")
        and field.path not in _OWN
        and not field.path.startswith("evaluate.")
        and field.path.count(".") < 2  # a network's choice need not be the same with each skip
    )
)


def _sweeps(field: str) -> str:
    if field not in SWEEPABLE:
        raise BadField("", "can't be swept", f"allowed: {', '.join(SWEEPABLE)}")
    return field


Sweepable = Annotated[
    str, AfterValidator(_sweeps), Field(json_schema_extra={"enum": list(SWEEPABLE)})
]


def _value(value: Any, read: Callable[[Any], Any]) -> Any:
    """One complaint, not one for each kind that it might have been."""
    try:
        return read(value)
    except ValidationError:
        raise BadField(
            "", "is neither a number nor a name", "allowed: a finite number, or a name"
        ) from None


Value = Annotated[int | float | str, WrapValidator(_value)]
Skip = Annotated[str, Field(json_schema_extra={"enum": list(SKIPS), "entries": "skips"})]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]


def _skips_known(skips: tuple[str, ...], field: str) -> None:
    for skip in skips:
        if skip not in SKIPS:
            raise BadField(field, "has an unknown skip", f"allowed: {', '.join(SKIPS)}")


def _distinct(values: tuple[Any, ...], field: str) -> None:
    if len(set(values)) < len(values):
        raise BadField(field, "holds a value twice", "allowed: each value once")


class TwinsSpec(Model):
    """A network and its twin: the same but for the skip, at the same seed."""

    model_config = NAMED
    study: Literal["twins"] = "twins"
    base: RunSpec = RunSpec()
    against: Skip = Field("none", title="Compare with")

    @model_validator(mode="after")
    def _differ(self) -> TwinsSpec:
        _skips_known((self.against,), "against")
        if self.against == self.base.net.skip.name:
            others = ", ".join(skip for skip in SKIPS if skip != self.base.net.skip.name)
            raise BadField("against", "is the network's own skip", f"allowed: {others}")
        return self


def _sweepable(spec: DepthSpec | SweepSpec, values: str) -> None:
    """Refuse a sweep with a run that can't be; ``values`` names the field to blame for it."""
    _skips_known(spec.skips, "skips")
    _distinct(spec.skips, "skips")
    _distinct(spec.seeds, "seeds")
    count = len(spec.values) * len(spec.skips) * len(spec.seeds)
    if count > MAX_RUNS:
        raise BadField(values, f"make {count} runs", f"allowed: at most {MAX_RUNS} runs")
    for value in spec.values:
        try:
            run = with_values(spec.base, {spec.field: value})
        except ValidationError as error:
            first = problems(error)[0]
            raise BadField(
                values, f"{first['field']} {first['problem']}", first["allowed"]
            ) from error
        for skip in spec.skips:
            if value_at(with_skip(run, skip), spec.field) != value_at(run, spec.field):
                raise BadField(
                    values,
                    f"{value} can't go with the skip {skip}",
                    "allowed: skips that can have each value",
                )


class DepthSpec(Model):
    """Training error against depth: every depth with every skip at every seed."""

    model_config = NAMED
    study: Literal["depth"] = "depth"
    base: RunSpec = RunSpec()
    depths: tuple[int, ...] = Field(
        (8, 20, 56), min_length=1, max_length=MAX_VALUES, title="Depths"
    )
    skips: tuple[Skip, ...] = Field(
        ("none", "identity"), min_length=1, max_length=MAX_SKIPS, title="Skips"
    )
    seeds: tuple[Seed, ...] = Field((0, 1, 2), min_length=1, max_length=20, title="Seeds")

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


class SweepSpec(Model):
    """Training error against any one other field, with every skip at every seed."""

    model_config = NAMED
    study: Literal["sweep"] = "sweep"
    base: RunSpec = RunSpec()
    field: Sweepable = Field("optimizer.lr", title="Field")
    values: tuple[Value, ...] = Field(
        (0.005, 0.01, 0.02, 0.05, 0.1, 0.2), min_length=1, max_length=MAX_VALUES, title="Values"
    )
    skips: tuple[Skip, ...] = Field(
        ("none", "identity"), min_length=1, max_length=MAX_SKIPS, title="Skips"
    )
    seeds: tuple[Seed, ...] = Field((0,), min_length=1, max_length=20, title="Seeds")

    @model_validator(mode="after")
    def _possible(self) -> SweepSpec:
        _distinct(self.values, "values")
        _sweepable(self, "values")
        return self


SPECS: dict[str, type[TwinsSpec | DepthSpec | SweepSpec]] = {
    "twins": TwinsSpec,
    "depth": DepthSpec,
    "sweep": SweepSpec,
}

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
