"""/gradients: the gradient at every depth, moved through time, with real runs."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Watch

Json = dict[str, Any]
STEPS = 12
TWINS: Json = {
    "study": "twins",
    "base": {
        "net": {"family": "mlp", "depth": 8, "width": 8, "norm": "none", "init": "default"},
        "steps": STEPS,
    },
}


def train(context: BrowserContext, study: Json, *, paused: bool = False) -> Json:
    """Start a study as this visitor; wait for its end unless it is paused."""
    context.request.get("/")
    answer = context.request.post(
        f"/api/studies?paused={'true' if paused else 'false'}", data=study
    )
    assert answer.status == 201, answer.text()
    started: Json = answer.json()
    return started


def finished(page: Page, study: str) -> Json:
    """The study once its runs have ended: waits on its own socket, as a page does."""
    page.goto("/api")
    page.evaluate(
        """(id) => new Promise((done) => {
            const socket = new WebSocket(`ws://${location.host}/api/studies/${id}/live`);
            socket.onopen = () => socket.send(JSON.stringify({after: {}, frames: false}));
            socket.onclose = done;
        })""",
        study,
    )
    answer: Json = page.request.get(f"/api/studies/{study}").json()
    return answer


def frames(page: Page, run: str) -> list[Json]:
    """The frames of a run, from the interface."""
    said = page.request.get(f"/api/runs/{run}/events?limit=1000").json()["events"]
    return [event for event in said if event["type"] == "frame"]


def run_of(study: Json, skip: str) -> str:
    """The id of a study's run with this skip."""
    (run,) = (run for run in study["runs"] if run["spec"]["net"]["skip"] == skip)
    return str(run["id"])


def curves(page: Page) -> dict[str, list[float | None]]:
    """What the flow chart draws, by label, once it has drawn its last update."""
    page.wait_for_function(
        """() => document.querySelector("#flow .plot-area")?.data?.length
            && document.querySelector("#layers").style.getPropertyValue("--left")"""
    )
    drawn: list[Json] = page.evaluate(
        """() => JSON.parse(JSON.stringify(document.querySelector("#flow .plot-area").data))"""
    )
    return {trace["name"]: trace["y"] for trace in drawn if trace.get("yaxis", "y") == "y"}


def shows(page: Page, label: str, expected: list[float]) -> None:
    """Wait until a curve of the flow chart has these values."""
    page.wait_for_function(
        """([label, expected]) => {
            const trace = document.querySelector("#flow .plot-area")?.data
                ?.find(({name}) => name === label);
            return trace && trace.y.length === expected.length
                && trace.y.every((y, i) => Math.abs(y - expected[i]) <= 1e-9 * expected[i]);
        }""",
        arg=[label, expected],
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
    expect(about.get_by_role("link")).to_have_attribute("href", f"/?study={pair['id']}")
    page.get_by_role("button", name="Remove plain").click()
    expect(about).to_contain_text("One run of several: residual mlp, 8 layers")
    about.get_by_role("link").click()
    expect(page.locator(f".entry[data-id='{pair['id']}']")).to_be_visible()
    expect(page.locator(".entry")).to_have_count(1)


def test_a_finished_pair_starts_at_step_0(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    expect(page.locator("#time output")).to_have_text("Step 0: before the first update")
    first = frames(page, run_of(pair, "none"))[0]
    assert first["step"] == 1  # measured before the first update
    shows(page, "plain", first["flow_norm"])
    shows(page, "residual", frames(page, run_of(pair, "identity"))[0]["flow_norm"])


def test_the_scrubber_moves_by_keyboard_and_all_charts_follow(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    said = frames(page, run_of(pair, "none"))
    shows(page, "plain", said[0]["flow_norm"])
    slider = page.get_by_role("slider", name="Time")
    slider.press("ArrowRight")
    expect(page.locator("#time output")).to_have_text(f"After 1 of {STEPS} updates")
    shows(page, "plain", said[1]["flow_norm"])
    slider.press("End")
    expect(page.locator("#time output")).to_have_text(f"After {STEPS - 1} of {STEPS} updates")
    expect(slider).to_have_attribute("aria-valuetext", f"After {STEPS - 1} of {STEPS} updates")
    shows(page, "plain", said[-1]["flow_norm"])
    expect(page.locator("#loss .plot-cursor")).to_have_count(1)


def test_it_plays_to_the_end(page: Page, pair: Json) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.goto(f"/gradients?study={pair['id']}")
    shows(page, "plain", frames(page, run_of(pair, "none"))[0]["flow_norm"])
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("#time output")).to_have_text(f"After {STEPS - 1} of {STEPS} updates")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.parametrize(
    ("button", "quantity"), [("Weights", "grad_norm"), ("Update", "update_ratio")]
)
def test_weights_and_updates_are_a_switch_away(
    page: Page, pair: Json, button: str, quantity: str
) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    page.get_by_role("button", name=button).click()
    shows(page, "plain", frames(page, run_of(pair, "none"))[0][quantity])
    words = "Update 1 of 12" if quantity == "update_ratio" else "Step 0: before the first update"
    expect(page.locator("#time output")).to_have_text(words)


def test_a_layer_is_chosen_by_arrow_keys_and_marked_everywhere(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    said = frames(page, run_of(pair, "none"))
    shows(page, "plain", said[0]["flow_norm"])
    slider = page.get_by_role("slider", name="Layer")
    slider.press("ArrowRight")
    expect(page.locator("#flow .plot-mark")).to_have_count(1)
    page.locator("#heat").scroll_into_view_if_needed()
    expect(page.locator("#heat .plot-mark")).to_have_count(2)
    expect(page.locator("#layer-says")).to_contain_text("plain")


def test_runs_are_compared_at_the_same_step_up_to_five(
    page: Page, context: BrowserContext, pair: Json
) -> None:
    base = {**TWINS["base"], "net": {**TWINS["base"]["net"], "depth": 4}}
    sweep = {
        "study": "depth",
        "base": base,
        "depths": [4, 6, 10, 12],
        "skips": ["none"],
        "seeds": [0],
    }
    other = finished(page, train(context, sweep)["id"])
    page.goto(f"/gradients?study={pair['id']}")
    shows(page, "plain", frames(page, run_of(pair, "none"))[0]["flow_norm"])
    select = page.get_by_label("Compare with")
    for run in other["runs"][:3]:
        select.select_option(f"runs/{run['id']}")
        expect(page.locator(f"#compare option[value='runs/{run['id']}']")).to_have_count(0)
    expect(page.locator("#shown li")).to_have_count(5)
    select.select_option(f"runs/{other['runs'][3]['id']}")
    expect(page.get_by_text("At most 5 runs are shown at once.")).to_be_visible()
    assert page.url.count("run=") == 5
    page.get_by_role("button", name="Remove").first.click()
    expect(page.locator("#shown li")).to_have_count(4)
    page.reload()
    expect(page.locator("#shown li")).to_have_count(4)


def test_runs_are_named_by_what_sets_them_apart(page: Page, context: BrowserContext) -> None:
    limited = {"name": "digits", "limit": 128}
    studies = [
        train(context, {**TWINS, "base": {**TWINS["base"], "data": data}})
        for data in ("digits", limited)
    ]
    runs = [run_of(study, "none") for study in studies]
    page.goto(f"/gradients?run={runs[0]}&run={runs[1]}")
    expect(page.locator("#shown li")).to_have_text(["all examples×", "128 examples×"])


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
    shows(page, "plain", frames(page, run_of(study, "none"))[-1]["flow_norm"])


def expect_state(page: Page, study: str, state: str) -> None:
    """Wait until a study stands so."""
    page.wait_for_function(
        """async ([id, state]) => {
            const answer = await fetch(`/api/studies/${id}`);
            return (await answer.json()).state === state;
        }""",
        arg=[study, state],
    )


def test_a_run_that_is_gone_is_said_to_be_gone(page: Page, watch: Watch) -> None:
    watch.expected.append(r"404.*aaaaaaaaaa")
    page.goto("/gradients?run=aaaaaaaaaa")
    expect(page.get_by_text("There is no such run or study")).to_be_visible()


def test_without_a_run_on_show_it_says_where_to_choose(page: Page, pair: Json) -> None:
    page.goto(f"/gradients?study={pair['id']}")
    for _ in pair["runs"]:
        page.locator("#shown button").first.click()
    expect(page.get_by_text("No run is shown. Choose one above.")).to_be_visible()
    expect(page.get_by_text("Nothing has been trained here yet.")).to_be_hidden()


def test_a_run_deleted_while_it_is_shown_is_said_to_be_gone(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    watch.expected.append("404")
    study = train(context, {**TWINS, "base": {**TWINS["base"], "steps": 50_000}})
    page.goto(f"/gradients?study={study['id']}")
    expect(page.locator("#shown li")).to_have_count(2)
    assert context.request.delete(f"/api/studies/{study['id']}").status == 204
    expect(page.get_by_text("There is no such run or study")).to_be_visible()
    expect(page.locator("#shown li")).to_have_count(0)


def test_a_sweep_opens_with_whole_pairs(page: Page, context: BrowserContext) -> None:
    base = {**TWINS["base"], "steps": 2}
    sweep = {"study": "depth", "base": base, "depths": [4, 8, 12], "seeds": [0, 1]}
    study = finished(page, train(context, sweep)["id"])
    page.goto(f"/gradients?study={study['id']}")
    shown = page.locator("#shown li")
    expect(shown).to_have_count(4)
    expect(shown.filter(has_text="4 layers")).to_have_count(2)
    expect(shown.filter(has_text="12 layers")).to_have_count(2)


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
