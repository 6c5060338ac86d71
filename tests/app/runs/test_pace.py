"""How long runs take, by a clock that the test sets."""

from __future__ import annotations

import pytest

from app.executors.base import State
from app.runs.pace import Paces
from app.spec import RunSpec
from models.families import net_spec

SPEC = RunSpec(steps=100)
SAME = SPEC.model_copy(update={"seed": 7, "steps": 400})
OTHER = SPEC.model_copy(update={"net": net_spec(depth=8)})


class Wall:
    """A clock."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def paces(wall: Wall) -> Paces:
    return Paces(wall)


def trained(paces: Paces, wall: Wall, steps: int, seconds: float) -> None:
    """One more step a moment, so many."""
    for step in range(1, steps + 1):
        wall.now += seconds
        paces.reached("a", step)


def test_what_is_left_follows_from_the_pace_so_far(paces: Paces, wall: Wall) -> None:
    paces.moved("a", SPEC, State.RUNNING)
    assert paces.left("a") is None  # nothing tells yet
    wall.now += 5  # to load the data
    trained(paces, wall, 20, seconds=0.5)
    assert paces.left("a") == pytest.approx(80 * 0.5)
    wall.now += 3  # into an evaluation, perhaps
    assert paces.left("a") == pytest.approx(80 * 0.5 - 3)


def test_a_pause_does_not_count(paces: Paces, wall: Wall) -> None:
    paces.moved("a", SPEC, State.RUNNING)
    trained(paces, wall, 10, seconds=0.5)
    paces.moved("a", SPEC, State.PAUSED)
    wall.now += 600
    paces.moved("a", SPEC, State.RUNNING)
    for step in range(11, 21):
        wall.now += 0.5
        paces.reached("a", step)
    assert paces.left("a") == pytest.approx(80 * 0.5)


def test_a_few_steps_tell_nothing(paces: Paces, wall: Wall) -> None:
    paces.moved("a", SPEC, State.RUNNING)
    trained(paces, wall, 3, seconds=0.01)
    assert paces.left("a") is None


def test_a_run_that_waits_needs_what_one_alike_needed(paces: Paces, wall: Wall) -> None:
    assert paces.needed(SPEC) is None
    paces.moved("a", SPEC, State.RUNNING)
    wall.now += 10  # to load the data
    trained(paces, wall, 100, seconds=0.5)
    assert paces.needed(SAME) == pytest.approx(400 * 0.5)  # as it trains now
    paces.moved("a", SPEC, State.FINISHED)
    assert paces.needed(SAME) == pytest.approx(400 * 0.6)  # as it took in all
    assert paces.needed(OTHER) is None


def test_who_begins_is_judged_by_one_alike(paces: Paces, wall: Wall) -> None:
    paces.moved("a", SPEC, State.RUNNING)
    trained(paces, wall, 100, seconds=0.5)
    paces.moved("a", SPEC, State.FINISHED)
    paces.moved("b", SAME, State.RUNNING)
    assert paces.left("b") == pytest.approx(400 * 0.5)
    wall.now += 30
    assert paces.left("b") == pytest.approx(400 * 0.5 - 30)


@pytest.mark.parametrize("state", [State.STOPPED, State.FAILED, State.INTERRUPTED])
def test_who_did_not_finish_is_no_measure(paces: Paces, wall: Wall, state: State) -> None:
    paces.moved("a", SPEC, State.RUNNING)
    trained(paces, wall, 10, seconds=0.01)
    paces.moved("a", SPEC, state)
    assert paces.left("a") is None
    assert paces.needed(SPEC) is None
