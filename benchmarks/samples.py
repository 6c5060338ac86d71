"""What it costs a run to ask its samples again and again."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import perf_counter

import torch

from app.spec import RunSpec, with_values
from app.training.loop import Training
from benchmarks.measurement import Measurement


def measure(quick: bool) -> list[Measurement]:
    """Time whole runs with and without, a twentieth in turns, in one process with one thread."""
    torch.set_num_threads(1)
    steps, repeats = (20, 1) if quick else (200, 5)
    spec = with_values(RunSpec(), {"steps": steps})
    pairs = [_pair(spec) for _ in range(repeats)]
    asking, quiet = (median(times) for times in zip(*pairs, strict=True))
    return [
        Measurement(
            "a run that asks ten samples / one that asks none",
            median(one / other for one, other in pairs),
            1.06,
            "x",
            f"{asking:.2f} / {quiet:.2f} s for {steps} steps, 56 layers; median of {repeats}",
        )
    ]


def _pair(spec: RunSpec) -> tuple[float, float]:
    """Seconds of a run with samples, and of one without."""
    both = [_parts(with_values(spec, {"evaluate.samples": count})) for count in (10, 0)]
    times = [0.0, 0.0]
    for turn in range(21):
        for which in (0, 1) if turn % 2 else (1, 0):
            times[which] += next(both[which], 0.0)
    return times[0], times[1]


def _parts(spec: RunSpec) -> Iterator[float]:
    """Trains; the seconds of each twentieth of the run, and of what follows its last step."""
    training, part = Training(spec), 1
    began = perf_counter()
    for _ in training:
        if training.step >= part * spec.samples_every:
            part += 1
            yield perf_counter() - began
            began = perf_counter()
    yield perf_counter() - began
