"""An exported HTML file, opened from a disk by a browser that has no network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

PATIENCE_MS = 60_000

DRAWN = """(name) => JSON.parse(JSON.stringify(
    document.querySelector(name).querySelector(".js-plotly-plot").data))"""


@contextmanager
def opened(browser: Browser, html: bytes, folder: Path, **more: Any) -> Iterator[Page]:
    """The file in a browser; fails if it asks for anything, or says anything on the console."""
    path = folder / "exported.html"
    path.write_bytes(html)
    reader = browser.new_context(offline=True, **more)
    reader.set_default_timeout(PATIENCE_MS)
    page = reader.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(f"asks for {request.url[:200]}"))
    page.goto(path.as_uri())
    yield page
    assert [one for one in complaints if not re.match(r"asks for (data:|blob:)", one)] == [
        f"asks for {path.as_uri()}"
    ]
    reader.close()


def drawn(page: Page, name: str) -> list[dict[str, Any]]:
    """The traces of the chart below an element, once it has been drawn: in sight."""
    page.locator(name).scroll_into_view_if_needed()
    page.wait_for_selector(f"{name} .js-plotly-plot .main-svg")
    page.wait_for_selector(f"{name} .plot-menu:not([hidden])", state="attached")
    traces: list[dict[str, Any]] = page.evaluate(DRAWN, name)
    return [{key: value for key, value in trace.items() if key != "uid"} for trace in traces]
