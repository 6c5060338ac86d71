"""The charts in a real browser, under the page's own security rules."""

from __future__ import annotations

import base64
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from app.figures.themes import THEMES
from tests.e2e.stage import PLAIN, RESIDUAL, Stage, events, spec


def test_a_zoom_and_a_hidden_series_outlive_live_updates(stage: Stage) -> None:
    of = spec("none")
    said = events(of)
    stage.tell("p", of, said[:20])
    stage.tell("r", spec("identity"), events(spec("identity"), upto=15))
    stage.mount("lossByStep")
    stage.show("lossByStep", [PLAIN, RESIDUAL])
    page = stage.page
    page.evaluate(
        "Plotly.relayout(charts.lossByStep.view.plot, {'xaxis.range[0]': 2, 'xaxis.range[1]': 9})"
    )
    page.locator(".plot-menu summary").click()
    page.get_by_label("residual").uncheck()
    stage.tell("p", of, said)
    drawn = stage.show("lossByStep", [PLAIN, RESIDUAL])
    assert drawn["layout"]["xaxis"]["range"] == [2, 9]
    assert {trace["name"] for trace in drawn["data"]} == {"plain"}
    page.get_by_role("button", name="Whole view").click()
    expect(page.locator(".plot-menu summary")).to_be_focused()
    drawn = stage.drawn("lossByStep")
    assert drawn["layout"]["xaxis"]["range"] == [0, of["steps"]]


def test_dragging_zooms_and_a_double_click_shows_all_again(twins: Stage) -> None:
    twins.mount("lossByStep")
    twins.show("lossByStep", [PLAIN])
    box = twins.page.locator(".plot .nsewdrag").bounding_box()
    assert box
    mouse, y = twins.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] * 0.25, y)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.5, y, steps=4)
    mouse.up()
    twins.page.wait_for_function("() => Object.keys(charts.lossByStep.view.zoom).length")
    low, high = twins.drawn("lossByStep")["layout"]["xaxis"]["range"]
    assert (low, high) == (pytest.approx(10, abs=0.5), pytest.approx(20, abs=0.5))
    mouse.dblclick(box["x"] + box["width"] / 2, y)
    twins.page.wait_for_function("() => !Object.keys(charts.lossByStep.view.zoom).length")
    assert twins.drawn("lossByStep")["layout"]["xaxis"]["range"] == [0, 40]


def test_a_range_grows_by_decades_and_never_shrinks_while_a_run_lasts(stage: Stage) -> None:
    of = spec("none", steps=3)
    said = events(of, upto=3)
    frames = [event for event in said if event["type"] == "frame"]
    for frame, size in zip(frames, (1e-2, 1e-9, 1e-2), strict=True):
        frame["measures"]["flow"] = [size] * len(frame["measures"]["flow"])
    stage.mount("flowByDepth")
    ranges = []
    for frame in frames:
        stage.tell("p", of, [e for e in said if e["seq"] <= frame["seq"]])
        drawn = stage.show("flowByDepth", [PLAIN], scale="absolute")
        low, high = drawn["layout"]["yaxis"]["range"]
        ranges.append((round(low), round(high)))
    assert ranges == [(-3, -2), (-9, -2), (-9, -2)]


def test_the_pair_before_stays_as_a_grey_ghost_below(twins: Stage) -> None:
    twins.mount("errorByStep")
    before = {"run": "r", "label": "residual before", "skip": "identity", "ghost": True}
    drawn = twins.show("errorByStep", [PLAIN, before])
    first = drawn["data"][0]
    assert first["name"] == "residual before"
    assert first["line"]["color"] == THEMES["light"].ghost
    assert first["hoverinfo"] == "skip"
    labels = [note["text"] for note in drawn["layout"]["annotations"]]
    assert "plain" in labels
    assert "residual before" not in labels


def test_smoothing_keeps_the_raw_line_and_leaves_evaluations_alone(twins: Stage) -> None:
    twins.mount("errorByStep")
    raw = twins.show("errorByStep", [PLAIN])["data"]
    twins.page.evaluate("charts.errorByStep.see({smoothing: 0.9})")
    faint, smooth, train, test = twins.drawn("errorByStep")["data"]
    assert faint["y"] == raw[0]["y"]
    assert faint["opacity"] < 1
    assert smooth["y"] != raw[0]["y"]
    assert (train["y"], test["y"]) == (raw[1]["y"], raw[2]["y"])


def test_a_divergence_is_marked_at_its_step_and_the_line_ends_there(stage: Stage) -> None:
    of = spec("none")
    stage.tell("p", of, events(of, upto=12, diverged=True))
    stage.mount("lossByStep")
    drawn = stage.show("lossByStep", [PLAIN])
    assert drawn["data"][0]["y"][11] is None
    assert drawn["data"][-1]["x"] == [12]
    assert "the loss became NaN at step 12" in stage.page.locator(".plot p").inner_text()


@pytest.mark.parametrize("chart", ["lossByStep", "flowByDepth"])
def test_powers_of_ten_stand_apart_over_thirty_decades_on_a_small_chart(
    stage: Stage, chart: str
) -> None:
    of = spec("none")
    said = events(of, upto=3, diverged=True)
    for step, frame in enumerate(event for event in said if event["type"] == "frame"):
        frame["loss"] = [None if step == 2 else 10.0 ** (29 * step)]
        frame["measures"]["flow"] = [10.0 ** (12 * step)] * len(frame["measures"]["flow"])
    stage.tell("p", of, said)
    stage.page.locator("#theme-choice").select_option("projector")
    stage.mount(chart, width=900, height=220)
    stage.show(chart, [PLAIN])
    boxes = stage.page.locator(".plot .ytick text").all()
    places = [box.bounding_box() for box in boxes]
    tops = sorted((place["y"], place["y"] + place["height"]) for place in places if place)
    assert len(tops) >= 2
    assert all(bottom <= top for (_, bottom), (top, _) in pairwise(tops))


def test_a_chart_saves_as_png_and_svg(twins: Stage) -> None:
    twins.mount("errorByStep")
    twins.show("errorByStep", [PLAIN, RESIDUAL])
    png, svg = twins.page.evaluate(
        """async () => Promise.all(["png", "svg"].map(async (format) => {
            const blob = await charts.errorByStep.image(format);
            const bytes = new Uint8Array(await blob.arrayBuffer());
            return [blob.type, btoa(String.fromCharCode(...bytes.slice(0, 8))), await blob.text()];
        }))"""
    )
    assert png[0] == "image/png"
    assert base64.b64decode(png[1]) == b"\x89PNG\r\n\x1a\n"
    assert svg[0] == "image/svg+xml"
    assert "Error by step" in svg[2]
    trained = "digits · lr 0.05 · batch 64 · 40 steps · seed 0"
    assert f"convnet · plain, residual · 8 layers · {trained}" in svg[2]
    assert "#d55e00" in svg[2].lower() or "rgb(213, 94, 0)" in svg[2]
    with twins.page.expect_download() as download:
        twins.page.locator(".plot-menu summary").click()
        twins.page.get_by_role("button", name="Save as SVG").click()
    assert download.value.suggested_filename == "depthscope-errorByStep.svg"
    expect(twins.page.locator(".plot-menu summary")).to_be_focused()


def test_a_table_holds_what_the_chart_shows(twins: Stage) -> None:
    twins.mount("errorByStep")
    twins.show("errorByStep", [PLAIN, RESIDUAL])
    twins.page.locator(".plot-menu summary").click()
    twins.page.get_by_role("button", name="Data table").click()
    dialog = twins.page.get_by_role("dialog", name="Error by step")
    heads = dialog.get_by_role("columnheader")
    for place, words in enumerate(
        ["step", "plain, batch", "plain, training set", "plain, test set"]
    ):
        expect(heads.nth(place)).to_have_text(words)
    first = dialog.get_by_role("row").nth(1)
    expect(first.get_by_role("cell").nth(1)).to_have_text("90\u00a0%")
    twins.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    # By keyboard one is where one was.
    expect(twins.page.locator(".plot-menu summary")).to_be_focused()


def test_a_chart_says_in_words_what_it_shows(twins: Stage) -> None:
    twins.mount("errorByStep")
    twins.show("errorByStep", [PLAIN])
    chart = twins.page.get_by_role("img", name="Error by step")
    described = chart.get_attribute("aria-describedby")
    words = twins.page.locator(f"#{described}").inner_text()
    assert words.startswith("plain: after 40 steps, 12\u00a0% of the training set wrong")


@pytest.mark.parametrize("theme", ["dark", "projector"])
def test_a_chart_follows_the_theme(twins: Stage, theme: str) -> None:
    twins.mount("flowByDepth")
    twins.show("flowByDepth", [PLAIN])
    twins.page.locator("#theme-choice").select_option(theme)
    drawn = twins.drawn("flowByDepth")
    assert drawn["data"][0]["line"]["color"] == THEMES[theme].hues["vermillion"]
    assert drawn["layout"]["template"]["layout"]["font"]["size"] == THEMES[theme].font


def test_many_updates_are_one_drawing_and_one_chart_is_drawn_a_frame(twins: Stage) -> None:
    for name in ("errorByStep", "lossByStep", "flowByDepth"):
        twins.mount(name)
        twins.show(name, [PLAIN, RESIDUAL])
    frames = twins.page.evaluate(
        """async () => {
            const { schedule } = await stage.load("charts/scheduler");
            const drawn = [];
            const keys = [{}, {}, {}];
            // Asked for before any drawing is, it counts a frame before anything is drawn in it.
            let frame = 0;
            requestAnimationFrame(function next() {
                frame += 1;
                if (drawn.length < keys.length) requestAnimationFrame(next);
            });
            await new Promise((done) => {
                for (let i = 0; i < 10; i += 1) {
                    for (const [k, key] of keys.entries()) {
                        schedule(key, () => {
                            drawn.push([k, i, frame]);
                            if (drawn.length === keys.length) done();
                        });
                    }
                }
            });
            return drawn;
        }"""
    )
    assert sorted(frame[:2] for frame in frames) == [[0, 9], [1, 9], [2, 9]]
    assert len({frame[2] for frame in frames}) == 3


def test_a_chart_out_of_sight_is_drawn_when_it_comes_into_sight(twins: Stage) -> None:
    twins.mount("errorByStep", height=3000)
    twins.mount("lossByStep")
    twins.page.evaluate("(all) => stage.show(...all)", ["lossByStep", [PLAIN], {}])
    twins.show("errorByStep", [PLAIN])
    assert not twins.page.evaluate("charts.lossByStep.view.settled")
    twins.page.locator(".plot").nth(1).scroll_into_view_if_needed()
    assert twins.drawn("lossByStep")["data"]


def test_a_chart_grows_no_page_however_often_it_is_drawn_and_leaves_nothing(twins: Stage) -> None:
    count = "document.querySelectorAll('*').length"
    empty = twins.page.evaluate(count)
    twins.mount("flowByDepth")
    twins.show("flowByDepth", [PLAIN, RESIDUAL])
    first = twins.page.evaluate(count)
    for step in range(1, 12):
        twins.show("flowByDepth", [PLAIN, RESIDUAL], step=step)
    twins.show("flowByDepth", [PLAIN, RESIDUAL])
    assert twins.page.evaluate(count) == first
    twins.page.evaluate("charts.flowByDepth.destroy()")
    left = twins.page.evaluate(count) - empty
    assert left <= 12  # the box of the test, and what Plotly keeps to measure text with
