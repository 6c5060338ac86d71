"""The network in a configuration: what ``models`` takes, as JSON gives it."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from models.registry import FAMILIES
from models.spec import CHOICES, MAX_WIDTH, NetSpec


def _names(value: Any) -> Any:
    """``{"name": "identity"}`` is ``"identity"``: no choice of a network has parameters yet."""
    if not isinstance(value, dict):
        return value
    return {
        key: choice["name"]
        if key in CHOICES and isinstance(choice, dict) and set(choice) == {"name"}
        else choice
        for key, choice in value.items()
    }


def _schema() -> dict[str, Any]:
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


Net = Annotated[NetSpec, BeforeValidator(_names), WithJsonSchema(_schema())]
