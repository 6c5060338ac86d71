"""The Lab in a browser, with the probe in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page

from benchmarks.serving import Server, finish

PROBE = Path(__file__).with_name("probe.js")
VIEW = {"width": 1366, "height": 768}
QUIET_MS = 1500


class Lab:
    """One visit to the Lab."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self._server = server

    def settle(self) -> None:
        """Wait until step 0 is drawn and nothing is loading."""
        self.page.locator("#flow-chart .js-plotly-plot .scatterlayer .trace").first.wait_for()
        self.page.wait_for_load_state("networkidle")

    def press_train(self) -> None:
        """Press Train, and wait for the first message with events."""
        self.page.locator("#train").click()
        self.probe("first")

    def finish(self) -> None:
        """Wait until the pair on show has ended."""
        study = parse_qs(urlsplit(self.page.url).query)["study"][0]
        finish(self._server, study)

    def probe(self, expression: str) -> Any:
        """What the probe saw; a promise is waited for."""
        return self.page.evaluate(f"probe.{expression}")


@contextmanager
def visit(browser: Browser, server: Server, link: str = "") -> Iterator[Lab]:
    """Open the Lab as somebody who was never here."""
    # Its own policy would not let it reach the bare socket that it is held against.
    context = browser.new_context(viewport=VIEW, bypass_csp=True)  # type: ignore[arg-type]
    context.add_init_script(path=PROBE)
    try:
        page = context.new_page()
        page.goto(f"{server.address}/{link}")
        yield Lab(page, server)
    finally:
        context.close()
