"""Links to the Lab: opened, copied, and where they lead to nothing."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.lab import SMALL, Lab
from tests.server import Server


def test_a_link_opens_with_the_same_form(page: Page) -> None:
    first = Lab(page).open(SMALL)
    page.get_by_role("button", name="More settings").click()
    first.field("net.activation").select_option("tanh")
    page.wait_for_url("**net.activation=tanh**")
    link = page.url
    other = page.context.new_page()
    second = Lab(other)
    other.goto(link)
    second.measured()
    assert other.url == link
    values = (
        "() => [...document.querySelectorAll('#settings [name]')].map((e) => [e.name, e.value])"
    )
    assert page.evaluate(values) == other.evaluate(values)


def test_back_leads_through_the_presets_that_were_chosen(page: Page) -> None:
    lab = Lab(page).open()
    pressed = page.locator("[data-preset][aria-pressed=true]")
    for preset, depth in (("vanishing", 32), ("shallow", 8)):
        page.locator(f'[data-preset="{preset}"]').click()
        expect(lab.takeaway).to_contain_text(f"both {depth}-layer networks")
    for preset, depth in (("vanishing", 32), ("degradation", 56)):
        page.go_back()
        expect(pressed).to_have_attribute("data-preset", preset)
        expect(lab.field("net.depth")).to_have_value(str(depth))
        expect(lab.takeaway).to_contain_text(f"both {depth}-layer networks")
        lab.measured()
    page.go_forward()
    expect(pressed).to_have_attribute("data-preset", "vanishing")


def test_back_leads_to_the_pair_that_was_trained_there(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    study, said = lab.study(), lab.takeaway.inner_text()
    page.locator('[data-preset="shallow"]').click()
    expect(lab.takeaway).to_contain_text("can only guess")
    page.go_back()
    expect(lab.state).to_have_text("Finished")
    expect(lab.takeaway).to_have_text(said)
    assert lab.study() == study


def test_a_link_that_can_not_be_read_in_full_is_told_so(page: Page) -> None:
    lab = Lab(page).open("net.depth=many&colour=red&net.width=16")
    expect(lab.notices).to_contain_text("could not be read: net.depth, colour")
    page.get_by_role("button", name="More settings").click()
    expect(lab.field("net.width")).to_have_value("16")


def test_a_link_to_a_pair_that_is_gone_is_told_so(page: Page, watch: Watch) -> None:
    watch.expected.append(r"404.*api/studies")
    lab = Lab(page).open(f"{SMALL}&study=aaaaaaaaaa")
    expect(lab.notices).to_contain_text("no longer stored")
    expect(lab.field("net.depth")).to_have_value("8")
    assert "study=" not in page.url


def test_a_link_that_can_not_be_copied_is_shown_to_be_copied_by_hand(page: Page) -> None:
    # As on plain HTTP from another machine.
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    Lab(page).open(SMALL)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("alert").filter(has_text="Copy this link")).to_contain_text(page.url)


def test_a_link_that_is_copied_is_told_once(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    Lab(page).open(SMALL)
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".toast")).to_contain_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert page.locator("#live").inner_text() == ""


def test_a_link_copied_on_the_server_itself_is_one_that_others_can_open(
    browser: Browser, tmp_path: Path
) -> None:
    with Server(tmp_path, DEPTHSCOPE_PUBLIC_ADDRESS="http://lesson:8000") as server:
        visitor = browser.new_context(
            base_url=server.http, permissions=["clipboard-read", "clipboard-write"]
        )
        page = visitor.new_page()
        Lab(page).open(SMALL)
        page.get_by_role("button", name="Copy link").click()
        expect(page.locator(".toast")).to_contain_text("The link is copied.")
        copied = page.evaluate("navigator.clipboard.readText()")
        visitor.close()
    assert copied == page.url.replace(server.http, "http://lesson:8000")
    assert copied.startswith("http://lesson:8000/?")
