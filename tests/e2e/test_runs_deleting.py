"""Deleting on /runs: asked first, only one's own, and for good."""

from __future__ import annotations

from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from tests.e2e.conftest import Watch
from tests.e2e.runs import MLP, entry, start, state_of


def test_deleting_asks_first_and_keeps_the_focus_in_the_list(page: Page, race: str) -> None:
    older = race
    newer = start(page, "studies", {"study": "twins", "base": {"net": MLP, "steps": 20}})
    page.reload()
    expect(state_of(page, newer)).to_have_text("Finished")
    button = entry(page, newer).get_by_role("button", name="Delete")
    button.click()
    dialog = page.get_by_role("dialog", name="Delete this study and its 2 runs?")
    expect(dialog.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    dialog.get_by_role("button", name="Delete").click()
    expect(entry(page, newer)).to_have_count(0)
    expect(page.locator("#toasts")).to_contain_text("Deleted: mlp 4 layers")
    expect(entry(page, older).locator(".entry-name")).to_be_focused()
    assert page.request.get(f"/api/studies/{newer}").status == 404


def test_a_race_is_deleted_while_it_trains(page: Page) -> None:
    page.goto("/runs")
    race = start(page, "studies", {"study": "twins", "base": {"net": MLP, "steps": 50_000}})
    page.reload()
    expect(state_of(page, race)).to_have_text("Training")
    entry(page, race).get_by_role("button", name="Delete").click()
    confirm = page.locator("#confirm-text")
    expect(confirm).to_contain_text("It has not finished and will be stopped.")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(entry(page, race)).to_have_count(0)


def test_another_browser_may_look_but_not_delete(
    page: Page, race: str, browser: Browser, server: str, watch: Watch
) -> None:
    visitor = browser.new_context(base_url=server)
    other = visitor.new_page()
    watch.follow(other)
    other.goto("/runs")
    expect(state_of(other, race)).to_have_text("Finished")
    expect(entry(other, race).get_by_role("button", name="Delete")).to_be_hidden()
    other.get_by_label("Mine only").check()
    expect(entry(other, race)).to_have_count(0)
    assert visitor.request.delete(f"/api/studies/{race}").status == 403
    other.reload()
    other.get_by_role("button", name="Clear").click()
    expect(entry(other, race)).to_be_visible()
    visitor.close()


def test_an_answer_from_before_a_deletion_brings_nothing_back(page: Page) -> None:
    page.goto("/runs")
    start(page, "runs", {"net": MLP, "steps": 100_000})  # while it trains, the list is read again
    doomed = start(page, "runs", {"net": MLP, "steps": 10})
    page.reload()
    expect(state_of(page, doomed)).to_have_text("Finished")
    held: list[tuple[Route, APIResponse]] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))
            page.evaluate("document.body.dataset.held = true")

    page.route("**/api/runs?*", hold_the_first)
    page.locator("body[data-held]").wait_for()
    entry(page, doomed).get_by_role("button", name="Delete").click()
    page.locator("#confirm").get_by_role("button", name="Delete").click()
    expect(entry(page, doomed)).to_have_count(0)
    page.evaluate(
        """(id) => {
            window.back = false;
            const seen = () => document.querySelector(`[data-id="${id}"]`) !== null;
            const look = new MutationObserver(() => (window.back ||= seen()));
            look.observe(document.body, { childList: true, subtree: true });
        }""",
        doomed,
    )
    [(route, answer)] = held
    assert doomed in answer.text()
    route.fulfill(response=answer)
    # Two more readings were begun after that answer: it has been laid over the list.
    for _ in range(2):
        page.wait_for_event("requestfinished", lambda request: "/api/runs?" in request.url)
    assert page.evaluate("window.back") is False
