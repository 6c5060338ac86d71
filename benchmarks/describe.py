"""Describing a network over HTTP, as the form does at each change."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from benchmarks.measurement import Measurement
from benchmarks.serving import Server, serving


def measure(quick: bool) -> list[Measurement]:
    """Ask a warm server; each question differs, so that no answer can come from a cache."""
    repeats = 2 if quick else 9
    with serving() as server:
        return [
            Measurement(
                "describe of convnet 56, step 0 included",
                _ask(server, 56, repeats),
                0.3,
                "s",
                f"median of {repeats}",
            ),
            Measurement(
                "describe of convnet 1202",
                _ask(server, 1202, repeats),
                1,
                "s",
                f"median of {repeats}",
            ),
        ]


def _ask(server: Server, depth: int, repeats: int) -> float:
    times = []
    for seed in range(1, repeats + 1):
        began = perf_counter()
        server.post("/api/describe", {"net": {"depth": depth}, "seed": seed})
        times.append(perf_counter() - began)
    return median(times)
