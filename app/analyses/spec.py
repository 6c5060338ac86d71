"""AnalysisSpec: one question to one run's trained network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
)

from app.analyses import ANALYSES, Analysis
from app.spec import STORED, RunSpec
from app.spec.net import object_schema
from models.registry import BadNet, Choice, parameters, read

RUN = "[a-z2-7]{10}"  # an id


@dataclass(frozen=True, slots=True)
class AnalysisSpec:
    """Which analysis, of which run, and its parameters; as JSON one flat object.

    ``trained``: how many steps that run's network was trained for. Nobody asks for that: it is
    told by the run, and stored, since the run may be deleted.
    """

    of: str
    choice: Choice
    trained: int | None = None

    @property
    def entry(self) -> Analysis:
        """What is said of this analysis."""
        return ANALYSES[self.choice.name]

    def steps(self, spec: RunSpec) -> int:
        """How many results it gives of a run with this spec."""
        return self.entry.steps(spec, self.choice)

    def plain(self) -> dict[str, Any]:
        """As JSON has it, with every parameter."""
        values = {name: getattr(self.choice, name) for name, _, _ in parameters(type(self.choice))}
        told = {} if self.trained is None else {"trained": self.trained}
        return {"analysis": self.choice.name, "of": self.of, **told, **values}


@dataclass(frozen=True, slots=True)
class Asked:
    """An analysis of the network in a file."""

    spec: AnalysisSpec
    network: Path

    def program(self) -> Any:
        """What runs it: a generator's events, and ``step``; imports torch."""
        return import_module("app.analyses.program").Analysing(self)


def _read(value: Any, info: ValidationInfo) -> AnalysisSpec:
    if isinstance(value, AnalysisSpec):
        return value
    if not isinstance(value, Mapping):
        raise BadNet("", "is not an analysis", "allowed: an object with its name and a run's id")
    values = dict(value)
    name, of = values.pop("analysis", None), values.pop("of", None)
    trained = values.pop("trained", None) if info.context == STORED else None
    found = list(_problems(name, of))
    entry = ANALYSES.get(name) if isinstance(name, str) else None
    if entry is not None:
        try:
            settings = read(entry.parameters, values, f"the analysis {name}")
        except BadNet as problem:
            found += [problem, *problem.others]
    if found:
        found[0].others = found[1:]
        raise found[0]
    assert entry is not None
    return AnalysisSpec(of, entry.choose(**settings), trained)


def _problems(name: object, of: object) -> Iterator[BadNet]:
    if not isinstance(name, str) or name not in ANALYSES:
        problem = "is missing" if name is None else "is not a known name"
        yield BadNet("analysis", problem, f"allowed: {', '.join(ANALYSES)}")
    if not isinstance(of, str) or not re.fullmatch(RUN, of):
        problem = "is missing" if of is None else "is not the id of a run"
        yield BadNet("of", problem, "allowed: the id of a run that was trained here")


def _schema() -> dict[str, Any]:
    return {"oneOf": [_shape(entry) for entry in ANALYSES.values()]}


def _shape(entry: Analysis) -> dict[str, Any]:
    shape = object_schema(entry.parameters, "analysis", entry.name)
    of = {"type": "string", "pattern": f"^{RUN}$", "title": "Run"}
    tag, *settings = shape["properties"].items()
    return {
        **shape,
        "properties": dict([tag, ("of", of), *settings]),
        "required": ["analysis", "of"],
        "title": entry.title,
        "description": entry.summary,
    }


ANALYSIS_SPEC: TypeAdapter[AnalysisSpec] = TypeAdapter(
    Annotated[
        AnalysisSpec,
        PlainValidator(_read),
        PlainSerializer(AnalysisSpec.plain),
        WithJsonSchema(_schema()),
    ]
)
