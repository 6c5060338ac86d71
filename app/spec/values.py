"""Single values of a configuration, by their dotted paths."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, reduce
from typing import Any

from app.spec.changes import Values, changed, fitting
from app.spec.fields import run_fields
from app.spec.model import named
from app.spec.run import MAX_CHANGES, RunSpec
from app.validation import BadField
from models.registry import Choice
from models.skips import SKIPS

FAMILY = "net.family"


def as_spec(config: RunSpec | Mapping[str, Any]) -> RunSpec:
    """A spec of plain dicts and lists, read as the same in JSON would be.

    Raises:
        pydantic.ValidationError: it is not a legal spec.
        TypeError: it holds what JSON does not.
    """
    return (
        config if isinstance(config, RunSpec) else RunSpec.model_validate_json(json.dumps(config))
    )


def with_values(spec: RunSpec, values: dict[str, Any]) -> RunSpec:
    """The spec with the values at these dotted paths, validated anew.

    Unless ``changes`` are given, those go that come after the last step, or for which the network
    has no setting any more.

    Raises:
        pydantic.ValidationError: the result is not a legal spec.
    """
    config = spec.model_dump(mode="json")
    for path in sorted(values, key=shallow):
        put(config, path, values[path])
    if "changes" in values or not spec.changes:
        return as_spec(config)
    still = as_spec({**config, "changes": []})
    kept = [
        {"step": change.step, "set": fit}
        for change in spec.changes
        if change.step <= still.steps and (fit := fitting(change.set, still.net, still.optimizer))
    ]
    return as_spec({**config, "changes": kept})


def with_change(spec: RunSpec, step: int, values: Values) -> RunSpec:
    """The spec with these values from ``step`` on; of two changes at one step the last counts.

    Raises:
        BadField: there are too many changes.
    """
    changes = changed(spec.changes, step, values)
    if len(changes) > MAX_CHANGES:
        raise BadField("values", "is one change too many", f"allowed: {MAX_CHANGES} a run")
    plain = [change.model_dump(mode="json") for change in changes]
    return with_values(spec, {"changes": plain})


def with_skip(spec: RunSpec, skip: str) -> RunSpec:
    """The spec with this skip; choices that can't go with it are as they usually are."""
    if skip == spec.net.skip.name:
        return spec
    net = replace(spec.net, skip=SKIPS[skip].choose()).fitted()
    return with_values(spec, {"net": net.plain()})


def shallow(path: str) -> tuple[bool, int]:
    """Where a path stands among others: a choice before its parameters, the family before all."""
    return path != FAMILY, path.count(".")


def put(config: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a setting's path, in a plain configuration that may leave defaults out.

    A choice keeps its parameters where its name stays as it is; of another family, a network
    loses the settings that only the one before had.
    """
    *parents, leaf = path.split(".")
    inner: Any = config
    for depth, parent in enumerate(parents, 1):
        if not isinstance(inner, dict):
            return  # it can't be read, and will be refused
        inner[parent] = named(inner.get(parent, choices().get(".".join(parents[:depth]), {})))
        inner = inner[parent]
    if not isinstance(inner, dict):
        return
    before = named(inner.get(leaf, choices().get(path)))
    if isinstance(before, dict) and before.get("name", choices().get(path)) == value:
        return
    inner[leaf] = value
    if path == FAMILY:
        for field in run_fields():
            if value not in field.when.get(FAMILY, (value,)):
                inner.pop(field.path.removeprefix("net."), None)


@cache
def choices() -> dict[str, str]:
    """The name that each choice with parameters has where nothing was said, by its path."""
    owners = {field.path.rpartition(".")[0] for field in run_fields()}
    return {field.path: field.default for field in run_fields() if field.path in owners}


def value_at(spec: RunSpec, path: str) -> object:
    """The value at a dotted path, as ``with_values`` takes it; of a choice its name."""
    value: object = reduce(getattr, path.split("."), spec)
    return value.name if isinstance(value, Choice) else value
