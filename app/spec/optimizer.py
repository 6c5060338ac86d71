"""What moves the weights, in a configuration."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from app.spec.model import Model, named


class Sgd(Model):
    """Stochastic gradient descent with momentum, as torch.optim.SGD defines it."""

    name: Literal["sgd"] = "sgd"
    lr: float = Field(0.05, gt=0, le=100)
    momentum: float = Field(0.9, ge=0, lt=1)
    weight_decay: float = Field(0.0001, ge=0, le=1)


class Adam(Model):
    """Adam (Kingma and Ba 2015, arXiv:1412.6980), as torch.optim.Adam defines it."""

    # The name has no default in the union, and the schema must say so.
    model_config = ConfigDict(json_schema_extra={"required": ["name"]})
    name: Literal["adam"] = "adam"
    lr: float = Field(0.001, gt=0, le=100)
    beta1: float = Field(0.9, ge=0, lt=1)
    beta2: float = Field(0.999, ge=0, lt=1)
    weight_decay: float = Field(0.0, ge=0, le=1)


def _optimizer(value: Any) -> Any:
    """As ``named``; SGD where no name is given, as where no optimizer is."""
    value = named(value)
    return {"name": "sgd", **value} if isinstance(value, dict) else value


_AnyOptimizer = Annotated[Sgd | Adam, Field(discriminator="name")]
Optimizer = Annotated[
    _AnyOptimizer,
    BeforeValidator(_optimizer, json_schema_input_type=_AnyOptimizer | Literal["sgd", "adam"]),
]
