"""/gradients: the gradient at every depth, moved through time, with real runs."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.gradients import (
    STEPS,
    TWINS,
    Json,
    beside,
    curves,
    finished,
    frames,
    run_of,
    shows,
    train,
)


@pytest.fixture
def pair(context: BrowserContext, page: Page) -> Json:
    """A finished pair of this visitor."""
    return finished(page, train(context, TWINS)["id"])


def test_an_untouched_server_says_where_to_begin(page: Page) -> None:
    page.route("**/api/studies?*", lambda route: route.fulfill(json={"items": [], "next": None}))
    page.route("**/api/runs?*", lambda route: route.fulfill(json={"items": [], "next": None}))
    page.goto("/gradients")
    expect(page.get_by_text("Nothing has been trained here yet.")).to_be_visible()
    page.get_by_role("link", name="To the Lab").click()
    expect(page).to_have_url("/")


def test_what_is_shown_is_named_and_leads_to_where_it_stands(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    about = page.locator("#about")
    expect(about).to_contain_text("Race of two: mlp 8 layers · plain against residual")
    expect(about.get_by_role("link")).to_have_attribute("href", f"./?study={pair['id']}")
    page.get_by_role("button", name="Remove plain").click()
    expect(about).to_contain_text("From a race or sweep: residual mlp, 8 layers")
    about.get_by_role("link").click()
    expect(page.locator(f".entry[data-id='{pair['id']}']")).to_be_visible()
    expect(page.locator(".entry")).to_have_count(1)


def test_a_finished_pair_starts_at_step_0(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    expect(page.locator("#time output")).to_have_text("Step 0: before the first update")
    first = frames(page, run_of(pair, "none"))[0]
    assert first["step"] == 1  # measured before the first update
    shows(page, "plain", beside(first["measures"]["flow"]))
    shows(page, "residual", beside(frames(page, run_of(pair, "identity"))[0]["measures"]["flow"]))


def test_the_scrubber_moves_by_keyboard_and_all_charts_follow(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    said = frames(page, run_of(pair, "none"))
    shows(page, "plain", beside(said[0]["measures"]["flow"]))
    slider = page.get_by_role("slider", name="Time")
    slider.press("ArrowRight")
    expect(page.locator("#time output")).to_have_text(f"After 1 of {STEPS} updates")
    shows(page, "plain", beside(said[1]["measures"]["flow"]))
    slider.press("End")
    expect(page.locator("#time output")).to_have_text(f"After {STEPS - 1} of {STEPS} updates")
    expect(slider).to_have_attribute("aria-valuetext", f"After {STEPS - 1} of {STEPS} updates")
    shows(page, "plain", beside(said[-1]["measures"]["flow"]))
    page.locator("#loss").scroll_into_view_if_needed()
    expect(page.locator("#loss .plot-cursor")).to_have_count(1)


def test_it_plays_to_the_end(page: Page, pair: Json) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.goto(f"/gradients?study={pair['id']}")
    shows(page, "plain", beside(frames(page, run_of(pair, "none"))[0]["measures"]["flow"]))
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("#time output")).to_have_text(f"After {STEPS - 1} of {STEPS} updates")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_link_keeps_which_measure_is_shown(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    page.get_by_label("What is shown").select_option("weight_grad")
    weights = frames(page, run_of(pair, "none"))[0]["measures"]["weight_grad"]
    shows(page, "plain", beside(weights))
    expect(page.locator("#flow-title")).to_have_text("Weight gradient by depth")
    page.reload()
    shows(page, "plain", beside(weights))
    expect(page.get_by_label("What is shown")).to_have_value("weight_grad")
    page.get_by_label("What is shown").select_option("flow")
    expect(page).not_to_have_url(re.compile("quantity"))


def test_updates_are_shown_as_measured(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}&scale=relative")
    page.get_by_label("What is shown").select_option("update_ratio")
    shows(page, "plain", frames(page, run_of(pair, "none"))[0]["measures"]["update_ratio"])
    expect(page.locator("#time output")).to_have_text("Update 1 of 12")
    expect(page.locator("#flow-title")).to_have_text("Update by depth")
    expect(page.locator("#heat-title")).to_have_text("Update by depth and step")
    expect(page.get_by_role("button", name="Relative")).to_be_hidden()
    expect(page.locator("#across")).to_be_empty()


def test_absolute_sizes_are_a_switch_that_a_link_keeps(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    first = frames(page, run_of(pair, "none"))[0]["measures"]["flow"]
    shows(page, "plain", beside(first))
    page.get_by_role("button", name="Absolute").click()
    shows(page, "plain", first)
    assert "scale=absolute" in page.url
    page.reload()
    shows(page, "plain", first)
    page.get_by_role("button", name="Relative").click()
    shows(page, "plain", beside(first))
    assert "scale" not in page.url


def test_both_lines_start_at_one_at_the_last_block(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    drawn = curves(page)
    assert [drawn[name][-1] for name in ("plain", "residual")] == [1, 1]
    expect(page.locator("#across")).to_contain_text("Size of the gradient at this step: plain")


@pytest.mark.parametrize("size", [(1440, 900), (1366, 768), (1280, 720), (390, 844)])
def test_time_is_in_sight_beside_what_it_moves(
    page: Page, pair: Json, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/gradients?study={pair['id']}")
    if size == (1280, 720):
        page.locator("#theme-choice").select_option("projector")
    curves(page)
    if size[0] > 640:  # a phone shows one thing after another
        expect(page.locator("#flow")).to_be_in_viewport(ratio=1)
        expect(page.locator("#layer")).to_be_in_viewport(ratio=1)
    for place in ("#flow", "#heat"):
        page.locator(place).evaluate("(el) => el.scrollIntoView({ block: 'center' })")
        expect(page.get_by_role("button", name="Play")).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("slider", name="Time")).to_be_in_viewport(ratio=1)


def test_a_layer_is_chosen_by_arrow_keys_and_marked_everywhere(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    said = frames(page, run_of(pair, "none"))
    shows(page, "plain", beside(said[0]["measures"]["flow"]))
    slider = page.get_by_role("slider", name="Layer")
    slider.press("ArrowRight")
    expect(page.locator("#flow .plot-mark")).to_have_count(1)
    page.locator("#heat").scroll_into_view_if_needed()
    expect(page.locator("#heat .plot-mark")).to_have_count(2)
    expect(page.locator("#layer-says")).to_contain_text("plain")


def test_a_live_pair_keeps_growing(page: Page, context: BrowserContext) -> None:
    study = train(context, TWINS, paused=True)
    page.goto(f"/gradients?study={study['id']}")
    expect(page.locator("#shown li")).to_have_count(2)
    control = f"/api/studies/{study['id']}/control"
    headers = {"origin": page.url.split("/gradients")[0]}
    expect_state(page, study["id"], "paused")
    assert context.request.post(control, data={"action": "step"}, headers=headers).ok
    page.wait_for_function("() => document.querySelector('#flow .plot-area')?.data?.length === 2")
    assert context.request.post(control, data={"action": "resume"}, headers=headers).ok
    expect(page.locator("#time output")).to_have_text(f"After {STEPS - 1} of {STEPS} updates")
    shows(page, "plain", beside(frames(page, run_of(study, "none"))[-1]["measures"]["flow"]))


def expect_state(page: Page, study: str, state: str) -> None:
    """Wait until a study stands so."""
    page.wait_for_function(
        """async ([id, state]) => {
            const answer = await fetch(`/api/studies/${id}`);
            return (await answer.json()).state === state;
        }""",
        arg=[study, state],
    )


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_axe_finds_no_serious_violation(page: Page, pair: Json, theme: str) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    page.locator("#theme-choice").select_option(theme)
    curves(page)
    found = Axe().run(page).response["violations"]
    serious = [v["id"] for v in found if v["impact"] in ("serious", "critical")]
    assert serious == []


@pytest.mark.parametrize("width", [390, 1366, 1920])
def test_nothing_is_wider_than_the_screen(page: Page, pair: Json, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/gradients?study={pair['id']}")
    curves(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
