"""A sweep that goes on: reloaded, watched by others, cancelled, deleted, out of reach."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.conftest import Watch
from tests.e2e.depth import LONG, SMALL, finished, study_of


def test_a_reload_in_the_middle_finds_the_sweep_again(page: Page) -> None:
    page.goto(f"/depth?{LONG}")
    page.locator("#train").click()
    expect(page.locator(".runcell[data-standing=running]").first).to_be_visible()
    before = study_of(page)
    page.reload()
    expect(page.locator(".runcell[data-standing=running]").first).to_be_visible()
    assert study_of(page) == before
    expect(page.locator("#plan-summary")).to_contain_text("Depth 32, 64")
    page.locator("#cancel").click()
    expect(page.locator("#progress-text")).to_contain_text("Stopped: 0 of 4 measured")
    expect(page.locator("#chart-title")).to_contain_text("partial: 0 of 4 runs measured")
    assert page.locator("#bar").evaluate("bar => bar.value") < 1
    expect(page.locator("#cancel")).to_be_hidden()
    expect(page.locator("#train")).to_be_enabled()
    expect(page.locator(".runcell[data-standing=stopped]")).to_have_count(4)


def test_only_who_started_a_sweep_may_cancel_it(
    page: Page, browser: Browser, server: str, watch: Watch
) -> None:
    page.goto(f"/depth?{LONG}")
    page.locator("#train").click()
    expect(page.locator("#cancel")).to_be_visible()
    visitor = browser.new_context(base_url=server)
    other = visitor.new_page()
    watch.follow(other)
    other.goto(page.url)
    expect(other.locator(".runcell").first).to_be_visible()
    expect(other.locator("#cancel")).to_be_hidden()
    expect(other.locator("#progress-text")).to_contain_text("started in another browser")
    refused = visitor.request.post(
        f"/api/studies/{study_of(page)}/control", data={"action": "stop"}
    )
    assert refused.status == 403
    page.locator("#cancel").click()
    # The visitor who may not cancel sees at once that it was.
    expect(other.locator("#progress-text")).to_contain_text("Stopped: 0 of 4")
    visitor.close()


def test_every_run_says_how_far_it_is(page: Page) -> None:
    page.goto(f"/depth?{LONG.replace('5000', '100000')}")
    page.locator("#train").click()
    part = page.locator(
        ".runcell[data-standing=running]", has_text=re.compile(r"^[1-9]\d*/100000$")
    )
    expect(part.first).to_be_visible()
    expect(page.locator("#bar")).not_to_have_js_property("value", 0)
    page.locator("#cancel").click()
    expect(page.locator("#takeaway")).to_have_text("The sweep ended before anything was measured.")
    expect(page.locator(".runcell", has_text="–").first).to_be_visible()


def test_two_tabs_show_the_same_sweep(page: Page, context: BrowserContext, watch: Watch) -> None:
    page.goto(f"/depth?{SMALL}")
    page.locator("#train").click()
    expect(finished(page)).to_have_count(4)
    other = context.new_page()
    watch.follow(other)
    other.goto(page.url)
    expect(finished(other)).to_have_count(4)
    expect(other.locator("#summary")).to_have_text(page.locator("#summary").text_content() or "")


def test_a_sweep_that_is_gone_leaves_its_settings(page: Page, watch: Watch) -> None:
    watch.expected.append("404")
    page.goto("/depth?steps=30&study=aaaaaaaaaa")
    expect(page.locator("#notices")).to_contain_text("no longer stored")
    expect(page.locator("#chart-title")).to_contain_text("after 30 steps")
    assert "study" not in page.url


def test_a_link_to_a_sweep_alone_that_is_gone_promises_no_settings(
    page: Page, watch: Watch
) -> None:
    watch.expected.append("404")
    page.goto("/depth?study=aaaaaaaaaa")
    expect(page.locator("#notices")).to_have_text("That sweep is no longer stored.")


def test_a_sweep_deleted_elsewhere_can_be_trained_again(page: Page, watch: Watch) -> None:
    watch.expected.append("404")
    page.goto(f"/depth?{LONG}")
    page.locator("#train").click()
    expect(page.locator(".runcell[data-standing=running]").first).to_be_visible()
    assert page.request.delete(f"/api/studies/{study_of(page)}").status == 204
    expect(page.locator("#notices")).to_contain_text("no longer stored")
    expect(page.locator("#train")).to_be_enabled()
    expect(page.locator("#cancel")).to_be_hidden()
    assert "study" not in page.url
    page.locator("#train").click()
    expect(page.locator("#notices")).to_be_empty()
    page.locator("#cancel").click()
    expect(page.locator("#progress-text")).to_contain_text("Stopped")


def refuse(route: Route) -> None:
    """Give no answer at all."""
    route.abort()


def cut(route: Route) -> None:
    """Break the answer off in its middle."""
    route.fulfill(content_type="application/json", body='{"id": "')


@pytest.mark.parametrize("broken", [refuse, cut])
def test_a_server_that_does_not_answer_is_not_a_sweep_that_is_gone(
    page: Page, watch: Watch, broken: Callable[[Route], None]
) -> None:
    watch.expected.append("ERR_FAILED")
    page.goto(f"/depth?{LONG}")
    page.locator("#train").click()
    expect(page.locator(".runcell[data-standing=running]").first).to_be_visible()
    study = study_of(page)
    page.route(f"**/api/studies/{study}", broken)
    expect(page.locator("#going")).to_contain_text("can't be reached. Trying again")
    expect(page.locator("#notices")).to_be_empty()
    assert study_of(page) == study
    page.unroute(f"**/api/studies/{study}")
    expect(page.locator("#going")).not_to_contain_text("Trying again")
    page.route(f"**/api/studies/{study}", broken)
    expect(page.locator("#going")).to_contain_text("Trying again")
    stopped = page.request.post(f"/api/studies/{study}/control", data={"action": "stop"})
    assert stopped.ok
    # The end came by the socket; what is only read is asked for until it is there.
    expect(page.locator("#progress-text")).to_contain_text("Stopped")
    expect(page.locator("#going")).to_contain_text("Trying again")
    page.unroute(f"**/api/studies/{study}")
    expect(page.locator("#going")).not_to_contain_text("Trying again")
