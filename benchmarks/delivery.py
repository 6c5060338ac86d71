"""From an event made in a worker to received and to drawn in the page, while both cores train."""

from __future__ import annotations

import json
import sys

from benchmarks.echo import echoing
from benchmarks.lab import visit
from benchmarks.measurement import Measurement, percentile
from benchmarks.serving import browser, serving

SIZE = 4_000  # letters of a frame of 56 layers
PAUSE = 100  # ms between two bare things, so that they are beside what is measured, not in its way


def measure(quick: bool) -> list[Measurement]:
    """Stamp every frame where it is made, and look when it comes and when it shows.

    Twins advance together on screen: a step can be drawn once both networks have made it. The bare
    echo and the bare redraw happen in the same page, while the same runs train.
    """
    steps = 20 if quick else 200
    times = 10 if quick else 40
    with (
        serving([sys.executable, "-m", "benchmarks.stamped"]) as server,
        browser() as chromium,
        echoing() as address,
        visit(chromium, server, f"?v=1&steps={steps}" if quick else "") as lab,
    ):
        lab.settle()
        lab.probe("watch()")
        lab.press_train()
        bare = lab.page.evaluate(
            f"""async () => {{
              const echoes = await probe.echoes({address!r}, {SIZE}, {times}, {PAUSE});
              return [echoes, await probe.redraws({steps}, {times}, {PAUSE})];
            }}"""
        )
        lab.finish()
        lab.probe(f"shown({steps})")
        messages, drawn = lab.probe("messages"), lab.probe("drawn")
    made: dict[int, float] = {}
    received = []
    for message in messages:
        for event in json.loads(message["data"]):
            if event["type"] == "frame":
                made[event["step"]] = max(made.get(event["step"], 0), event["made"])
                received.append(message["at"] - 1000 * event["made"])
    shown = []
    for step, born in made.items():
        shown.append(next(one["at"] for one in drawn if one["step"] >= step) - 1000 * born)
    echoes, redraws = bare
    return [
        _row("event made to received in the page / a bare socket's echo there", received, echoes),
        _row("step made by both twins to drawn / a bare redraw by Plotly there", shown, redraws),
    ]


def _row(what: str, ours: list[float], bare: list[float]) -> Measurement:
    late, usual = (percentile(ours, share) for share in (0.95, 0.5))
    late_bare, usual_bare = (percentile(bare, share) for share in (0.95, 0.5))
    return Measurement(
        what,
        usual / usual_bare,
        None,
        "x",
        f"{usual:.1f} / {usual_bare:.1f} ms, medians of {len(ours)} and {len(bare)}, while twins "
        f"of 56 layers train; p95 {late:.0f} / {late_bare:.0f} ms",
    )
