"""A training step with all telemetry, against a bare PyTorch loop."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

import torch
from torch import nn

from app.executors.base import Task
from app.executors.recorder import Recorder
from app.spec import RunSpec
from app.spec.optimizer import Sgd
from app.training.loop import Training
from benchmarks import bare
from benchmarks.bare_skips import SkipNet
from benchmarks.measurement import Measurement
from models.families import net_spec
from models.spec import NetSpec

NETS: dict[str, tuple[NetSpec, Callable[[], nn.Module]]] = {
    "mlp 64": (
        net_spec(family="mlp", depth=64, width=32),
        lambda: bare.MLP(64, 32, residual=True),
    ),
    "convnet 20": (net_spec(depth=20), lambda: bare.ConvNet(20, 8, residual=True)),
    "convnet 56": (net_spec(depth=56), lambda: bare.ConvNet(56, 8, residual=True)),
    **{
        f"convnet 20, {skip}": (net_spec(depth=20, skip=skip), partial(SkipNet, skip, 20, 8))
        for skip in ("rezero", "highway", "concat", "hyper")
    },
    "convnet 20, pre-activation": (
        net_spec(depth=20, placement="pre-activation"),
        partial(SkipNet, "pre-activation", 20, 8),
    ),
}
LR = 0.01
BLOCK = 5  # steps of one before it is the other's turn


def measure(quick: bool) -> list[Measurement]:
    """Time blocks of steps of both, in turns, in one process with one thread."""
    torch.set_num_threads(1)
    return [_compare(name, *nets, blocks=4 if quick else 60) for name, nets in NETS.items()]


def _compare(name: str, net: NetSpec, build: Callable[[], nn.Module], blocks: int) -> Measurement:
    ours, theirs = _ours(net), _bare(build())
    for take in (ours, theirs):
        take()  # what only the first steps pay
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for block in range(blocks):
        turn = [("ours", ours), ("bare", theirs)]
        for who, take in turn if block % 2 else reversed(turn):
            times[who].append(take())
    mine, others = median(times["ours"]), median(times["bare"])
    return Measurement(
        f"training step with all telemetry / bare PyTorch, {name}",
        mine / others,
        1.03,
        "x",
        f"{1000 * mine:.2f} / {1000 * others:.2f} ms, median of {blocks} x {BLOCK} steps",
    )


def _bare(net: nn.Module) -> Callable[[], float]:
    train, _ = bare.digits()
    training = bare.steps(net, train, LR)

    def take() -> float:
        """Seconds a step, over a block."""
        began = perf_counter()
        for _ in range(BLOCK):
            next(training)
        return (perf_counter() - began) / BLOCK

    return take


def _ours(net: NetSpec) -> Callable[[], float]:
    # 400 steps at the default ``every``: a frame each step, the most there is.
    spec = RunSpec(net=net, optimizer=Sgd(lr=LR), steps=400)
    return steps(Training(spec), Recorder(Task("bench", spec), lambda batch: None))


def steps(training: Training, recorder: Recorder) -> Callable[[], float]:
    """What takes a block of steps of a run and gives the seconds of one."""
    events = iter(training)

    def step() -> float:
        """Seconds of one step with making and encoding its events; evaluations are not timed."""
        while True:
            before, began = training.step, perf_counter()
            recorder.add(next(events))
            if training.step > before:
                return perf_counter() - began

    def take() -> float:
        return sum(step() for _ in range(BLOCK)) / BLOCK

    return take
