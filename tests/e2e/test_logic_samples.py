"""What both networks answer to samples: when it is shown, what is right, and what is not known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.e2e.conftest import Logic

Json = dict[str, Any]

BUILD = """
const { asked, lack, samples } = await load("samples");
"""
PICTURES = {
    "examples": [7, 3],
    "truth": [0, 1],
    "classes": ["cat", "dog"],
    "images": ["data:,a", "data:,b"],
    "points": None,
}


def event(step: int, predicted: list[int | None], share: float | None = 0.75) -> Json:
    return {
        "type": "predicted",
        "step": step,
        "examples": [7, 3],
        "truth": [0, 1],
        "predicted": predicted,
        "probability": [share] * 2,
    }


def history(*predictions: Json, **more: Any) -> Json:
    own = {"predictions": list(predictions), "diverged": None, "state": "running", "step": 0}
    return {**own, "spec": {"evaluate": {"samples": None}}, "ended": False, **more}


def sides(plain: Json, residual: Json) -> list[Json]:
    return [
        {"role": "plain", "name": "plain", "history": plain},
        {"role": "residual", "name": "residual", "history": residual},
    ]


def strip(logic: Logic, pair: list[Json], pictures: Json | None = None) -> Json:
    made: Json = logic(f"{BUILD} return samples(arg[0], arg[1]);", [pair, pictures])
    return made


def test_both_are_shown_at_the_last_step_at_which_both_were_asked(logic: Logic) -> None:
    ahead = history(event(0, [0, 0]), event(10, [1, 1]), event(20, [0, 1]))
    behind = history(event(0, [1, 1]), event(10, [0, 1]))
    shown = strip(logic, sides(behind, ahead), PICTURES)
    assert shown["step"] == 10
    kinds = [[answer["kind"] for answer in card["answers"]] for card in shown["cards"]]
    assert kinds == [["right", "wrong"], ["right", "right"]]
    assert [(one["right"], one["of"]) for one in shown["scores"]] == [(2, 2), (1, 2)]


def test_classes_go_by_their_names(logic: Logic) -> None:
    shown = strip(logic, sides(history(event(5, [1, 1])), history(event(5, [0, 0]))), PICTURES)
    assert [card["truth"] for card in shown["cards"]] == ["cat", "dog"]
    first = shown["cards"][0]
    assert first["image"] == "data:,a"
    assert [answer["said"] for answer in first["answers"]] == ["dog", "cat"]
    assert [answer["share"] for answer in first["answers"]] == [0.75, 0.75]


def test_before_anything_was_asked_there_are_pictures_and_no_answers(logic: Logic) -> None:
    shown = strip(logic, sides(history(), history()), PICTURES)
    assert (shown["step"], shown["scores"]) == (None, [])
    assert {a["kind"] for card in shown["cards"] for a in card["answers"]} == {"unasked"}


def test_where_only_one_was_asked_neither_is_shown(logic: Logic) -> None:
    shown = strip(logic, sides(history(event(0, [0, 1])), history()), PICTURES)
    assert shown["step"] is None
    assert {a["kind"] for card in shown["cards"] for a in card["answers"]} == {"unasked"}


def test_answers_are_shown_without_pictures(logic: Logic) -> None:
    shown = strip(logic, sides(history(event(5, [1, 1])), history(event(5, [0, 1]))))
    assert [card["truth"] for card in shown["cards"]] == ["0", "1"]
    assert [card["image"] for card in shown["cards"]] == [None, None]
    assert shown["scores"][1]["right"] == 2


@pytest.mark.parametrize("other", [{"examples": [7, 4]}, {"truth": [1, 1]}, {"examples": [7]}])
def test_pictures_of_other_examples_are_not_shown(logic: Logic, other: Json) -> None:
    pair = sides(history(event(5, [1, 1])), history(event(5, [0, 1])))
    shown = strip(logic, pair, {**PICTURES, **other})
    assert shown["changed"]
    assert [card["image"] for card in shown["cards"]] == [None, None]
    assert not strip(logic, pair, PICTURES)["changed"]


def test_one_that_diverged_answers_nothing_and_holds_the_other_not_back(logic: Logic) -> None:
    lost = history(event(0, [0, 1]), diverged=3)
    shown = strip(logic, sides(history(event(0, [1, 0]), event(10, [0, 1])), lost), PICTURES)
    assert shown["step"] == 10
    assert [a["kind"] for a in shown["cards"][0]["answers"]] == ["right", "none"]
    assert [(one["right"], one["diverged"]) for one in shown["scores"]] == [(2, None), (None, 3)]


def test_an_answer_that_is_not_finite_is_neither_right_nor_wrong(logic: Logic) -> None:
    pair = sides(history(event(5, [None, 1])), history(event(5, [0, 1])))
    shown = strip(logic, pair, PICTURES)
    assert shown["cards"][0]["answers"][0]["kind"] == "none"
    assert [(one["right"], one["of"]) for one in shown["scores"]] == [(1, 2), (2, 2)]


def test_a_regression_is_off_by_the_root_of_the_mean_square(logic: Logic) -> None:
    points = [[1.0, -0.5, 2.0], [0.0, 0.25, -1.0]]
    outputs = [[0.5, -0.5, 1.0], [0.0, 0.0, 0.0]]
    told = {"step": 5, "examples": [0, 1], "outputs": outputs}
    lost = {"step": 5, "examples": [0, 1], "outputs": [[0.5, None, 1.0], [0.0, 0.0, 0.0]]}
    pictures = {"examples": [0, 1], "truth": None, "classes": None, "images": None}
    shown = strip(logic, sides(history(told), history(lost)), {**pictures, "points": points})
    offs = [card["answers"][0]["off"] for card in shown["cards"]]
    squares = (np.array(points) - np.array(outputs)) ** 2
    assert offs == pytest.approx(np.sqrt(squares.mean(1)))
    assert shown["scores"][0]["off"] == pytest.approx(np.sqrt(squares.mean()))
    assert (shown["scores"][0]["right"], shown["scores"][1]["off"]) == (None, None)
    assert shown["cards"][0]["answers"][1]["kind"] == "none"


def test_why_there_are_no_answers_is_known(logic: Logic) -> None:
    def why(trains: bool, *pair: Json) -> str:
        found: str = logic(f"{BUILD} return lack(arg[0], arg[1]);", [pair, trains])
        return found

    off = {"spec": {"evaluate": {"samples": 0}}}
    assert why(True, history(**off), history(**off)) == "off"
    assert why(False, history(), history()) == "before"
    assert why(True, history(state="queued"), history()) == "before"
    assert why(True, history(step=30), history(step=30)) == "unrecorded"
    assert why(True, history(ended=True, spec={}), history(spec={})) == "unrecorded"
    assert why(True, history(event(0, [0, 1])), history(event(0, [0, 1]))) == ""


def test_histories_keep_the_answers_and_a_cut_those_until_then(logic: Logic) -> None:
    body = """
        const { RunHistory } = await load("history");
        const { Cut } = await load("pair");
        const history = new RunHistory("r", null);
        const frame = (step) => ({ type: "frame", step, loss: [1], error: [1] });
        const told = (step) => ({ type: "predicted", step });
        const all = [told(0), frame(1), told(1), frame(2), frame(3), told(3)];
        history.add(all.map((event, seq) => ({ ...event, seq })));
        const cut = new Cut(history);
        return [2, 3, 0].map((step) => cut.at(step).predictions.map((one) => one.step));
    """
    assert logic(body) == [[0, 1], [0, 1, 3], [0]]
