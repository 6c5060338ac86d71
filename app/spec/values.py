"""Single values of a configuration, by their dotted paths."""

from __future__ import annotations

import json
from functools import reduce
from typing import Any

from app.spec.run import RunSpec


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
