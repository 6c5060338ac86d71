"""How far a network's numbers in float32, in which it trains, lie from those in float64."""

from __future__ import annotations

from copy import deepcopy

import torch

from app.measures.norms import norms
from app.spec import RunSpec, with_values
from app.training.loop import order
from app.training.probes import gradients
from app.training.setup import plan, prepare
from benchmarks.measurement import Measurement

NETS = {
    "56 layers, plain, batch norm": {"net.skip": "none"},
    "56 layers, residual, batch norm": {},
    "56 layers, plain, no norm, He": {"net.skip": "none", "net.norm": "none"},
}


def measure(quick: bool) -> list[Measurement]:
    """Compare the first batch's gradient flow, and its norms alone, over some seeds."""
    torch.set_num_threads(1)
    seeds = range(1 if quick else 5)
    return [row for what, net in NETS.items() for row in _rows(what, net, seeds)]


def _rows(what: str, net: dict[str, str], seeds: range) -> list[Measurement]:
    both = [_off(with_values(RunSpec(), {**net, "seed": seed})) for seed in seeds]
    arithmetic, norm = zip(*both, strict=True)
    note = f"of the flow at any point; {len(seeds)} seeds"
    return [
        Measurement(
            f"{what}: all of it in float32, off from float64",
            100 * max(arithmetic),
            unit="%",
            note=f"the most {note}: {', '.join(f'{100 * off:.2g}' for off in arithmetic)} %",
        ),
        Measurement(
            f"{what}: the norms alone",
            1e7 * max(norm),
            unit="e-7",
            note=f"the most {note}: of the same float32 gradients summed in float64",
        ),
    ]


def _off(spec: RunSpec) -> tuple[float, float]:
    """The greatest relative distance from float64: of the whole way, and of the norms alone."""
    setup = prepare(plan(spec))
    x, y = setup.train.batch(next(order(spec, len(setup.train))))
    exact = deepcopy(setup.net).double()
    found = gradients(setup.net, list(setup.net.parameters()), x, y)
    truth = gradients(exact, list(exact.parameters()), x.double(), y)
    flow = norms(found.outputs)
    summed = norms([output.double() for output in found.outputs])
    return _most(flow, norms(truth.outputs)), _most(flow, summed)


def _most(found: list[float], truth: list[float]) -> float:
    return max(abs(one - other) / other for one, other in zip(found, truth, strict=True))
