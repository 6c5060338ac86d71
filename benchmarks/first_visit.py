"""The first visit of the Lab: bytes over the wire, and when it can be used."""

from __future__ import annotations

from statistics import median

from playwright.sync_api import Browser

from benchmarks.lab import QUIET_MS, visit
from benchmarks.measurement import Measurement
from benchmarks.serving import Server, browser, serving


def measure(quick: bool) -> list[Measurement]:
    """Visit with an empty cache each time."""
    with serving() as server, browser() as chromium:
        visits = [_visit(chromium, server) for _ in range(1 if quick else 7)]
    how = f"median of {len(visits)} visits with an empty cache"
    return [
        Measurement(
            "first visit of /, bytes over the wire",
            median(size for size, _, _ in visits) / 1e6,
            1.7,
            "MB",
            how,
        ),
        Measurement(
            "first visit of /, time to interactive on loopback",
            median(ready for _, ready, _ in visits),
            1.5,
            "s",
            f"{how}; step 0 drawn at {median(drawn for _, _, drawn in visits):.2f} s",
        ),
    ]


def _visit(browser: Browser, server: Server) -> tuple[int, float, float]:
    """Bytes, seconds to interactive, seconds to step 0 drawn.

    Interactive: Train can be pressed, and the last task over 50 ms that follows the first paint
    has ended, seen from a moment of quiet after step 0 was drawn.
    """
    with visit(browser, server, "") as lab:
        page = lab.page
        page.locator("#train:enabled").wait_for()
        lab.settle()
        drawn = page.evaluate("performance.now()") / 1000
        page.wait_for_timeout(QUIET_MS)
        loaded = page.evaluate(
            "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
        )
        busy = max((task["startTime"] + task["duration"] for task in lab.probe("long")), default=0)
        size = page.evaluate(
            "['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type))"
            ".reduce((sum, { transferSize }) => sum + transferSize, 0)"
        )
    return size, max(loaded, busy) / 1000, drawn
