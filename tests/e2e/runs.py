"""/runs as a test drives it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

MLP = {"family": "mlp", "depth": 4, "width": 8}


def start(page: Page, kind: str, body: dict[str, Any]) -> str:
    """Start a run or study as this page's visitor; its id."""
    answer = page.request.post(f"/api/{kind}", data=body)
    assert answer.status == 201, answer.text()
    return str(answer.json()["id"])


def entry(page: Page, name: str) -> Locator:
    return page.locator(f".entry[data-id='{name}']")


def state_of(page: Page, name: str) -> Locator:
    return entry(page, name).locator(".badge")
