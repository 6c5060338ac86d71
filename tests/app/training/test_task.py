"""A regression: no event tells an error, and losses are those of a plain loop."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from app.events import Evaluated, Event, Frame, Started, encode
from app.training.describe import describe
from app.training.loop import train
from app.training.setup import plan, prepare
from app.training.task import TASKS
from tests.app.training.specs import small


def events(**values: Any) -> list[Event]:
    spec = small(data="identity", net__width=32, **values)
    return [event for event in train(spec) if event is not None]


def bodies(said: list[Event]) -> list[dict[str, Any]]:
    return [json.loads(encode("run", n, event)) for n, event in enumerate(said)]


def test_no_event_of_a_regression_tells_an_error() -> None:
    said = bodies(events())
    assert {"started", "frame", "evaluated", "predicted", "finished"} == {
        body["type"] for body in said
    }
    for body in said:
        assert not [key for key in body if "error" in key]
    metrics = {metric["name"]: metric["unit"] for metric in said[0]["metrics"]}
    assert metrics == dict.fromkeys(("loss", "train_loss", "test_loss"), "variance")


def test_a_classification_still_tells_all_of_them() -> None:
    said = bodies([event for event in train(small()) if event is not None])
    assert len(said[0]["metrics"]) == 6
    assert {"train_error", "test_error"} <= set(said[2])
    assert "error" in next(body for body in said if body["type"] == "frame")


def test_a_description_of_a_regression_has_no_error() -> None:
    spec = small(data="identity")
    frame = next(event for event in train(spec) if isinstance(event, Frame))
    measured = describe(spec)["measured"]
    assert "error" not in measured
    assert measured["loss"] == frame.loss[0]


def test_the_head_answers_with_as_many_numbers_as_it_was_given() -> None:
    started = events()[0]
    assert isinstance(started, Started)
    assert started.points[-1].shape == (8,)


def test_evaluated_losses_are_mean_squared_errors() -> None:
    spec = small(data="identity")
    setup = prepare(plan(spec))
    evaluated = next(event for event in train(spec) if isinstance(event, Evaluated))
    for loss, examples in ((evaluated.train_loss, setup.train), (evaluated.test_loss, setup.test)):
        x, y = examples[:]
        with torch.no_grad():
            assert loss == pytest.approx(F.mse_loss(setup.net(x), y).item(), rel=1e-5)


@pytest.mark.parametrize("name", TASKS)
def test_summed_losses_are_the_mean_times_the_examples(name: str) -> None:
    outputs = torch.randn(10, 4)
    y = torch.arange(10) % 4 if name == "classification" else torch.randn(10, 4)
    loss = TASKS[name].loss
    assert loss(outputs, y, "sum").item() == pytest.approx(10 * loss(outputs, y).item(), rel=1e-5)


def test_the_identity_is_easier_with_a_skip_than_without() -> None:
    deep = {"net__depth": 22, "net__init": "default", "steps": 300, "every": 300}
    plain, residual = (
        [e for e in events(net__skip=skip, **deep) if isinstance(e, Evaluated)][-1].test_loss
        for skip in ("none", "identity")
    )
    assert plain is not None
    assert residual is not None
    assert plain > 0.9  # the mean's is 1
    assert residual < 0.05
