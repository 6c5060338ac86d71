"""From pressing Train to the first event in the page, with warm workers."""

from __future__ import annotations

from statistics import median

from benchmarks.echo import echoing
from benchmarks.lab import visit
from benchmarks.measurement import Measurement
from benchmarks.serving import browser, serving

SIZE = 20_000  # letters, about what tells that twins of 56 layers have begun


def measure(quick: bool) -> list[Measurement]:
    """Press it on fresh pages, one after the other; the page's own clock at both ends."""
    times, echoes = [], []
    with serving() as server, browser() as chromium, echoing() as address:
        for seed in range(1 if quick else 9):
            with visit(chromium, server, f"?v=1&steps=2&seed={seed}") as lab:
                lab.settle()
                echoes += lab.probe(f"echoes({address!r}, {SIZE}, 20, 20)")
                lab.press_train()
                times.append(lab.probe("messages[0].at") - lab.probe("pressed"))
                lab.finish()
    ours, bare = median(times), median(echoes)
    return [
        Measurement(
            "Train pressed to first event in the page, twins of 56 layers / a bare socket's echo",
            ours / bare,
            None,
            "x",
            f"{ours:.0f} / {bare:.1f} ms, medians of {len(times)} and {len(echoes)}; "
            f"slowest {max(times):.0f} ms",
        )
    ]
