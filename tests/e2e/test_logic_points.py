"""What a sweep measured: runs, points, means, and the time that is left."""

from __future__ import annotations

import statistics

import pytest

from tests.e2e.conftest import Logic
from tests.e2e.sweeps import DIGITS, IMPORTS, POINTS, done, run


def test_events_make_the_result_and_twice_the_same_changes_nothing(logic: Logic) -> None:
    events = [
        {"seq": 0, "type": "started", "params": 5},
        {"seq": 1, "type": "evaluated", "step": 0, "train_error": 0.9, "count": 10},
        {
            "seq": 9,
            "type": "evaluated",
            "step": 200,
            "train_error": 0.25,
            "test_error": None,
            "count": 10,
        },
        {"seq": 10, "type": "finished", "step": 200, "diverged": False},
    ]
    body = f"{IMPORTS} return arg.events.reduce(points.afterEvent, arg.run)"
    once = logic(body, {"run": run(), "events": events})
    twice = logic(body, {"run": run(), "events": [*events, *events[1:]]})
    assert once == twice
    assert once["state"] == "finished"
    assert once["result"]["train_error"] == 0.25
    assert once["result"]["test_error"] is None
    assert once["result"]["evaluated"] == 200
    assert once["last_seq"] == 10


def test_a_late_state_message_does_not_wake_an_ended_run(logic: Logic) -> None:
    body = f'{IMPORTS} return points.afterState(arg, {{ state: "running", step: 3 }})'
    assert logic(body, done(0.5))["state"] == "finished"


def test_only_runs_that_did_all_their_steps_have_a_point(logic: Logic) -> None:
    lost = {"diverged": True, "became": "infinite", "step": 3}
    runs = [
        done(0.5),
        {**done(0.5, seed=1), "state": "stopped", "step": 90},
        {**done(0.9, seed=2), "result": {"train_error": None, **lost}},
        run(seed=3, state="failed", reason="out of memory"),
        run(seed=4, state="running", result={"train_error": 0.7}),
    ]
    body = f'{IMPORTS} return points.points(arg, "net.depth", "train_error")'
    found = logic(body, runs)
    assert [point["y"] for point in found] == [0.5, None, None, None, None]
    standings = ["finished", "stopped", "diverged", "failed", "running"]
    assert [point["standing"] for point in found] == standings
    assert found[2]["lost"] == "became infinite at step 3"


def test_means_and_ranges_are_those_of_the_seeds(logic: Logic) -> None:
    errors = {8: [0.02, 0.05, 0.01], 56: [0.7, 0.8, 0.75]}
    runs = [done(e, seed=s, depth=d) for d, es in errors.items() for s, e in enumerate(es)]
    body = f'{IMPORTS} return points.gathered(points.points(arg, "net.depth", "train_error"))'
    for cell in logic(body, runs):
        its = errors[cell["value"]]
        assert cell["mean"] == pytest.approx(statistics.mean(its))
        assert (cell["min"], cell["max"], cell["n"]) == (min(its), max(its), 3)


def test_time_left_is_what_the_rest_takes_at_the_pace_so_far(logic: Logic) -> None:
    # Depth 8 took 10 s; two of depth 16, twice the work each, remain, one of them half done.
    began = "2026-01-01T00:00:00Z"
    runs = [
        {**done(0.1), "started": began},
        run(depth=20, seed=1, state="running", step=100, started=began),
        run(depth=20, seed=2),
    ]
    body = f'{IMPORTS} return points.timeLeft(arg, Date.parse("2026-01-01T00:00:18Z"))'
    # 8 x 200 + 20 x 100 units of work in 18 s; 20 x 100 + 20 x 200 to go.
    assert logic(body, runs) == pytest.approx(18 * 6000 / 3600)
    assert logic(body, [run(), run(seed=1)]) is None


def test_measures_without_an_error_are_losses(logic: Logic) -> None:
    body = "return (await load('points')).measuresOf(arg)"
    assert logic(body, POINTS) == ["train_loss", "test_loss"]
    assert logic(body, DIGITS)[0] == "train_error"
