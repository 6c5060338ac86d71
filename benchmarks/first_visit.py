"""The first visit of the Lab: bytes over the wire, and when it can be used.

The browser is started as a person's is. One that is driven through its debugging protocol takes
0.4 s longer to run Plotly's script, which no visitor sees.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.measurement import Measurement
from benchmarks.serving import Server, serving
from tests import chromium


def measure(quick: bool) -> list[Measurement]:
    """Visit with an empty profile each time."""
    with serving([sys.executable, "-m", "benchmarks.watched"]) as server:
        visits = [_visit(server) for _ in range(1 if quick else 7)]
    how = f"median of {len(visits)} visits with an empty profile"
    longest = median(max((duration for _, duration in one.long), default=0) for one in visits)
    drawn = median(one.step0 for one in visits)
    return [
        Measurement(
            "first visit of /, bytes over the wire",
            median(one.bytes for one in visits) / 1e6,
            1.7,
            "MB",
            how,
        ),
        Measurement(
            "first visit of /, time to interactive on loopback",
            median(one.interactive for one in visits),
            1.5,
            "s",
            f"{how}; step 0 drawn at {drawn:.2f} s, longest task {longest:.0f} ms",
        ),
    ]


@dataclass(frozen=True)
class Visit:
    """What the page saw: bytes, and seconds since the navigation began."""

    bytes: int
    loaded: float
    step0: float
    long: list[tuple[float, float]]  # tasks over 50 ms: start in s, duration in ms

    @property
    def interactive(self) -> float:
        """When Train could be pressed and the last long task before a time of quiet had ended."""
        return max([self.loaded, *(start + duration / 1000 for start, duration in self.long)])


def _visit(server: Server) -> Visit:
    page = len(server.get("/")) - len(gzip.compress(server.get("/"), 9))  # it came uncompressed
    # The browser's own children may still write there while they end.
    with tempfile.TemporaryDirectory(
        prefix="depthscope-visit-", ignore_cleanup_errors=True
    ) as profile:
        command = [
            str(chromium.find()),
            *chromium.arguments(),
            "--headless",
            "--window-size=1366,768",
            "--no-first-run",
            f"--user-data-dir={profile}",
            "--remote-debugging-port=0",  # or a headless browser ends once the page is loaded
            f"{server.address}/",
        ]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as browser:
            try:
                saw: dict[str, Any] = json.loads(server.get("/visit"))
            finally:
                browser.terminate()
    return Visit(
        saw["bytes"] - page,
        saw["loaded"] / 1000,
        saw["step0"] / 1000,
        [(start / 1000, duration) for start, duration in saw["long"]],
    )
