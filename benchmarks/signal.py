"""What PyTorch's default weights do to a plain stack's signal and gradient before training."""

from __future__ import annotations

import torch

from app.measures.norms import norms
from app.spec import with_values
from app.studies.presets import PRESETS
from app.training.probes import gradients
from app.training.setup import plan, prepare
from benchmarks.measurement import Measurement


def measure(quick: bool) -> list[Measurement]:
    """Send all training examples through the preset Vanishing's plain network, and back."""
    torch.set_num_threads(1)
    (preset,) = (preset for preset in PRESETS if preset.name == "vanishing")
    setup = prepare(plan(with_values(preset.spec.base, {"net.skip": "none"})))
    net, (x, y) = setup.net.double(), setup.train[: 100 if quick else None]
    found = gradients(net, list(net.parameters()), x.double(), y, loss=setup.task.loss)
    stem, *blocks, _ = found.signals.values()
    squares = [block.square().mean().item() for block in blocks]
    spreads = [signal.var(0).mean().item() for signal in (stem, *blocks)]
    flow = norms(found.outputs[:-1])
    layers = 2 * len(blocks)
    note = f"{layers} layers of {blocks[0].shape[1]} units, {len(y)} examples"
    return [
        Measurement(
            "mean square of the signal after the stem / at the last block",
            stem.square().mean().item() / squares[-1],
            unit="x",
            note=f"{stem.square().mean().item():.3f}; at the blocks {min(squares):.4f} to "
            f"{max(squares):.4f}, mean {sum(squares) / len(squares):.4f}",
        ),
        Measurement(
            "variance over examples, each layer / the next",
            (spreads[0] / spreads[-1]) ** (1 / layers),
            unit="x",
            note=note,
        ),
        Measurement(
            "square of the gradient, each layer / the one before",
            (flow[-1] / flow[0]) ** (2 / layers),
            unit="x",
            note=note,
        ),
    ]
