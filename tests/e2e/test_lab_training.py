"""The Lab while twins train: charts fill, pause, step, stop, again, reload, and other visitors."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.figures.themes import THEMES
from tests.e2e.conftest import Watch
from tests.e2e.lab import LONG, SMALL, Lab


def test_training_fills_the_charts_and_ends_with_a_conclusion(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    expect(lab.takeaway).to_contain_text("After 40 of 40 steps")
    expect(lab.takeaway).to_contain_text("of the training digits wrong")
    expect(lab.takeaway).to_contain_text("Same starting weights, same batches.")
    expect(lab.train).to_have_text("Run again")
    page.wait_for_function(
        """() => ["plain", "residual"].every((name) =>
            document.querySelector("#error-chart .js-plotly-plot")?.data.some(
                (trace) => trace.name === name && trace.x.length >= 40))"""
    )
    # What is drawn is what the server has.
    base, twin = lab.events(("frame",))
    for name, events in (("residual", base), ("plain", twin)):
        errors = [error for event in events for error in event["error"]]
        line = max(
            (t for t in lab.drawn("error-chart") if t["name"] == name), key=lambda t: len(t["x"])
        )
        assert line["y"] == pytest.approx([100 * error for error in errors])
    expect(page.locator("#facts")).to_contain_text("of 1,437 wrong")
    expect(page.locator("#facts")).to_contain_text("of 360 wrong")


def test_the_live_region_speaks_at_the_quarters_and_the_end(page: Page) -> None:
    lab = Lab(page).open(SMALL.replace("steps=40", "steps=8"))
    page.evaluate(
        """() => {
            window.spoken = [];
            const region = document.getElementById("live");
            new MutationObserver(() => {
                if (region.textContent) window.spoken.push(region.textContent);
            }).observe(region, { childList: true });
        }"""
    )
    for step in (1, 2, 3, 4):
        lab.step.click()
        lab.at_step(step)
    page.wait_for_function("() => window.spoken.some((text) => text.startsWith('50 per cent.'))")
    lab.train.click()
    lab.finished()
    page.wait_for_function("() => window.spoken.some((text) => text.startsWith('Finished.'))")
    spoken: list[str] = page.evaluate("window.spoken")
    quarters = [text for text in spoken if "per cent. After" in text]
    assert quarters[0].startswith("25 per cent. After 2 of 8 steps")
    assert quarters[1].startswith("50 per cent. After 4 of 8 steps")
    # The rest may pass between two frames of the screen: then the end alone is told.
    assert len(quarters) <= 3
    assert spoken[-1].startswith("Finished. After 8 of 8 steps")


def test_pause_holds_both_at_one_step_and_resume_goes_on(page: Page) -> None:
    lab = Lab(page).open(LONG)
    lab.train.click()
    lab.at_step(5)
    lab.train.click()
    expect(lab.state).to_have_text("Paused")
    expect(lab.train).to_have_text("Resume")
    expect(lab.step).to_be_enabled()
    held = lab.held()
    assert lab.at_step(held) == held
    lab.step.click()
    assert lab.at_step(held + 1) == held + 1
    lab.train.click()
    expect(lab.state).to_have_text("Training")
    lab.at_step(held + 10)
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")
    expect(lab.status).to_contain_text("Stopped after step")
    expect(lab.stop).to_be_disabled()


def test_step_before_train_does_one_step_at_a_time(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    lab = Lab(page).open(SMALL)
    lab.step.click()
    expect(lab.status).to_contain_text("Step 1 of 40")
    expect(lab.state).to_have_text("Paused")
    lab.step.click()
    expect(lab.status).to_contain_text("Step 2 of 40")
    expect(lab.takeaway).to_contain_text("After 2 of 40 steps")
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")


def test_a_first_step_that_waits_for_workers_can_be_cancelled(page: Page) -> None:
    lab = Lab(page).open(LONG)
    lab.occupy()
    lab.step.click()
    expect(lab.state).to_have_text("Waiting")
    expect(lab.stop).to_be_enabled()
    expect(lab.step).to_be_disabled()
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")
    expect(lab.takeaway).to_contain_text("Training was stopped before the first step.")
    expect(lab.train).to_be_enabled()
    expect(lab.step).to_be_enabled()


def test_a_first_step_whose_pair_is_stopped_elsewhere_leaves_the_buttons_alive(page: Page) -> None:
    lab = Lab(page).open(LONG)
    busy = lab.occupy()
    lab.step.click()
    expect(lab.state).to_have_text("Waiting")
    lab.control(lab.study(), "stop")
    expect(lab.state).to_have_text("Stopped")
    for study in busy:
        lab.control(study, "stop")
    expect(lab.train).to_have_text("Run again")
    lab.step.click()
    assert lab.at_step(1) == 1


def test_a_step_sweeps_forward_then_back_along_both_strips(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    page.evaluate(
        """() => {
            window.swept = [];
            for (const bar of document.querySelectorAll(".strip-sweep"))
                new MutationObserver(() => window.swept.push(bar.dataset.way)).observe(
                    bar, { attributes: true, attributeFilter: ["data-way"] });
        }"""
    )
    lab.step.click()
    page.wait_for_function("() => window.swept.length === 4")
    assert page.evaluate("window.swept") == ["forward", "forward", "backward", "backward"]
    expect(lab.status).to_contain_text("Step 1 of 40")
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")


def test_the_same_seed_repeats_and_the_pair_before_stays_in_grey(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    first = lab.events()
    link = page.url
    lab.train.click()
    page.wait_for_function("(before) => location.href !== before", arg=link)
    lab.finished()
    assert lab.events() == first
    lines = page.wait_for_function(
        """() => {
            const { data } = document.querySelector("#error-chart .js-plotly-plot");
            const whole = data.filter(({ line, x }) => line?.color && x?.length >= 40);
            const lines = Object.fromEntries(whole.map(({ name, line }) => [name, line.color]));
            return Object.keys(lines).length >= 4 && lines;
        }"""
    ).json_value()
    assert set(lines) == {"plain", "residual", "plain, before", "residual, before"}
    light = THEMES["light"]
    for name in ("plain", "residual"):
        assert lines[name] == light.roles[name]
        assert lines[f"{name}, before"] == light.ghost


def test_a_pair_of_other_networks_stays_behind_only_where_it_can_be_compared(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    lab.field("net.depth").fill("16")
    lab.field("net.depth").press("Tab")
    lab.measured()
    behind = """(id) => document.querySelector(`#${id} .js-plotly-plot`).data
        .some(({ name }) => name?.endsWith(", before"))"""
    page.wait_for_function(behind, arg="error-chart")
    expect(page.locator("#error-look")).to_contain_text("Grey: the pair before.")
    expect(page.locator(".strip-name").first).to_contain_text("16 layers")
    assert not page.evaluate(behind, "flow-chart")


def test_twice_as_long_repeats_the_first_half(page: Page) -> None:
    lab = Lab(page).open(f"{SMALL}&every=1&evaluate.every=40")
    lab.train.click()
    lab.finished()
    first = lab.events(("frame",))
    page.get_by_role("button", name="Twice as long").click()
    expect(lab.status).to_contain_text("80")
    lab.finished()
    second = lab.events(("frame",))
    for short, long in zip(first, second, strict=True):
        assert len(long) == 80
        unnumbered: list[list[dict[str, Any]]] = [
            [{k: v for k, v in event.items() if k != "seq"} for event in events]
            for events in (short, long[:40])
        ]
        assert unnumbered[0] == unnumbered[1]
    assert "steps=80" in page.url
    assert "seed" not in page.url


def test_a_new_seed_is_another_race(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    first = lab.events(("frame",))
    page.get_by_role("button", name="New seed").click()
    page.wait_for_url("**seed=1**")
    lab.finished()
    assert lab.events(("frame",)) != first


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
    expect(seen.notices).to_contain_text("Somebody else started this pair")
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


def test_other_settings_wait_for_the_next_pair(page: Page) -> None:
    lab = Lab(page).open(LONG)
    lab.train.click()
    lab.at_step(5)
    first = lab.study()
    lab.field("net.skip").select_option("projection")
    expect(lab.train).to_have_text("Train these")
    expect(lab.notices).to_contain_text("This pair goes on")
    page.get_by_role("button", name="Back to its settings").click()
    expect(lab.train).to_have_text("Pause")
    expect(lab.field("net.skip")).to_have_value("identity")
    lab.field("net.skip").select_option("projection")
    lab.train.click()
    page.wait_for_function("(first) => !location.href.includes(first)", arg=first)
    lab.at_step(5)
    assert lab.ended(first) == ["stopped", "stopped"]
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")


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


@pytest.mark.parametrize("refused", [None, 404, 409])
def test_a_new_pair_is_on_the_page_though_the_old_one_could_not_be_stopped(
    page: Page, watch: Watch, refused: int | None
) -> None:
    watch.expected.append(r"(404|409|ERR_FAILED).*/control")
    lab = Lab(page).open(LONG)
    lab.train.click()
    lab.at_step(5)
    first = lab.study()
    lab.field("net.skip").select_option("projection")
    page.route(
        f"**/{first}/control",
        lambda route: route.fulfill(status=refused) if refused else route.abort(),
    )
    lab.train.click()
    page.wait_for_function("(first) => !location.href.includes(first)", arg=first)
    expect(lab.stop).to_be_enabled()
    told = page.locator("#toasts")
    if refused:
        # What is over or deleted needs no stopping.
        expect(told).to_be_empty()
    else:
        expect(told).to_contain_text("The pair before could not be stopped")
        expect(told).to_contain_text("The server does not answer")
    lab.control(first, "stop")
    lab.at_step(1)
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")


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
    expect(notice).to_contain_text("Somebody else started this pair")
    height = "document.getElementById('error-chart').clientHeight"
    with_notice = other.evaluate(height)
    lab.stop.click()
    expect(seen.state).to_have_text("Stopped")
    expect(notice).to_have_count(0)
    # Without the notice the strips have their hint again: the charts have at most a line more.
    assert abs(other.evaluate(height) - with_notice) < 30
    visitor.close()


def test_divergence_is_told_with_its_step(page: Page) -> None:
    lab = Lab(page).open()
    page.locator('[data-preset="not-magic"]').click()
    page.get_by_role("button", name="More settings").click()
    lab.field("steps").fill("30")
    lab.field("steps").press("Enter")
    lab.measured()
    lab.train.click()
    lab.finished()
    expect(lab.takeaway).to_contain_text(
        re.compile(r"The residual network's loss stopped being a number at step \d")
    )
    expect(lab.strip(1).locator("[data-kind=lost]").first).to_be_visible()


def test_keys_train_and_step(page: Page) -> None:
    lab = Lab(page).open(LONG)
    page.locator("#main").focus()
    page.keyboard.press("Space")
    lab.at_step(3)
    page.keyboard.press("Space")
    expect(lab.state).to_have_text("Paused")
    held = lab.held()
    page.keyboard.press("s")
    assert lab.at_step(held + 1) == held + 1
    # What scrolls takes the space bar for that.
    page.evaluate("""() => {
        const region = document.querySelector(".scroll-x");
        region.tabIndex = 0;
        region.focus();
    }""")
    page.keyboard.press("Space")
    expect(lab.state).to_have_text("Paused")
    # In a field a letter is a letter, on a button the space bar is the button's.
    page.get_by_role("button", name="More settings").focus()
    page.keyboard.press("Space")
    expect(page.locator("#more")).to_be_visible()
    expect(lab.state).to_have_text("Paused")
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")


def test_keys_can_be_switched_off_and_stay_so(page: Page) -> None:
    lab = Lab(page).open(LONG)
    expect(page.locator(".small", has_text="space trains and pauses")).to_be_visible()
    switch = page.get_by_label("s works on the whole page")
    expect(switch).to_be_checked()
    # On the switch itself the space bar is the switch's.
    switch.focus()
    page.keyboard.press("Space")
    expect(switch).not_to_be_checked()
    expect(lab.train).not_to_have_attribute("aria-keyshortcuts", "Space")
    page.reload()
    lab.measured()
    expect(switch).not_to_be_checked()
    started: list[str] = []
    page.on("request", lambda request: started.append(request.method))
    page.locator("#main").focus()
    page.keyboard.press("Space")
    page.keyboard.press("s")
    # One request that is known comes after all that the keys could have asked for.
    with page.expect_response("**/healthz"):
        page.evaluate("fetch('/healthz')")
    assert started == ["GET"]
    switch.check()
    expect(lab.train).to_have_attribute("aria-keyshortcuts", "Space")
    page.locator("#main").focus()
    page.keyboard.press("s")
    lab.at_step(1)
    lab.stop.click()
    expect(lab.state).to_have_text("Stopped")
