"""What a frame's measures look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor

from models.net import Net


@dataclass(frozen=True, slots=True)
class Look:
    """One step of a network: a batch forward and back, and the update.

    ``signals`` and ``grads`` are what passed the recorded sites and the gradients there, by site
    (None: the loss does not depend on it). ``weights``, ``weight_grads`` and ``steps`` are by
    layer of the main path: the weights before the update, their gradients, and the update.
    """

    net: Net
    signals: Mapping[str, Tensor]
    grads: Mapping[str, Tensor | None]
    weights: Mapping[str, Tensor]
    weight_grads: Mapping[str, Tensor]
    steps: Mapping[str, Tensor] = field(default_factory=dict)
