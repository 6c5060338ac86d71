"""What a chart over steps says of the step that is pointed at."""

from __future__ import annotations

import math

from tests.e2e.stage import PLAIN, RESIDUAL, Stage, events, spec


def _point(stage: Stage, step: float, chart: str = "errorByStep") -> list[list[str]]:
    """Point at a step; the rows of what is said of it."""
    x = stage.page.evaluate(
        """([chart, step]) => {
            const { plot } = charts[chart].view;
            return plot.getBoundingClientRect().left + charts[chart].view.placeOf(step);
        }""",
        [chart, step],
    )
    box = stage.page.locator(".plot .nsewdrag").bounding_box()
    assert box
    stage.page.mouse.move(x, box["y"] + box["height"] / 2)
    rows = stage.page.locator(".plot-readout:not([hidden]) tr").all()
    cells = [row.locator("th, td").all_inner_texts() for row in rows]
    return [[" ".join(cell.replace("\u00a0", " ").split()) for cell in row] for row in cells]


def test_a_number_is_said_with_the_step_at_which_it_was_measured(twins: Stage) -> None:
    twins.mount("errorByStep", width=900)
    twins.show("errorByStep", [PLAIN, RESIDUAL])
    said = events(spec("none"))
    at_17 = next(e for e in said if e["type"] == "frame" and e["step"] == 17)["error"][0]
    # The set's errors are those of step 10, though step 20's would be nearer.
    head, plain, _ = _point(twins, 17)
    assert head == ["step 17", "this batch", "training set at step 10", "test set at step 10"]
    assert plain[0] == "plain"
    size = spec("none")["batch_size"]
    assert plain[1].endswith(f"{round(at_17 * size)} of {size}")
    wrong = int(1437 * 0.9 * math.exp(-10 / 20))
    assert plain[2] == f"{100 * wrong / 1437:.0f} % {wrong} of 1437"
    assert plain[3] == "50 % 180 of 360"
    # Plotly says nothing beside it.
    assert twins.page.locator(".hoverlayer").text_content() == ""


def test_series_that_were_evaluated_at_other_steps_say_each_its_own(stage: Stage) -> None:
    said = events(spec("none"))
    stage.tell("p", spec("none"), said)
    seldom = [e for e in said if e["type"] != "evaluated" or e["step"] % 20 == 0]
    stage.tell("q", spec("identity"), seldom)
    stage.tell("r", spec("identity"), [e for e in said if e["type"] != "evaluated"])
    stage.mount("errorByStep", width=900)
    stage.show("errorByStep", [PLAIN, {**RESIDUAL, "run": "q"}])
    head, plain, residual = _point(stage, 31)
    assert head == ["step 31", "this batch", "training set", "test set"]
    assert plain[2].endswith("at step 30")
    assert residual[2].endswith("at step 20")
    stage.show("errorByStep", [RESIDUAL])
    assert _point(stage, 31)[1][2:] == ["–", "–"]


def test_what_is_said_of_a_step_stands_above_the_plot_and_is_never_cut(twins: Stage) -> None:
    twins.page.set_viewport_size({"width": 390, "height": 844})
    twins.page.evaluate("document.getElementById('main').style.paddingTop = '150px'")
    twins.mount("errorByStep", width=350)
    twins.show("errorByStep", [PLAIN, RESIDUAL])
    for step in (1, 20, 40):
        _point(twins, step)
        said = twins.page.locator(".plot-readout").bounding_box()
        plot = twins.page.locator(".plot .nsewdrag").bounding_box()
        assert said
        assert plot
        assert said["x"] >= 0
        assert said["x"] + said["width"] <= 390
        assert said["y"] + said["height"] <= plot["y"] + 1
    twins.page.set_viewport_size({"width": 1366, "height": 768})


def test_nothing_is_said_of_steps_that_nobody_has_reached(stage: Stage) -> None:
    stage.tell("p", spec("none"), events(spec("none"), upto=12))
    stage.mount("errorByStep", width=900)
    stage.show("errorByStep", [PLAIN])
    assert _point(stage, 12)[0][0] == "step 12"
    assert _point(stage, 30) == []
