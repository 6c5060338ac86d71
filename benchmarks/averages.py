"""What errors would be if evaluations used the running averages that training keeps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import torch
from torch import Tensor

from app.spec import RunSpec, with_values
from app.training.evaluation import Evaluation, known
from app.training.loop import order
from app.training.setup import Setup, plan, prepare
from app.training.step import Stepper
from app.training.task import Task
from benchmarks.measurement import Measurement

EVERY = 25  # steps


def measure(quick: bool) -> list[Measurement]:
    """Train 56 layers, plain and residual, three seeds each, and evaluate them both ways."""
    torch.set_num_threads(1)
    seeds, steps = (1, EVERY) if quick else (3, 200)
    return [_compared(skip, seeds, steps) for skip in ("none", "identity")]


def _compared(skip: str, seeds: int, steps: int) -> Measurement:
    found: dict[int, list[tuple[float, float]]] = {}
    for seed in range(seeds):
        spec = with_values(RunSpec(), {"net.skip": skip, "seed": seed, "steps": steps})
        for step, fresh, kept in _both(spec):
            found.setdefault(step, []).append((100 * fresh, 100 * kept))
    said = {
        step: tuple(sum(errors) / seeds for errors in zip(*pairs, strict=True))
        for step, pairs in found.items()
    }
    worst = max(kept - fresh for pairs in found.values() for fresh, kept in pairs)
    shown = [f"step {step}: {kept:.1f} / {fresh:.1f} %" for step, (fresh, kept) in said.items()]
    return Measurement(
        f"training error with running averages, less the one with fresh statistics ({skip})",
        worst,
        unit="points",
        note=f"the most of {seeds} seeds; their means, {'; '.join(shown)}",
    )


def _both(spec: RunSpec) -> Iterator[tuple[int, float, float]]:
    """(step, training error with fresh statistics, with running averages), now and then."""
    setup = prepare(plan(spec))
    take, evaluate = Stepper(spec, setup), Evaluation(setup, None, known(spec, setup.train))
    for index in islice(order(spec, len(setup.train)), spec.steps):
        take(index)
        if take.step % EVERY == 0:
            yield take.step, _fresh(evaluate, take.step), _kept(setup, setup.task)


def _fresh(evaluate: Evaluation, step: int) -> float:
    running = evaluate(step)
    while True:
        try:
            next(running)
        except StopIteration as done:
            error: float = done.value.train_error
            return error


@torch.no_grad()
def _kept(setup: Setup, task: Task) -> float:
    x, y = setup.train[:]
    setup.net.eval()
    outputs: Tensor = setup.net(x)
    setup.net.train()
    return task.mistakes(outputs, y) / len(y)
