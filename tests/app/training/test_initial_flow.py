"""How the flow changes from layer to layer at the start, against theory, over many seeds.

Factors on the mean square of the gradient per layer towards the input, of a plain ReLU stack:
He 1, Xavier 1/2, PyTorch's default 1/6 (He et al. 2015, arXiv:1502.01852, section 2.2); with
batch normalisation pi / (pi - 1).
"""

from math import pi, sqrt

import numpy as np
import pytest
import torch

from app.data.digits import load
from app.training.probes import gradients, norms
from models.build import build
from models.spec import NetSpec

SEEDS = 20
WIDTH = 256
LAYERS_A_BLOCK = 2


def squares(norm: str, init: str, depth: int, batch: int) -> np.ndarray:
    """|gradient|^2 by seed and block, (SEEDS, blocks), input first."""
    data = load()
    x, y = torch.from_numpy(data.train_x[:batch]), torch.from_numpy(data.train_y[:batch])
    spec = NetSpec(family="mlp", depth=depth, width=WIDTH, skip="none", norm=norm, init=init)
    rows = []
    for seed in range(SEEDS):
        net = build(spec, (1, 8, 8), 10, torch.Generator().manual_seed(seed))
        flow = norms(gradients(net, list(net.parameters()), x, y).outputs)
        rows.append(np.square(flow[1:-1]))
    return np.array(rows)


@pytest.mark.acceptance
@pytest.mark.parametrize(
    ("norm", "init", "factor"),
    [
        ("none", "he", 1.0),
        ("none", "xavier", 1 / 2),
        ("none", "default", 1 / 6),
        ("batch", "he", pi / (pi - 1)),
    ],
)
def test_the_flow_changes_by_the_known_factor_per_layer(
    norm: str, init: str, factor: float
) -> None:
    found = squares(norm, init, depth=14, batch=256 if norm == "none" else 1024)
    layers = LAYERS_A_BLOCK * (found.shape[1] - 1)
    ratios = found[:, 0] / found[:, -1] / factor**layers  # 1 where theory holds
    # The mean of squares over seeds, not of logarithms; its error from the spread of the seeds.
    error = ratios.std(ddof=1) / sqrt(SEEDS)
    assert abs(ratios.mean() - 1) <= 3 * error, (ratios.mean(), error)
    assert error < 0.25  # or the test would say nothing
