"""/gradients as a test drives it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

Json = dict[str, Any]
STEPS = 12
TWINS: Json = {
    "study": "twins",
    "base": {
        "net": {"family": "mlp", "depth": 8, "width": 8, "norm": "none", "init": "default"},
        "steps": STEPS,
    },
}


def train(context: BrowserContext, study: Json, *, paused: bool = False) -> Json:
    """Start a study as this visitor; wait for its end unless it is paused."""
    context.request.get("/")
    answer = context.request.post(
        f"/api/studies?paused={'true' if paused else 'false'}", data=study
    )
    assert answer.status == 201, answer.text()
    started: Json = answer.json()
    return started


def finished(page: Page, study: str) -> Json:
    """The study once its runs have ended: waits on its own socket, as a page does."""
    page.goto("/api")
    page.evaluate(
        """(id) => new Promise((done) => {
            const socket = new WebSocket(`ws://${location.host}/api/studies/${id}/live`);
            socket.onopen = () => socket.send(JSON.stringify({after: {}, frames: false}));
            socket.onclose = done;
        })""",
        study,
    )
    answer: Json = page.request.get(f"/api/studies/{study}").json()
    return answer


def frames(page: Page, run: str) -> list[Json]:
    """The frames of a run, from the interface."""
    said = page.request.get(f"/api/runs/{run}/events?limit=1000").json()["events"]
    return [event for event in said if event["type"] == "frame"]


def run_of(study: Json, skip: str) -> str:
    """The id of a study's run with this skip."""
    (run,) = (run for run in study["runs"] if run["spec"]["net"]["skip"] == skip)
    return str(run["id"])


def curves(page: Page) -> dict[str, list[float | None]]:
    """What the flow chart draws, by label, once it draws a pair and has drawn its last update."""
    page.wait_for_function(
        """() => ["plain", "residual"].every((label) =>
                document.querySelector("#flow .plot-area")?.data?.some(({name}) => name === label))
            && document.querySelector("#layers").style.getPropertyValue("--left")"""
    )
    drawn: list[Json] = page.evaluate(
        """() => JSON.parse(JSON.stringify(document.querySelector("#flow .plot-area").data))"""
    )
    return {trace["name"]: trace["y"] for trace in drawn if trace.get("yaxis", "y") == "y"}


def take_off(page: Page, runs: int) -> None:
    """Take all runs off the page, each once the one before has gone."""
    for left in range(runs - 1, -1, -1):
        page.locator("#shown button").first.click()
        expect(page.locator("#shown li")).to_have_count(left)


def shows(page: Page, label: str, expected: list[float]) -> None:
    """Wait until a curve of the flow chart has these values."""
    page.wait_for_function(
        """([label, expected]) => {
            const trace = document.querySelector("#flow .plot-area")?.data
                ?.find(({name}) => name === label);
            return trace && trace.y.length === expected.length
                && trace.y.every((y, i) => Math.abs(y - expected[i]) <= 1e-9 * expected[i]);
        }""",
        arg=[label, expected],
    )


def beside(flow: list[float]) -> list[float]:
    """A frame's flow as ratios to the last block's: the head stands behind it."""
    return [value / flow[-2] for value in flow[:-1]]
