"""The network in a configuration: what ``models`` takes, as JSON gives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, ValidationInfo, WithJsonSchema

from models.branches import BRANCHES
from models.families import FAMILIES, FAMILY, net_spec, stored_net
from models.registry import BadNet, Parameter, parameters
from models.spec import NetSpec

# The context in which what this program stored is validated: its earlier versions took choices
# that have no effect, which are left out.
STORED = {"stored": True}


def blocks(net: NetSpec) -> int:
    """How many blocks it has; stem and head are none."""
    return (net.depth - 2) // BRANCHES[net.branch.name].layers


def _read(value: Any, info: ValidationInfo) -> NetSpec:
    if isinstance(value, NetSpec):
        return value
    if not isinstance(value, Mapping):
        raise BadNet("", "is not a network", "allowed: an object with the fields of a family")
    return stored_net(value) if info.context == STORED else net_spec(**value)


def _schema() -> dict[str, Any]:
    return {
        "oneOf": [
            {
                **object_schema(family.spec, "family", family.name, usual=family.name == FAMILY),
                "title": family.title,
                "description": family.summary,
            }
            for family in FAMILIES.values()
        ]
    }


def object_schema(kind: type, tag: str, name: str, *, usual: bool = False) -> dict[str, Any]:
    """An object of these settings; the tag may be left out of the usual one."""
    properties: dict[str, Any] = {tag: {"const": name}}
    for field, default, parameter in parameters(kind):
        plain = default if parameter.kind != "choice" else default.plain()
        properties[field] = {**_parameter(parameter), "title": parameter.title, "default": plain}
    found = {"type": "object", "additionalProperties": False, "properties": properties}
    return found if usual else {**found, "required": [tag]}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    match parameter.kind:
        case "name":
            return {"enum": list(parameter.names)}
        case "choice":
            entries = (parameter.registry or {}).values()
            return {
                "anyOf": [
                    {"enum": [entry.name for entry in entries]},
                    *(object_schema(entry.parameters, "name", entry.name) for entry in entries),
                ]
            }
        case kind:
            low = "exclusiveMinimum" if parameter.above else "minimum"
            types = [kind, "null"] if parameter.nullable else kind
            return {"type": types, low: parameter.minimum, "maximum": parameter.maximum}


Net = Annotated[
    NetSpec, PlainValidator(_read), PlainSerializer(NetSpec.plain), WithJsonSchema(_schema())
]
"""A network: an object with its family's fields, the family ``convnet`` where none is named."""
