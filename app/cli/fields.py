"""Every field of a configuration as an option, read from the configuration's own JSON Schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from app.spec import RunSpec
from app.studies.spec import STUDY_SPEC

Kind = Literal["integer", "number", "boolean", "name", "list", "json"]
TYPES: dict[Kind, type] = {"integer": int, "number": float, "boolean": bool}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


class BadText(ValueError):
    """A text that stands for no value of its field."""

    def __init__(self, field: str, kind: str) -> None:
        super().__init__(f"{field}: is not {kind}")


@dataclass(frozen=True, slots=True)
class Field:
    """A leaf of a configuration: its dotted path, the option that sets it, and what it takes."""

    path: str
    kind: Kind
    default: Any
    allowed: str

    @property
    def parameter(self) -> str:
        """A name for it in Python: ``net_depth``."""
        return self.path.replace(".", "_")

    @property
    def option(self) -> str:
        """What it is called on the command line: ``--depth``, ``--evaluate-every``."""
        parts = self.path.split(".")
        if parts[-1] == "name":  # of the data set, of the optimizer
            short = parts[-2]
        elif parts[0] == "evaluate" or parts[-1] == "limit":
            short = "-".join(parts)
        else:
            short = parts[-1]
        flag = f"--{short.replace('_', '-')}"
        return f"{flag}/--no-{flag[2:]}" if self.kind == "boolean" else flag

    @property
    def type(self) -> type:
        """What the option's value is read as; names, lists and JSON are read here, from text."""
        return TYPES.get(self.kind, str)

    def value(self, text: str) -> Any:
        """The value that a text stands for.

        Raises:
            BadText: it stands for none.
        """
        match self.kind:
            case "integer" | "number":
                return _number(self.path, text)
            case "boolean" if text in ("true", "false"):
                return text == "true"
            case "boolean":
                raise BadText(self.path, "true or false")
            case "list":
                return [_item(item.strip()) for item in text.split(",")]
            case "json":
                return _json(self.path, text)
            case _:
                return text


def _number(path: str, text: str) -> int | float | None:
    if text in ("", "null"):
        return None
    if not NUMBER.fullmatch(text):
        raise BadText(path, "a number")
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)


def _item(text: str) -> int | float | str:
    """A list's item: a number where it looks like one, else a name."""
    if not NUMBER.fullmatch(text):
        return text
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)


def _json(path: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadText(path, "JSON") from error


@cache
def run_fields() -> tuple[Field, ...]:
    """The fields of a RunSpec, but for its version."""
    schema = RunSpec.model_json_schema()
    merged: dict[str, Field] = {}
    for field in _leaves(schema, schema.get("$defs", {}), ""):
        if field.path != "version":  # the optimizers share fields: one option serves them all
            merged.setdefault(field.path, field)
    return tuple(merged.values())


@cache
def study_fields(study: str) -> tuple[Field, ...]:
    """The fields that a study has beside its base."""
    schema = STUDY_SPEC.json_schema()
    definitions = schema["$defs"]
    name = schema["discriminator"]["mapping"][study].rpartition("/")[2]
    own = {
        key: inner
        for key, inner in definitions[name]["properties"].items()
        if key not in ("study", "base")
    }
    return tuple(_leaves({"properties": own}, definitions, ""))


def _leaves(schema: dict[str, Any], definitions: dict[str, Any], prefix: str) -> Iterator[Field]:
    for name, unresolved in schema["properties"].items():
        inner, path = _resolved(unresolved, definitions), prefix + name
        branches = list(_branches(inner, definitions))
        objects = [branch for branch in (inner, *branches) if "properties" in branch]
        if not objects:
            yield _leaf(path, inner, branches)
        elif len(objects) > 1:  # a choice with parameters: its name, then each branch's own
            names = ", ".join(branch["properties"]["name"]["const"] for branch in objects)
            default = objects[0]["properties"]["name"]["const"]
            yield Field(f"{path}.name", "name", default, names)
            for branch in objects:
                properties = {k: v for k, v in branch["properties"].items() if k != "name"}
                yield from _leaves({"properties": properties}, definitions, f"{path}.")
        else:
            yield from _leaves(objects[0], definitions, f"{path}.")


def _branches(schema: dict[str, Any], definitions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The alternatives of a schema, and theirs."""
    for branch in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        resolved = _resolved(branch, definitions)
        yield from _branches(resolved, definitions)
        yield resolved


def _resolved(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    rest = {key: value for key, value in schema.items() if key != "$ref"}
    return {**definitions[schema["$ref"].rpartition("/")[2]], **rest}


def _leaf(path: str, schema: dict[str, Any], branches: list[dict[str, Any]]) -> Field:
    main = next((branch for branch in branches if branch.get("type") != "null"), schema)
    others = [branch["title"] for branch in branches if "pattern" in branch]
    allowed = ", or ".join([_allowed(main), *others])
    return Field(path, _kind(main), schema.get("default"), allowed)


def _kind(schema: dict[str, Any]) -> Kind:
    match schema.get("type"):
        case "integer" | "number" | "boolean" as kind:
            return kind  # type: ignore[no-any-return]
        case "array" if schema["items"].get("type") != "object" and "$ref" not in schema["items"]:
            return "list"
        case "array":
            return "json"
        case _:
            return "name"


def _allowed(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if schema.get("type") == "array":
        return _allowed(schema["items"]) if "$ref" not in schema["items"] else ""
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    return "" if low is None else f"{low:,} to {high:,}"
