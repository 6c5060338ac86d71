"""/depth as a test drives it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page

SMALL = "net.family=mlp&net.width=8&depths=4,8&seeds=0&steps=20&batch_size=128"
LONG = "net.family=mlp&depths=32,64&seeds=0&steps=5000"


def points(page: Page) -> Any:
    return page.locator("#chart .scatterlayer .point")


def finished(page: Page) -> Any:
    return page.locator(".runcell[data-standing=finished]")


def study_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["study"][0]
