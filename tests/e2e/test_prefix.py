"""Behind a proxy that serves the pages below a path and strips it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PATIENCE_MS, Watch
from tests.e2e.lab import SMALL, Lab
from tests.e2e.prefix import below_a_path


@pytest.fixture
def home(server: str) -> Iterator[str]:
    """The address of the first page."""
    with below_a_path(server) as address:
        yield address


@pytest.fixture
def page(browser: Browser, home: str) -> Iterator[Page]:
    """A watched page whose addresses are told from ``home``."""
    visitor = browser.new_context(base_url=home, viewport={"width": 1366, "height": 768})
    visitor.set_default_timeout(PATIENCE_MS)
    watch = Watch(home)
    opened = visitor.new_page()
    watch.follow(opened)
    yield opened
    visitor.close()
    assert watch.unexpected() == []


def test_a_pair_trains_below_a_path(page: Page, home: str) -> None:
    lab = Lab(page)
    page.goto(f"?v=2&{SMALL}")
    lab.measured()
    lab.train.click()
    expect(lab.state).to_have_text("Finished")
    assert page.url.startswith(f"{home}?")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    assert download.value.path().read_text(encoding="utf-8").count("batch_loss") >= 80


def test_every_page_leads_to_every_other_below_a_path(page: Page, home: str) -> None:
    page.goto(home)
    for name in ("Depth", "Gradients", "Runs", "Lab"):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(page.get_by_role("navigation").get_by_role("link", name=name)).to_have_attribute(
            "aria-current", "page"
        )
        assert page.url.startswith(home)
    page.get_by_role("contentinfo").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url == f"{home}api"
