"""The Lab as a test drives it."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

# Small and quick: trains in a second or two.
SMALL = "net.family=mlp&net.depth=8&net.width=8&steps=40&batch_size=16"
# As small, and not done before a test is.
LONG = "net.family=mlp&net.depth=8&net.width=8&steps=20000&every=1&batch_size=16&evaluate.limit=16"

# What the page says once step 0 is measured, while it is, and of networks that nobody has trained.
READY = "Ready"
MEASURING = "Measuring the untrained networks"
UNTRAINED = "networks can only guess"

WORKERS = 2  # of every server that tests/server.py starts


class Lab:
    """The Lab in a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.train = page.locator("#train")
        self.step = page.locator("#step")
        self.stop = page.locator("#stop")
        self.state = page.locator("#state")
        self.status = page.locator("#status")
        self.takeaway = page.locator("#takeaway")
        self.notices = page.locator("#notices")

    def open(self, query: str = "") -> Lab:
        """Open the page and wait until step 0 of both networks is measured."""
        self.page.goto(f"/?v=2&{query}" if query else "/")
        self.measured()
        return self

    def measured(self) -> None:
        """Wait until step 0 of what the form says is measured."""
        expect(self.status).to_have_text(READY)

    def field(self, path: str) -> Locator:
        """The control of a setting."""
        return self.page.locator(f'[data-path="{path}"] :is(select, input:not([type="range"]))')

    def problem(self, path: str) -> Locator:
        """What stands beside a setting."""
        return self.page.locator(f'[data-path="{path}"] .field-problem')

    def control(self, study: str, action: str) -> None:
        """Have the server do something with a pair, as another page would."""
        origin = self.page.evaluate("location.origin")
        answer = self.page.request.post(
            f"/api/studies/{study}/control", data={"action": action}, headers={"origin": origin}
        )
        assert answer.ok, answer.text()

    def occupy(self) -> list[str]:
        """Train a pair for each worker: whatever comes next must wait."""
        base = {
            "net": {"family": "mlp", "depth": 8, "width": 8, "skip": "identity"},
            "evaluate": {"limit": 16},
            "batch_size": 16,
            "steps": 20000,
        }
        origin = self.page.evaluate("location.origin")
        studies: list[str] = []
        for _ in range(WORKERS):
            answer = self.page.request.post(
                "/api/studies", data={"study": "twins", "base": base}, headers={"origin": origin}
            )
            assert answer.ok, answer.text()
            studies.append(answer.json()["id"])
        return studies

    def ended(self, study: str) -> list[str]:
        """Wait until both runs of a pair have ended; how they did."""
        states: list[str] = self.page.evaluate(
            """async (id) => {
                const address = new URL(`/api/studies/${id}`, location);
                const socket = new WebSocket(`${address}/live`.replace("http", "ws"));
                socket.onopen = () => socket.send(JSON.stringify({ after: {}, frames: false }));
                await new Promise((over) => { socket.onclose = over; });
                const { runs } = await (await fetch(address)).json();
                return runs.map(({ state }) => state);
            }""",
            study,
        )
        return states

    def strip(self, index: int) -> Locator:
        """One network's strip, from the top."""
        return self.page.locator(".strip-drawing").nth(index)

    def finished(self) -> None:
        """Wait until the pair has been trained to its end."""
        self.page.wait_for_function("() => location.search.includes('study=')")
        # The address names a new pair a moment before the badge does.
        self.ended(self.study())
        expect(self.state).to_have_text("Finished")

    def at_step(self, least: int) -> int:
        """Wait until both networks have done so many steps; how many it are."""
        self.page.wait_for_function(
            """(least) => {
                const found = /Step (\\d+) of/.exec(document.getElementById("status").textContent);
                return found !== null && Number(found[1]) >= least;
            }""",
            arg=least,
        )
        return self.shown_step()

    def held(self) -> int:
        """Wait until the server holds both networks before the same step; how many they did."""
        step: int = self.page.evaluate(
            """async (id) => {
                for (;;) {
                    const { runs } = await (await fetch(`/api/studies/${id}`)).json();
                    const [{ step }] = runs;
                    const held = (run) => run.state === "paused" && run.step === step;
                    if (runs.every(held)) return step;
                    await new Promise(requestAnimationFrame);
                }
            }""",
            self.study(),
        )
        return step

    def shown_step(self) -> int:
        """The step that the status line names."""
        found = re.search(r"\d+", self.status.inner_text())
        assert found is not None
        return int(found[0])

    def study(self) -> str:
        """The pair that the address names."""
        found = re.search(r"[?&]study=([a-z0-9]+)", self.page.url)
        assert found is not None, self.page.url
        return found[1]

    def drawn(self, chart: str) -> list[dict[str, Any]]:
        """What a chart draws: name, count of points and their values, trace by trace."""
        traces: list[dict[str, Any]] = self.page.evaluate(
            """(id) => (document.querySelector(`#${id} .js-plotly-plot`)?.data ?? []).map(
                ({ name, x, y }) => ({ name, x: Array.from(x ?? []), y: Array.from(y ?? []) }))""",
            chart,
        )
        return traces

    def events(self, kinds: tuple[str, ...] = ("frame", "evaluated")) -> list[list[dict[str, Any]]]:
        """What the server has of each run of the pair, but for the time."""
        study = self.page.request.get(f"/api/studies/{self.study()}").json()
        return [self._events(run["id"], kinds) for run in study["runs"]]

    def _events(self, run: str, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        after: int | None = -1
        while after is not None:
            page = self.page.request.get(f"/api/runs/{run}/events?after={after}").json()
            events += page["events"]
            after = page["next"]
        named = ("run", "time")
        return [
            {key: value for key, value in event.items() if key not in named}
            for event in events
            if event["type"] in kinds
        ]
