"""From pressing Train to the first event in the page, with warm workers."""

from __future__ import annotations

from statistics import median

from benchmarks.lab import visit
from benchmarks.measurement import Measurement
from benchmarks.serving import browser, serving


def measure(quick: bool) -> list[Measurement]:
    """Press it on fresh pages, one after the other; the page's own clock at both ends."""
    times = []
    with serving() as server, browser() as chromium:
        for seed in range(1 if quick else 9):
            with visit(chromium, server, f"?v=1&steps=2&seed={seed}") as lab:
                lab.settle()
                lab.press_train()
                times.append((lab.probe("messages[0].at") - lab.probe("pressed")) / 1000)
                lab.finish()
    return [
        Measurement(
            "Train pressed to first event in the page, twins of 56 layers",
            median(times),
            0.3,
            "s",
            f"median of {len(times)}, slowest {max(times):.2f} s",
        )
    ]
