"""Changes of a run while it trains."""

from __future__ import annotations

from typing import Any

import pytest

from app.events import Changed, Evaluated, Event, Finished, Frame
from app.spec import RunSpec, with_change
from app.training.loop import Training
from tests.app.training.specs import small

WEAK = {"net.skip.strength": 0.5}


def numbers(said: list[Event | None]) -> list[dict[str, Any]]:
    """All that was measured and changed, but for the time."""
    return [
        event.model_dump(exclude={"time"})
        for event in said
        if isinstance(event, Frame | Evaluated | Changed | Finished)
    ]


def trained(spec: RunSpec) -> list[dict[str, Any]]:
    """What a run of this spec says."""
    return numbers(list(Training(spec)))


def without(kind: str, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for event in said if event["type"] != kind]


def losses(said: list[dict[str, Any]]) -> list[Any]:
    return [event["loss"] for event in said if event["type"] == "frame"]


def test_a_strength_from_the_start_trains_as_a_constant_factor_does() -> None:
    weak = trained(small(steps=6, changes=[{"step": 1, "set": WEAK}]))
    factor = {"name": "scaled", "shortcut": 0.5, "branch": 1.0}
    scaled = trained(small(steps=6, net__skip=factor))
    assert losses(weak) == losses(scaled)
    ours, theirs = ([one for one in said if one["type"] == "evaluated"] for said in (weak, scaled))
    assert ours[1:] == theirs[1:]
    assert ours[0] == trained(small(steps=1))[0]  # before step 1 it is as it was built


def test_a_strength_of_1_changes_no_bit() -> None:
    changes = [{"step": 3, "set": {"net.skip.strength": 1.0, "net.skip.strength.block2": 1.0}}]
    assert without("changed", trained(small(steps=6, changes=changes))) == trained(small(steps=6))


@pytest.mark.parametrize(
    ("skip", "values"),
    [
        ("identity", {"net.skip.strength": 0.25, "optimizer.lr": 0.2}),
        ("scaled", {"net.skip.shortcut": 0.5, "net.skip.branch": -0.5}),
        ("dropout", {"net.skip.rate": 0.1}),
        ("none", {"optimizer.weight_decay": 0.5}),
    ],
)
def test_a_run_that_was_changed_by_hand_is_repeated_by_its_spec(
    skip: str, values: dict[str, float]
) -> None:
    spec = small(net__skip=skip, net__norm="batch", steps=8)
    training = Training(spec)
    said: list[Event | None] = []
    for event in training:
        said.append(event)
        if training.step == 4 and isinstance(event, Frame):
            assert training.earliest == 5
            training.change(with_change(spec, training.earliest, values))
    assert numbers(said) == trained(training.spec)
    assert Changed(step=5, set=values) in said
    assert losses(numbers(said))[:4] == losses(trained(spec))[:4]
    assert losses(numbers(said)) != losses(trained(spec))


def test_what_a_step_was_told_of_already_is_changed_from_the_next_on() -> None:
    spec = small(steps=6, changes=[{"step": 3, "set": {"optimizer.lr": 0.2}}])
    training = Training(spec)
    said: list[Event | None] = []
    for event in training:
        said.append(event)
        if isinstance(event, Changed) and event.step == 3:
            assert (training.step, training.earliest) == (2, 4)
            training.change(with_change(spec, training.earliest, WEAK))
    assert numbers(said) == trained(training.spec)


def test_at_one_step_the_last_change_wins() -> None:
    spec = small(steps=6)
    for value in (0.5, 0.25, 0.125):
        spec = with_change(spec, 4, {"optimizer.lr": value})
    spec = with_change(spec, 4, {"net.skip.strength.block1": 0.5})
    [change] = spec.changes
    assert change.set == {"optimizer.lr": 0.125, "net.skip.strength.block1": 0.5}
    # What is said of all blocks later counts for each.
    [change] = with_change(spec, 4, {"net.skip.strength": 1.0}).changes
    assert change.set == {"optimizer.lr": 0.125, "net.skip.strength": 1.0}


def test_in_whatever_order_they_stand_one_block_is_set_after_all() -> None:
    both = {"net.skip.strength.block2": 0.25, "net.skip.strength": 0.75}
    one, other = (
        trained(small(steps=4, changes=[{"step": 2, "set": dict(values)}]))
        for values in (both.items(), reversed(both.items()))
    )
    assert losses(one) == losses(other)
