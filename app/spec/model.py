"""What every configuration is built on."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Frozen, strict (no ``true`` or ``"7"`` for a number), finite, no unknown field."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


def named(value: Any) -> Any:
    """A bare name stands for the choice with its defaults: ``"sgd"`` is ``{"name": "sgd"}``."""
    return {"name": value} if isinstance(value, str) else value
