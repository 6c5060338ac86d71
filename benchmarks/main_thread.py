"""The page's main thread while twins of 56 layers stream into it for a minute."""

from __future__ import annotations

from playwright.sync_api import CDPSession

from benchmarks.lab import Lab, visit
from benchmarks.measurement import Measurement
from benchmarks.serving import browser, serving

STEPS = 6000  # more than a minute's


def measure(quick: bool) -> list[Measurement]:
    """Press Train, and note every task over 50 ms and the heap after collections."""
    first, second = (3, 3) if quick else (20, 40)  # seconds
    with (
        serving() as server,
        browser() as chromium,
        visit(chromium, server, f"?v=1&steps={STEPS}") as lab,
    ):
        session = lab.page.context.new_cdp_session(lab.page)
        session.send("Performance.enable")
        lab.settle()
        lab.press_train()
        long = _watch(lab, first)
        before = _heap(session)
        long += _watch(lab, second)
        after = _heap(session)
        step = lab.page.locator("#status").inner_text()
        lab.page.locator("#stop").click()
        lab.finish()
    return [
        Measurement(
            f"longest task of the main thread in {first + second} s of streaming",
            max(long, default=0),
            100,
            "ms",
            f"{len(long)} tasks over 50 ms; {step}",
        ),
        Measurement(
            f"heap growth over the last {second} s of it",
            (after - before) / 1e6,
            5,
            "MB",
            f"from {before / 1e6:.1f} to {after / 1e6:.1f} MB after collection",
        ),
    ]


def _watch(lab: Lab, seconds: int) -> list[float]:
    """How long each long task took; what a forced collection took before is not counted."""
    lab.page.evaluate("probe.long.length = 0")
    lab.page.wait_for_timeout(1000 * seconds)
    return [task["duration"] for task in lab.probe("long")]


def _heap(session: CDPSession) -> float:
    session.send("HeapProfiler.collectGarbage")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == "JSHeapUsedSize")
