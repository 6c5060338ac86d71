"""What moves the weights, in a configuration."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from app.spec.model import Model, named

LIVE: JsonDict = {"live": True}  # it can be changed while a network trains


class Sgd(Model):
    """Stochastic gradient descent with momentum, as torch.optim.SGD defines it."""

    name: Literal["sgd"] = "sgd"
    lr: float = Field(0.05, gt=0, le=100, title="Learning rate", json_schema_extra=LIVE)
    momentum: float = Field(0.9, ge=0, lt=1, title="Momentum")
    weight_decay: float = Field(0.0001, ge=0, le=1, title="Weight decay", json_schema_extra=LIVE)


class Adam(Model):
    """Adam (Kingma and Ba 2015, arXiv:1412.6980), as torch.optim.Adam defines it."""

    # The name has no default in the union, and the schema must say so.
    model_config = ConfigDict(json_schema_extra={"required": ["name"]})
    name: Literal["adam"] = "adam"
    lr: float = Field(0.001, gt=0, le=100, title="Learning rate", json_schema_extra=LIVE)
    beta1: float = Field(0.9, ge=0, lt=1, title="Beta 1")
    beta2: float = Field(0.999, ge=0, lt=1, title="Beta 2")
    weight_decay: float = Field(0.0, ge=0, le=1, title="Weight decay", json_schema_extra=LIVE)


def _optimizer(value: Any) -> Any:
    """As ``named``; SGD where no name is given, as where no optimizer is."""
    value = named(value)
    return {"name": "sgd", **value} if isinstance(value, dict) else value


OPTIMIZERS: dict[str, type[Sgd] | type[Adam]] = {"sgd": Sgd, "adam": Adam}
TITLES = {"sgd": "SGD with momentum", "adam": "Adam"}

_AnyOptimizer = Annotated[Sgd | Adam, Field(discriminator="name")]
Optimizer = Annotated[
    _AnyOptimizer,
    BeforeValidator(_optimizer, json_schema_input_type=_AnyOptimizer | Literal["sgd", "adam"]),
]
