"""No page is wider than a phone's screen, in any theme."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

PHONE = 390
Json = dict[str, Any]


@pytest.fixture
def pair(page: Page, server: str) -> Json:
    """A pair of which one diverges: its gradients have the longest numbers."""
    net = {"family": "mlp", "depth": 32, "width": 32, "norm": "none", "init": "he"}
    body = {"study": "twins", "base": {"net": net, "steps": 20}}
    answer = page.request.post("/api/studies", data=body, headers={"origin": server})
    found: Json = answer.json()
    return found


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_no_page_scrolls_sideways_on_a_phone(page: Page, pair: Json, theme: str) -> None:
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.add_init_script(f"localStorage.setItem('depthscope.theme', '{theme}')")
    for scale, widest in (("relative", "1,000× larger"), ("absolute", "×10²")):
        page.goto(f"/?study={pair['id']}&scale={scale}")
        expect(page.locator("#state")).to_have_text("Finished")
        expect(page.locator(".strip-high")).to_contain_text(widest)
        fits(page)
    page.locator("#more-toggle").click()
    fits(page)
    overlay = ",".join(run["id"] for run in pair["runs"])
    for address, drawn in (
        ("/depth", "#train"),
        (f"/gradients?study={pair['id']}", "#flow .main-svg"),
        (f"/runs?overlay={overlay}", "#chart .main-svg"),
        ("/lesion", "#ask"),
        ("/paths", "#ask"),
        ("/api", "#runspec"),
    ):
        page.goto(address)
        # A chart below the fold is drawn once it is in sight.
        page.locator(drawn.split()[0]).scroll_into_view_if_needed()
        expect(page.locator(drawn).first).to_be_visible()
        fits(page)


def fits(page: Page) -> None:
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE, page.url
