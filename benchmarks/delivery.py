"""From an event made in a worker to received and to drawn in the page, while both cores train."""

from __future__ import annotations

import json
import sys

from benchmarks.lab import visit
from benchmarks.measurement import Measurement, percentile
from benchmarks.serving import browser, serving


def measure(quick: bool) -> list[Measurement]:
    """Stamp every frame where it is made, and look when it comes and when it shows.

    Twins advance together on screen: a step can be drawn once both networks have made it.
    """
    steps = 20 if quick else 200
    with (
        serving([sys.executable, "-m", "benchmarks.stamped"]) as server,
        browser() as chromium,
        visit(chromium, server, f"?v=1&steps={steps}" if quick else "") as lab,
    ):
        lab.settle()
        lab.probe("watch()")
        lab.press_train()
        lab.finish()
        lab.probe(f"shown({steps})")
        messages, drawn = lab.probe("messages"), lab.probe("drawn")
    made: dict[int, float] = {}
    received = []
    for message in messages:
        for event in json.loads(message["data"]):
            if event["type"] == "frame":
                made[event["step"]] = max(made.get(event["step"], 0), event["made"])
                received.append(message["at"] / 1000 - event["made"])
    shown = []
    for step, born in made.items():
        shown.append(next(one["at"] for one in drawn if one["step"] >= step) / 1000 - born)
    how = f"p95 of {len(received)} frames of twins of 56 layers; median"
    return [
        Measurement(
            "event made to received in the page",
            percentile(received, 0.95),
            0.06,
            "s",
            f"{how} {percentile(received, 0.5):.3f} s",
        ),
        Measurement(
            "step made by both twins to drawn",
            percentile(shown, 0.95),
            0.3,
            "s",
            f"p95 of {len(shown)} steps; median {percentile(shown, 0.5):.3f} s",
        ),
    ]
