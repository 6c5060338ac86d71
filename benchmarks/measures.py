"""What each measure costs: a step that takes it, against one without.

The usual three are held against none, all others against these three.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import torch

from app.executors.base import Task
from app.executors.recorder import Recorder
from app.measures import MEASURES, USUAL
from app.spec import RunSpec
from app.spec.optimizer import Sgd
from app.studies.twins import MEASURES as LAB
from app.training.loop import Training
from benchmarks.measurement import Measurement
from benchmarks.step import steps
from models.families import net_spec

ROADS = ("shortcut_grad", "branch_grad")
EXTRA: dict[str, tuple[str, ...]] = {
    "shortcut_grad and branch_grad": ROADS,
    **{name: (name,) for name in MEASURES if name not in (*USUAL, *ROADS)},
    "what the Lab's pairs measure": tuple(name for name in LAB if name not in USUAL),
    "all": tuple(name for name in MEASURES if name not in USUAL),
}
LR = 0.01


def measure(quick: bool) -> list[Measurement]:
    """Time a network with a learned scale, which has them all, in turns, on one thread."""
    torch.set_num_threads(1)
    blocks = 2 if quick else 40
    return [
        *(_compare(name, (), (name,), blocks) for name in USUAL),
        *(_compare(name, USUAL, extra, blocks) for name, extra in EXTRA.items()),
    ]


def _compare(name: str, usual: tuple[str, ...], extra: tuple[str, ...], blocks: int) -> Measurement:
    takes = [_take(usual), _take((*usual, *extra))]
    for take in takes:
        take()  # what only the first steps pay
    times: list[list[float]] = [[], []]
    for block in range(blocks):
        for who in (0, 1) if block % 2 else (1, 0):
            times[who].append(takes[who]())
    without, with_it = map(median, times)
    return Measurement(
        f"training step with {name} / {'with the usual measures' if usual else 'with none'}, "
        "convnet 20",
        with_it / without,
        1.05 if set(extra) in (set(ROADS), set(LAB) - set(USUAL)) else None,
        "x",
        f"{1000 * with_it:.2f} / {1000 * without:.2f} ms, a frame each step",
    )


def _take(measures: tuple[str, ...]) -> Callable[[], float]:
    net = net_spec(depth=20, skip="rezero")
    # 400 steps at the default ``every``: a frame each step, the most there is.
    spec = RunSpec(net=net, optimizer=Sgd(lr=LR), steps=400, measures=measures)
    return steps(Training(spec), Recorder(Task("bench", spec), lambda batch: None))
