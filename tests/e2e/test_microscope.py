"""The microscope: a block of both networks, opened by pointer and by keys, for every skip."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.measures import MEASURES
from models.skips import ADDING, SKIPS
from tests.e2e.lab import SMALL, Lab
from tests.e2e.test_accessibility import serious

CONVNET = "net.depth=8&net.width=4&batch_size=16&steps=20"


def scope(page: Page) -> Locator:
    """The microscope."""
    return page.locator("#microscope")


def opened(page: Page, query: str, block: int) -> Lab:
    """The Lab with this block opened by keys, on the first strip."""
    lab = Lab(page).open(query)
    lab.strip(0).focus()
    lab.strip(0).press("Home")
    for _ in range(block):
        lab.strip(0).press("ArrowRight")
    expect(scope(page)).to_be_hidden()
    lab.strip(0).press("Enter")
    expect(scope(page).get_by_role("heading", level=2)).to_have_text(f"Block {block} of 3")
    return lab


def numbers(page: Page, side: int) -> list[str]:
    """What is written beside the arrows of one drawing."""
    texts = page.locator(".scope-drawing").nth(side).locator(".scope-number").all_text_contents()
    return [text for text in texts if text]


def test_every_skip_s_block_is_drawn_with_its_own_join(page: Page) -> None:
    lab = opened(page, CONVNET, 2)
    for skip, entry in SKIPS.items():
        if skip == "none":
            continue  # the twin of all others
        lab.field("net.skip").select_option(skip)
        lab.measured()
        side = page.locator(".scope-side").last
        expect(side.locator(".scope-what")).to_have_text(entry.summary)
        meets = {"sum": ".plus", "append": ".join text"}[entry.roads.meets]
        expect(side.locator(meets)).to_have_count(1)
        factors = [sign for sign in (entry.roads.branch, entry.roads.shortcut) if sign]
        assert side.locator(".factor text.beside").all_text_contents() == factors
        assert side.locator(".scope-formula math").count() >= 1
        assert any(text.startswith("↑") for text in numbers(page, 1)), skip
        arrows = {"shortcut", "branch", "whole"} if entry.adds else {"whole"}
        expected = set() if entry.drawing == "onward" else arrows
        if skip == "rezero":
            expected = {"shortcut", "whole"}  # at first its branch counts for nothing
        found = side.locator(".scope-arrow").evaluate_all(
            "all => all.map((one) => one.classList[1])"
        )
        assert set(found) == expected, skip
    plain = page.locator(".scope-side").first
    expect(plain.locator(".plus")).to_have_count(0)
    expect(plain.locator(".scope-words").last).to_contain_text("There is one road")


def test_a_click_opens_a_block_and_a_second_one_closes_it(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    box = lab.strip(1).locator(".strip-blocks rect").nth(2)
    box.click()
    expect(scope(page).get_by_role("heading", level=2)).to_have_text("Block 2 of 3")
    expect(page.locator("#live")).to_contain_text("The shortcut passes it by unchanged")
    box.click()
    expect(scope(page)).to_be_hidden()
    lab.strip(1).locator(".strip-blocks rect").first.click()
    expect(scope(page)).to_be_hidden()  # the stem is no block


def test_keys_lead_from_block_to_block_and_escape_closes(page: Page) -> None:
    lab = opened(page, SMALL, 1)
    title = scope(page).get_by_role("heading", level=2)
    lab.strip(0).press("ArrowRight")
    expect(title).to_have_text("Block 2 of 3")
    expect(lab.strip(0)).to_be_focused()
    after = scope(page).get_by_role("button", name="The block after")
    after.focus()
    after.press("ArrowLeft")
    expect(title).to_have_text("Block 1 of 3")
    after.press("Enter")
    after.press("Enter")
    expect(title).to_have_text("Block 3 of 3")
    expect(after).to_be_disabled()
    scope(page).get_by_role("button", name="The block before").press("Escape")
    expect(scope(page)).to_be_hidden()
    expect(lab.strip(0)).to_be_focused()
    expect(page.locator(".strip-ring:visible")).to_have_count(0)


def test_while_it_trains_the_numbers_are_those_of_the_step_on_show(page: Page) -> None:
    lab = opened(page, SMALL, 2)
    expect(scope(page).locator(".scope-step")).to_have_text("Before training")
    lab.train.click()
    lab.finished()
    expect(scope(page).locator(".scope-step")).to_have_text("At step 40")
    base, _ = lab.events(("frame",))  # a pair's own network comes first
    assert base[-1]["step"] == 40
    said = page.locator(".scope-side .scope-words").last
    for measure in ("shortcut_grad", "branch_grad"):
        expect(said).to_contain_text(f"{base[-1]['measures'][measure][1]:.3g}")


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_an_open_block_has_no_serious_violation(page: Page, theme: str) -> None:
    page.add_init_script(f"localStorage.setItem('depthscope.theme', '{theme}')")
    opened(page, SMALL, 2)
    assert serious(page) == []


def test_nor_is_it_wider_than_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, f"{CONVNET}&net.skip=highway", 2)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("skip", ADDING)
def test_what_the_server_says_of_both_parts_makes_the_gradient_at_the_block_s_input(
    page: Page, server: str, skip: str
) -> None:
    net: dict[str, Any] = {"depth": 14, "width": 4, "skip": skip}
    answer = page.request.post(
        f"{server}/api/describe", data={"net": net, "measures": list(MEASURES)}
    )
    measures = answer.json()["measured"]["measures"]
    parts = zip(
        measures["flow"],
        measures["shortcut_grad"],
        measures["branch_grad"],
        measures["branch_share"],
        strict=False,
    )
    for whole, shortcut, branch, share in parts:
        inner = share * whole**2 - branch**2  # the share is <branch, whole> / |whole|^2
        assert shortcut**2 + branch**2 + 2 * inner == pytest.approx(whole**2, rel=2e-4)


def test_a_lowered_strength_is_in_formula_sentence_road_and_strip(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.step.click()
    lab.at_step(1)
    page.locator("#changes-strength").fill("0.5")
    expect(page.locator(".changes-said")).to_contain_text("0.5 from step 2")
    lab.step.click()
    lab.at_step(2)
    lab.strip(1).locator(".strip-blocks rect").nth(1).click()
    side = page.locator(".scope-side").last
    expect(side.locator(".scope-what")).to_contain_text("multiplied by 0.5")
    formulas = side.locator(".scope-formula").evaluate_all(
        """all => all.map((one) => {
            const copy = one.cloneNode(true);
            copy.querySelectorAll("mtext").forEach((size) => size.remove());
            return copy.textContent.replaceAll(/[\\u2061\\u2062]/g, "");
        })"""
    )
    assert "=sx+F(x)" in formulas[0]
    assert "s=0.5" in formulas[0]
    assert "(sI+∂F∂x)" in formulas[1]
    expect(side.locator(".factor text.beside")).to_have_text("0.5")
    expect(page.locator("#live")).to_contain_text("multiplied by 0.5")
    expect(scope(page).locator("p.small").last).to_contain_text("s is the strength")
    expect(lab.strip(1).locator(".strip-arcs.changed")).to_have_attribute("d", re.compile("^M"))
    base, _ = lab.events(("frame",))
    measures = base[-1]["measures"]
    assert measures["stream"][0] == pytest.approx(measures["signal"][0] / 2, rel=1e-5)
    assert f"↓ {measures['stream'][0]:.3g}" in numbers(page, 1)
