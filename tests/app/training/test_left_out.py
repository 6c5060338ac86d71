"""Branches that a step leaves out: their zeros are exact, and cost nothing to tell."""

from __future__ import annotations

from math import isfinite, isnan, nan
from typing import Any

import pytest
import torch
from torch import Tensor

from app.events import Frame
from app.measures import MEASURES
from app.measures.taking import Taken
from app.training import underflow
from app.training.describe import describe
from app.training.loop import train
from app.training.probes import gradients
from app.training.setup import plan, prepare
from models.net import Net
from models.tails import TAILS
from tests.app.training.specs import small

DROPPING = {"net__depth": 14, "net__tail": {"name": "stochastic-depth", "survival": 0.3}}


def frames(**values: Any) -> list[Frame]:
    return [event for event in train(small(**values)) if isinstance(event, Frame)]


@pytest.mark.parametrize("values", [DROPPING, {"net__skip": "dropout"}], ids=["depth", "dropout"])
def test_step_zero_leaves_out_what_the_first_step_will(values: dict[str, Any]) -> None:
    measured = describe(small(**values))["measured"]
    first = frames(**values)[0]
    assert measured["loss"] == first.loss[0]
    assert {name: tuple(each) for name, each in measured["measures"].items()} == {
        name: first.measures[name] for name in measured["measures"]
    }


def test_what_is_left_out_is_exactly_zero_and_not_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*arguments: Any) -> None:
        raise AssertionError("went through the batch again")

    monkeypatch.setattr(underflow, "_backward", never)
    found = frames(**DROPPING)
    assert any(0 in frame.measures["weight_grad"] for frame in found)
    assert all(frame.underflowed is None for frame in found)


def test_a_look_at_zeros_leaves_out_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = prepare(plan(small(**DROPPING)))
    params, (x, y) = list(setup.net.parameters()), setup.train[:16]
    parts = tuple(part.name for part in setup.net.parts)
    look = underflow.Underflow(setup.net, setup.task.loss, [Taken(MEASURES["flow"], parts)])
    real, answers = underflow._backward, []

    def watched(net: Net, x: Tensor, *rest: Any) -> Any:
        answers.append(net(x))
        return real(net, x, *rest)

    monkeypatch.setattr(underflow, "_backward", watched)
    for setup.net.noise.step in range(1, 9):
        answers.clear()
        grads = gradients(setup.net, params, x, y, loss=setup.task.loss)
        flow = [1.0 for _ in parts]
        flow[setup.net.noise.step % len(parts)] = (
            0.0  # another each time, or it would not look again
        )
        look(params, (x, y), grads, {"flow": flow})
        found = torch.cat(answers).float()
        torch.testing.assert_close(found, grads.logits[: len(found)], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("tail", list(TAILS))
def test_every_measure_is_taken_whatever_follows_a_branch(tail: str) -> None:
    """A branch that is left out writes 0, and no gradient comes through it."""
    chosen = {**DROPPING, "net__family": "convnet", "net__width": 4, "net__tail": tail}
    if tail == "stochastic-depth":
        chosen["net__tail"] = DROPPING["net__tail"]
    found = frames(**chosen, steps=4, measures=[name for name in MEASURES if name != "skip_scale"])
    dropped = 0
    for frame in found:
        # Without a value there is nan here; it becomes null where an event is written.
        values = {
            name: [nan if v is None else v for v in of] for name, of in frame.measures.items()
        }
        assert all(map(isfinite, values["flow"]))
        for n, written in enumerate(values["branch_norm"]):
            if written == 0:
                dropped += 1
                assert values["branch_grad"][n] == values["branch_share"][n] == 0
                assert isnan(values["cosine"][n])
                assert values["shortcut_grad"][n] > 0
    assert (dropped > 0) is (tail == "stochastic-depth")
