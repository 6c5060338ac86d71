"""A page that loses its connection, or its server's word, goes on where it stood."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.e2e.conftest import Watch
from tests.e2e.lab import LONG, SMALL, Lab

ASKING = "No live connection: checking every 2 seconds."


def test_a_lost_connection_is_told_and_taken_up_without_a_gap(page: Page) -> None:
    sockets: list[WebSocketRoute] = []
    firsts: list[str] = []

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        sockets.append(socket)

        def sent(message: str | bytes) -> None:
            firsts.append(str(message))
            server.send(message)

        socket.on_message(sent)

    page.route_web_socket("**/live", between)
    lab = Lab(page).open(LONG)
    lab.train.click()
    lab.at_step(10)
    page.evaluate(
        """() => {
            window.told = [];
            const notices = document.getElementById("notices");
            new MutationObserver(() => window.told.push(notices.innerText)).observe(
                notices, { childList: true });
        }"""
    )
    before = lab.shown_step()
    sockets[0].close(code=1001, reason="cut")
    page.wait_for_function("() => window.told.some((text) => text.includes('Connection lost'))")
    lab.at_step(before + 20)
    expect(lab.notices).to_be_empty()
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")
    # It went on from its cursor: the second first message names events already there.
    assert firsts[0] == '{"after":{},"frames":true}'
    assert '"after":{}' not in firsts[1]
    # Every step is drawn once, none is missing.
    frames = lab.events(("frame",))
    plain = next(
        t for t in lab.drawn("loss-chart") or lab.drawn("error-chart") if t["name"] == "plain"
    )
    assert plain["x"] == sorted(plain["x"])
    assert len(frames[0]) > before


def test_one_socket_takes_up_a_lost_connection(page: Page) -> None:
    sockets: list[WebSocketRoute] = []

    def between(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.connect_to_server()

    page.route_web_socket("**/live", between)
    lab = Lab(page).open(LONG)
    lab.train.click()
    before = lab.at_step(10)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)
        page.evaluate("document.body.dataset.held = true")

    study = f"**/api/studies/{lab.study()}"
    page.route(study, hold)
    sockets[0].close(code=1001, reason="cut")
    page.locator("body[data-held]").wait_for()
    # Back before the question why it was lost is answered: the network says so first.
    page.evaluate("window.dispatchEvent(new Event('online'))")
    lab.at_step(before + 20)
    with page.expect_event("requestfinished", lambda request: request.url.endswith(lab.study())):
        held[0].continue_()
    # A later timer than the one that would open a socket more.
    page.evaluate("new Promise((rung) => setTimeout(rung, 1000))")
    assert len(sockets) == 2
    page.unroute(study)
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")


def test_a_server_that_answers_all_but_sockets_is_not_said_to_be_out_of_reach(page: Page) -> None:
    page.goto("/runs")
    spec = {"net": {"family": "mlp", "depth": 4, "width": 8}, "steps": 100_000, "every": 1000}
    run = page.request.post("/api/runs", data=spec).json()["id"]
    page.route_web_socket(re.compile("/live"), lambda socket: socket.close(code=1011))
    page.goto(f"/runs?overlay={run}")
    expect(page.locator("#overlay-lost")).to_have_text(ASKING)


def test_a_server_that_does_not_answer_is_told_so(page: Page, watch: Watch) -> None:
    watch.expected.append(r"ERR_INTERNET_DISCONNECTED")
    lab = Lab(page).open(SMALL)
    page.context.set_offline(True)
    lab.train.click()
    expect(page.locator("#toasts")).to_contain_text("The server does not answer")
    page.context.set_offline(False)
    expect(page.locator("#toasts")).to_be_empty()  # it answers again, and nobody need dismiss it
    lab.train.click()
    lab.finished()
