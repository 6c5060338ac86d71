"""A depth sweep through the engine, against the same runs as bare scripts over two processes."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.pool import Pool
from statistics import median
from time import perf_counter

from app.cli.listener import Listener
from app.executors.base import Job, Task
from app.executors.local import LocalExecutor
from app.spec import RunSpec
from app.studies.registry import plan
from app.studies.spec import DepthSpec
from benchmarks import bare
from benchmarks.measurement import Measurement

PROCESSES = 2


def measure(quick: bool) -> list[Measurement]:
    """Both warm, in turns; from asking for the six runs to the end of the last."""
    steps, rounds = (10, 1) if quick else (200, 3)
    specs = plan(DepthSpec(base=RunSpec(steps=steps), seeds=(0,)))
    listener = Listener()
    engine = LocalExecutor(PROCESSES)
    engine.start(listener)
    with get_context("spawn").Pool(PROCESSES, bare.prepare) as pool:
        ours, scripts = _ours(engine, listener), _scripts(pool)
        try:
            warm = plan(DepthSpec(base=RunSpec(steps=2), depths=(8,), seeds=(0,)))
            for sweep in (ours, scripts):
                sweep(warm)
            times: dict[str, list[float]] = {"ours": [], "bare": []}
            for number in range(rounds):
                turn = [("ours", ours), ("bare", scripts)]
                for who, sweep in turn if number % 2 else reversed(turn):
                    times[who].append(sweep(specs))
        finally:
            engine.close()
    mine, others = median(times["ours"]), median(times["bare"])
    return [
        Measurement(
            "six-run depth sweep / bare scripts over two processes",
            mine / others,
            1.10,
            "x",
            f"{mine:.1f} / {others:.1f} s, {steps} steps, median of {rounds}",
        )
    ]


Sweep = Callable[[tuple[RunSpec, ...]], float]


def _ours(engine: LocalExecutor, listener: Listener) -> Sweep:
    def sweep(specs: tuple[RunSpec, ...]) -> float:
        began = perf_counter()
        for number, spec in enumerate(specs):
            engine.submit(Job((Task(f"{began}-{number}", spec),)))
        ended = 0
        while ended < len(specs):
            ended += listener.batches.get().ending is not None
        return perf_counter() - began

    return sweep


def _scripts(pool: Pool) -> Sweep:
    def sweep(specs: tuple[RunSpec, ...]) -> float:
        runs = [
            {
                "seed": spec.seed,
                "depth": spec.net.depth,
                "width": spec.net.width,
                "residual": spec.net.skip.name != "none",
                "lr": spec.optimizer.lr,
                "steps": spec.steps,
            }
            for spec in specs
        ]
        began = perf_counter()
        for _ in pool.imap_unordered(bare.script, runs, chunksize=1):
            pass
        return perf_counter() - began

    return sweep
