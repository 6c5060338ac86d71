"""What a network's answers are for: how far off they are, and which of them are wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import torch.nn.functional as F
from torch import Tensor

from app.events import Metric
from app.training.probes import wrong

Reduction = Literal["mean", "sum"]  # over examples


class Loss(Protocol):
    """A loss by the network's ``outputs``, (batch, outputs), and what they should be."""

    def __call__(self, outputs: Tensor, y: Tensor, reduction: Reduction = "mean") -> Tensor: ...


def cross_entropy(outputs: Tensor, y: Tensor, reduction: Reduction = "mean") -> Tensor:
    """In nats; ``y`` is (batch,), the right classes."""
    return F.cross_entropy(outputs, y, reduction=reduction)


def squared_error(outputs: Tensor, y: Tensor, reduction: Reduction = "mean") -> Tensor:
    """The mean over an example's outputs of the squared error; ``y`` is (batch, outputs)."""
    return F.mse_loss(outputs, y, reduction=reduction) / (1 if reduction == "mean" else y.shape[1])


@dataclass(frozen=True, slots=True)
class Task:
    """The loss to train by; which answers are wrong, (batch,) of bool, where that has a meaning."""

    loss: Loss
    wrong: Callable[[Tensor, Tensor], Tensor] | None
    metrics: tuple[Metric, ...]

    def error(self, outputs: Tensor, y: Tensor) -> float | None:
        """The fraction of wrong answers."""
        return None if self.wrong is None else self.mistakes(outputs, y) / len(y)

    def mistakes(self, outputs: Tensor, y: Tensor) -> int:
        """How many answers are wrong; none where that has no meaning."""
        return 0 if self.wrong is None else int(self.wrong(outputs, y).sum())


def _metrics(unit: Literal["nat", "variance"], *, errors: bool) -> tuple[Metric, ...]:
    titles = {
        "loss": "batch loss",
        "error": "batch error",
        "train_error": "training error",
        "train_loss": "training loss",
        "test_error": "test error",
        "test_loss": "test loss",
    }
    return tuple(
        Metric(
            name=name,
            title=title,
            unit="fraction" if name.endswith("error") else unit,
            better="lower",
        )
        for name, title in titles.items()
        if errors or not name.endswith("error")
    )


TASKS: Mapping[str, Task] = {
    "classification": Task(cross_entropy, wrong, _metrics("nat", errors=True)),
    "regression": Task(squared_error, None, _metrics("variance", errors=False)),
}
