"""Optimisers: PyTorch's own, over the flat buffer."""

from __future__ import annotations

import torch

from app.spec.optimizer import Adam as AdamSpec
from app.spec.optimizer import Sgd
from app.training.weights import Weights


def optimizer(spec: Sgd | AdamSpec, weights: Weights) -> torch.optim.Optimizer:
    """PyTorch's optimiser for this choice."""
    if isinstance(spec, Sgd):
        return torch.optim.SGD(
            [weights.flat],
            lr=spec.lr,
            momentum=spec.momentum,
            weight_decay=spec.weight_decay,
            fused=True,
        )
    return torch.optim.Adam(
        [weights.flat],
        lr=spec.lr,
        betas=(spec.beta1, spec.beta2),
        weight_decay=spec.weight_decay,
        fused=True,
    )
