"""Pages behind proxies that lose connections without a word, or let no socket through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PATIENCE_MS, Watch
from tests.e2e.lab import LONG, SMALL, Lab
from tests.e2e.proxy import Proxy

ASKING = "No live connection: checking every 2 seconds."
# Whatever the page says of its connection, in the order in which it says it.
HEAR = """() => {
    window.told = [];
    const look = () => {
        const found = document.body.innerText.match(/connection[^.]*lost|can't be reached/i);
        if (found) window.told.push(found[0]);
    };
    document.addEventListener("DOMContentLoaded", () =>
        new MutationObserver(look).observe(document.body, { childList: true, subtree: true }));
}"""


@contextmanager
def behind(proxy: Proxy, browser: Browser) -> Iterator[tuple[Page, Watch]]:
    """A page that reaches the server through this proxy."""
    context = browser.new_context(base_url=proxy.http, viewport={"width": 1366, "height": 768})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    watch = Watch(proxy.http)
    watch.follow(page)
    page.add_init_script(f"({HEAR})()")
    yield page, watch
    context.close()
    assert watch.unexpected() == []


def test_a_connection_on_which_nothing_comes_is_taken_up_again(
    server: str, browser: Browser
) -> None:
    with Proxy(server) as proxy, behind(proxy, browser) as (page, _):
        page.clock.install()
        lab = Lab(page).open(LONG)
        lab.train.click()
        before = lab.at_step(10)
        proxy.freeze()
        page.clock.fast_forward(26_000)
        lab.at_step(before + 50)
        expect(lab.notices).to_be_empty()
        lab.stop.click()
        expect(lab.state).to_have_text("Stopped")


def test_where_no_socket_comes_through_events_are_asked_for(server: str, browser: Browser) -> None:
    with Proxy(server, sockets=False) as proxy, behind(proxy, browser) as (page, watch):
        watch.expected.append(r"WebSocket connection to .* failed")
        lab = Lab(page).open(LONG)
        lab.train.click()
        before = lab.at_step(10)
        expect(lab.notices).to_have_text(ASKING)
        lab.at_step(before + 50)
        aside = page.context.new_page()
        aside.goto(f"gradients?study={lab.study()}")
        expect(aside.locator("#connection")).to_have_text(ASKING)
        lab.stop.click()
        expect(lab.state).to_have_text("Stopped")
        expect(lab.notices).to_be_empty()
        expect(aside.locator("#connection")).to_be_hidden()
        assert page.evaluate("window.told") == []


def test_a_run_that_is_over_is_shown_without_a_socket(server: str, browser: Browser) -> None:
    with Proxy(server, sockets=False) as proxy, behind(proxy, browser) as (page, watch):
        watch.expected.append(r"WebSocket connection to .* failed")
        lab = Lab(page).open(SMALL)
        lab.train.click()
        lab.finished()
        page.reload()
        expect(lab.state).to_have_text("Finished")
        lab.drawn("error-chart")
        run = page.evaluate(
            "async (id) => (await (await fetch(`api/studies/${id}`)).json()).runs[0].id",
            lab.study(),
        )
        page.goto(f"runs?overlay={run}")
        page.locator("#overlay .js-plotly-plot").first.wait_for()
        expect(page.locator("#overlay-lost")).to_be_hidden()
        assert page.evaluate("window.told") == []
