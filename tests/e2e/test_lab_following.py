"""A pair that goes on in the Lab: reloaded, watched by others, deleted elsewhere."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.lab import LONG, SMALL, Lab


def test_a_reload_in_mid_run_takes_the_pair_up_again(page: Page) -> None:
    lab = Lab(page).open(LONG)
    lab.train.click()
    before = lab.at_step(20)
    study = lab.study()
    page.reload()
    assert lab.at_step(before) >= before
    assert lab.study() == study
    expect(lab.train).to_have_text("Pause")
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")
    # After the end as well: everything is drawn from what the server kept.
    page.reload()
    expect(lab.state).to_have_text("Stopped")
    expect(lab.takeaway).to_contain_text("After ")


def test_a_visitor_with_the_link_may_watch_and_not_control(
    page: Page, browser: Browser, server: str, watch: Watch
) -> None:
    lab = Lab(page).open(LONG)
    lab.train.click()
    lab.at_step(5)
    visitor = browser.new_context(base_url=server)
    other = visitor.new_page()
    watch.follow(other)
    other.goto(page.url)
    seen = Lab(other)
    seen.at_step(5)
    expect(seen.notices).to_contain_text("Someone else started this pair")
    expect(seen.stop).to_be_disabled()
    expect(seen.train).to_have_text("Train")
    expect(seen.field("net.depth")).to_have_value("8")
    # Pausing is seen by both.
    lab.train.click()
    expect(seen.state).to_have_text("Paused")
    lab.stop.click()
    expect(seen.state).to_have_text("Stopped")
    expect(seen.notices).to_be_empty()
    visitor.close()


def test_a_pair_that_is_deleted_meanwhile_is_told_so(page: Page, watch: Watch) -> None:
    watch.expected.append(r"404.*api/studies")
    lab = Lab(page).open(LONG.replace("steps=20000", "steps=1500"))
    lab.train.click()
    lab.at_step(5)
    first = lab.study()
    origin = page.evaluate("location.origin")
    page.request.delete(f"/api/studies/{first}", headers={"origin": origin})
    expect(lab.notices).to_contain_text("has just been deleted")
    expect(lab.state).to_have_text("Stopped")
    expect(lab.train).to_have_text("Run again")
    expect(lab.stop).to_be_disabled()
    lab.train.click()
    page.wait_for_function("(first) => !location.href.includes(first)", arg=first)
    lab.finished()
    expect(lab.notices).to_be_empty()


def test_an_ended_pair_that_was_deleted_is_noticed_when_one_comes_back(
    page: Page, watch: Watch
) -> None:
    watch.expected.append(r"404.*api/studies")
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    download = page.get_by_role("link", name="CSV")
    expect(download).to_be_visible()
    origin = page.evaluate("location.origin")
    page.request.delete(f"/api/studies/{lab.study()}", headers={"origin": origin})
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(lab.notices).to_contain_text("has just been deleted")
    expect(download).to_be_hidden()
    lab.train.click()
    page.wait_for_function("() => !document.querySelector('#notices').textContent")
    lab.finished()


def test_a_notice_that_asks_for_nothing_leaves_the_projector_its_charts(
    page: Page, browser: Browser, server: str, watch: Watch
) -> None:
    lab = Lab(page).open(LONG)
    lab.train.click()
    lab.at_step(5)
    visitor = browser.new_context(base_url=server, viewport={"width": 1280, "height": 720})
    other = visitor.new_page()
    watch.follow(other)
    other.add_init_script("localStorage.setItem('depthscope.theme', 'projector')")
    other.goto(page.url)
    seen = Lab(other)
    seen.at_step(6)
    notice = other.locator("#notices .notice")
    expect(notice).to_contain_text("Someone else started this pair")
    height = "document.getElementById('error-chart').clientHeight"
    with_notice = other.evaluate(height)
    lab.stop.click()
    expect(seen.state).to_have_text("Stopped")
    expect(notice).to_have_count(0)
    # Without the notice the strips have their hint again: the charts have at most a line more.
    assert abs(other.evaluate(height) - with_notice) < 30
    visitor.close()
