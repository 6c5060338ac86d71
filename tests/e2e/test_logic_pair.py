"""Histories and pairs: a replay does no harm, and the faster twin waits for the slower."""

from __future__ import annotations

from typing import Any

from app.figures.series import name, role
from app.spec import RunSpec
from models.registry import SKIPS
from tests.e2e.conftest import Logic

FRAMES = [
    {"type": "started", "seq": 0, "spec": RunSpec().model_dump(mode="json")},
    {"type": "evaluated", "seq": 1, "step": 0, "train_error": 0.9},
    {"type": "frame", "seq": 2, "step": 2, "loss": [3.0, 2.0], "error": [0.9, 0.8]},
    {"type": "news", "seq": 3, "step": 2},
    {"type": "frame", "seq": 4, "step": 5, "loss": [1.0, None, 0.5], "error": [0.7, None, 0.5]},
    {"type": "evaluated", "seq": 5, "step": 5, "train_error": 0.5},
    {"type": "finished", "seq": 6, "step": 5, "diverged": False},
]

BUILD = """
const { RunHistory, lastUpTo } = await load("history");
const { Cut, reach, milestones, sidesOf, stateOf } = await load("pair");
const made = (events, state) => {
  const history = new RunHistory("r", null);
  history.add(events);
  if (state) history.stand({ state });
  return history;
};
"""


def test_a_history_takes_each_event_once_whatever_comes_twice(logic: Logic) -> None:
    body = f"""{BUILD}
        const history = made(arg.slice(0, 3));
        const versions = [history.version];
        const fresh = [history.add(arg.slice(0, 5)), history.add(arg.slice(2, 5))];
        versions.push(history.version);
        history.add(arg);
        return {{ fresh, versions, loss: history.loss, error: history.error, step: history.step,
                  state: history.state, ended: history.ended, frames: history.frames.length,
                  lastSeq: history.lastSeq, evaluations: history.evaluations.length }};
    """
    assert logic(body, FRAMES) == {
        "fresh": [True, False],
        "versions": [1, 2],
        "loss": [3.0, 2.0, 1.0, None, 0.5],
        "error": [0.9, 0.8, 0.7, None, 0.5],
        "step": 5,
        "state": "finished",
        "ended": True,
        "frames": 2,
        "lastSeq": 6,
        "evaluations": 2,
    }


def test_a_cut_history_is_what_it_was_at_that_step(logic: Logic) -> None:
    body = f"""{BUILD}
        const history = made(arg);
        const cut = new Cut(history);
        const seen = (step) => {{
          const {{ loss, frames, evaluations, ended, state, step: covered }} = cut.at(step);
          return [loss, frames.length, evaluations.length, ended, state, covered];
        }};
        const kept = cut.at(3).loss === cut.at(3).loss;
        return [seen(3), seen(5), seen(0), kept, cut.at(3).frameAt(9).step];
    """
    assert logic(body, FRAMES) == [
        [[3.0, 2.0], 1, 1, False, "running", 2],
        [[3.0, 2.0, 1.0, None, 0.5], 2, 2, True, "finished", 5],
        [[], 0, 1, False, "running", 0],
        True,
        2,
    ]


def test_the_pair_stands_where_the_slower_one_does(logic: Logic) -> None:
    body = f"{BUILD} return arg.map((runs) => reach(runs))"
    going = {"diverged": None, "state": "running"}
    pairs: list[list[dict[str, Any]]] = [
        [{**going, "step": 5}, {**going, "step": 9}],
        [{**going, "step": 3, "diverged": 3}, {**going, "step": 9}],
        [{**going, "step": 3, "state": "failed"}, {**going, "step": 9}],
        [{**going, "step": 3, "diverged": 3}, {**going, "step": 4, "diverged": 4}],
        [{**going, "step": 7, "state": "stopped"}, {**going, "step": 6, "state": "stopped"}],
    ]
    assert logic(body, pairs) == [5, 9, 9, 4, 6]


def test_the_plain_network_comes_first_and_each_has_its_role(logic: Logic) -> None:
    body = f"""{BUILD}
        return arg.map((skips) => {{
          const [base, twin] = skips.map((skip) => ({{ spec: {{ net: {{ skip }} }} }}));
          return sidesOf(base, twin).map(({{ role, spec }}) => [role, spec.net.skip]);
        }});
    """
    pairs = [
        ["identity", "none"],
        ["none", "identity"],
        ["identity", "projection"],
        ["projection", "none"],
    ]
    assert logic(body, pairs) == [
        [["plain", "none"], ["residual", "identity"]],
        [["plain", "none"], ["residual", "identity"]],
        [["residual", "identity"], ["other", "projection"]],
        [["plain", "none"], ["other", "projection"]],
    ]


def test_a_network_has_one_paint_and_one_name_on_pages_and_in_exports(logic: Logic) -> None:
    body = """
        const { roleOf, skipName } = await load("short");
        return arg.map((skip) => [roleOf(skip), skipName(skip)]);
    """
    specs = [{"net": {"skip": skip}} for skip in SKIPS]
    assert logic(body, list(SKIPS)) == [[role(spec), name(spec)] for spec in specs]


def test_a_pair_has_one_state(logic: Logic) -> None:
    body = f"{BUILD} return arg.map((states) => stateOf(states.map((state) => made([], state))))"
    pairs = [
        ["running", "queued"],
        ["paused", "paused"],
        ["finished", "running"],
        ["queued", "queued"],
        ["failed", "stopped"],
        ["interrupted", "interrupted"],
    ]
    expected = ["running", "paused", "running", "queued", "ended", "ended"]
    assert logic(body, pairs) == expected


def test_each_quarter_is_passed_once(logic: Logic) -> None:
    body = f"{BUILD} return arg.map(([from, to]) => milestones(from, to, 200))"
    assert logic(body, [[0, 49], [49, 50], [50, 51], [40, 160], [199, 200], [200, 200]]) == [
        [],
        [25],
        [],
        [25, 50, 75],
        [100],
        [],
    ]


def test_rate_and_time_left_come_from_the_runs_own_clock(logic: Logic) -> None:
    body = """
        const { averageOf, rateOf, timeLeft } = await load("pace");
        const run = (steps, each, all, ended) => ({
          step: steps, steps: all, ended,
          frames: Array.from({ length: steps }, (_, i) => ({ step: i + 1, time: (i + 1) * each })),
        });
        const fast = run(100, 0.01, 200, false);
        const slow = run(50, 0.1, 200, false);
        return [rateOf(fast), timeLeft([fast, slow]), timeLeft([{ ...slow, ended: true }, fast]),
                rateOf(run(0, 1, 10, false)), timeLeft([run(0, 1, 10, false), slow]),
                averageOf({ frames: [{ step: 50, time: 4.5 }, { step: 100, time: 5 }] }),
                averageOf({ frames: [] })];
    """
    rate, left, alone, nothing, unknown, average, none = logic(body)
    assert (average, none) == (20, None)
    assert abs(rate - 100) < 1e-6
    assert abs(left - 15) < 1e-6
    assert abs(alone - 1) < 1e-6
    assert nothing is None
    assert unknown is None
