"""Every question leads to networks that can be trained and measure what it says to look at."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from app.measures import MEASURES
from app.spec import RunSpec, with_values
from app.studies.questions import QUESTIONS, Question
from app.studies.spec import TwinsSpec
from app.studies.twins import plan

FIGURES = Path(__file__).parents[3] / "docs/networks.json"


def base_of(settings: dict[str, Any]) -> RunSpec:
    values = {name: value for name, value in settings.items() if name != "against"}
    if "measures" in values:
        values["measures"] = values["measures"].split(",")
    return with_values(RunSpec(), values)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_its_trials_are_pairs_that_can_be_planned(question: Question) -> None:
    assert question.trials
    for trial in question.trials:
        settings = dict(trial.settings)
        against = {key: settings[key] for key in ("against",) if key in settings}
        pair = plan(TwinsSpec(base=base_of(settings), **against))
        assert len(pair) == 2
        assert pair[0] != pair[1]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_what_it_says_to_look_at_is_measured_in_one_of_its_trials(question: Question) -> None:
    named = {m.name for m in MEASURES.values() if f"“{m.title}”" in question.look_for}
    measured = set(chain(*(base_of(dict(trial.settings)).measures for trial in question.trials)))

    assert named <= measured


def test_what_was_measured_for_an_answer_is_what_the_document_says() -> None:
    runs = json.loads(FIGURES.read_text(encoding="utf-8"))["runs"]
    hyper, identity = (
        100 * mean(run["train_error"] for run in runs[f"depthscope study depth --depths 56 {one}"])
        for one in ("--skips hyper", "--skips identity")
    )
    answer = next(one.answer for one in QUESTIONS if one.name == "streams")

    assert f"{hyper:.1f} % training error against {identity:.1f} %" in answer
