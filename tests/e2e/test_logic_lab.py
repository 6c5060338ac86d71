"""What the Lab shows in each of its states, and of which settings."""

from __future__ import annotations

from typing import Any

import pytest

from app.studies.presets import PRESETS
from tests.e2e.conftest import Logic

BASE = """
const { studyFieldsOf } = await load("fields");
const lab = await load("lab");
const { settle, nearestDepth } = await load("settle");
const table = studyFieldsOf(catalog, "twins");
"""


def test_each_preset_is_recognised_and_what_differs_is_counted(logic: Logic) -> None:
    body = f"""{BASE}
        return catalog.presets.map(({{ spec }}) => {{
          const values = lab.complete(spec, table);
          const other = {{ ...values, seed: 7, "optimizer.lr": 0.2 }};
          return [values, other].map((one) => lab.nearestPreset(one, catalog.presets, table));
        }});
    """
    for preset, (exact, changed) in zip(PRESETS, logic(body), strict=True):
        assert exact == {"name": preset.name, "differs": []}
        assert changed["name"] == preset.name
        assert sorted(changed["differs"]) == ["optimizer.lr", "seed"]


@pytest.mark.parametrize(
    ("now", "train", "can"),
    [
        ({"state": "none"}, "train", {"train", "step"}),
        ({"state": "queued"}, "wait", {"stop"}),
        ({"state": "running"}, "pause", {"train", "stop"}),
        ({"state": "paused"}, "resume", {"train", "step", "stop"}),
        ({"state": "ended"}, "again", {"train", "step", "again"}),
        ({"state": "running", "changed": True}, "train_new", {"train", "stop"}),
        ({"state": "running", "mine": False}, "train", {"train", "step"}),
        ({"state": "running", "busy": True}, "pause", set()),
        ({"state": "queued", "stepping": True}, "wait", {"stop"}),
        ({"state": "paused", "stepping": True}, "resume", {"stop"}),
    ],
)
def test_the_buttons_do_what_the_state_allows(
    logic: Logic, now: dict[str, Any], train: str, can: set[str]
) -> None:
    state = {"mine": True, "changed": False, "busy": False, **now}
    said = logic(f"{BASE} return lab.buttons(arg)", state)
    assert said["train"] == train
    assert {name for name, able in said["can"].items() if able} == can


def test_the_first_step_waits_for_both_and_is_given_up_when_either_has_ended(logic: Logic) -> None:
    body = f"""{BASE}
        const {{ RunHistory }} = await load("history");
        return arg.map((states) => lab.firstStep(states.map((state) => {{
          const history = new RunHistory("r");
          history.stand({{ state }});
          return history;
        }})));
    """
    pairs = {
        ("queued", "queued"): "wait",
        ("queued", "paused"): "wait",
        ("paused", "paused"): "go",
        ("paused", "failed"): "over",
        ("stopped", "stopped"): "over",
        ("queued", "interrupted"): "over",
    }
    assert logic(body, [list(pair) for pair in pairs]) == list(pairs.values())


def test_an_end_before_the_first_step_is_told_and_no_other(logic: Logic) -> None:
    body = f"""{BASE}
        const {{ RunHistory }} = await load("history");
        return arg.map((runs) => lab.earlyEnd(runs.map((events) => {{
          const history = new RunHistory("r");
          history.add(events);
          return history;
        }})));
    """
    frame = {"type": "frame", "seq": 0, "step": 1, "loss": [1.0]}
    failed = {"type": "failed", "seq": 1, "step": 0, "reason": "out of memory"}
    stopped = {"type": "stopped", "seq": 1, "step": 0}
    pairs = [
        [[failed], [stopped]],
        [[stopped], [stopped]],
        [[failed], []],
        [[failed], [frame, {**stopped, "step": 1}]],
        [[], []],
    ]
    assert logic(body, pairs) == ["failed_early", "stopped_early", None, None, None]


def test_problems_stand_beside_the_field_they_name(logic: Logic) -> None:
    problems = [
        {"field": "base.net.depth", "problem": "is odd", "allowed": "allowed: even"},
        {"field": "data", "problem": "is unknown", "allowed": "allowed: digits"},
        {"field": "base", "problem": "is strange", "allowed": ""},
    ]
    body = f"{BASE} return lab.placed(arg, table.map(({{ path }}) => path))"
    said = logic(body, problems)
    assert said["fields"] == {
        "net.depth": "is odd; allowed: even",
        "data.name": "is unknown; allowed: digits",
    }
    assert [one["field"] for one in said["others"]] == ["base"]


def test_no_setting_is_without_a_control(logic: Logic) -> None:
    body = f"{BASE} return [lab.PRIMARY, lab.folded(table), table.map(({{ path }}) => path)]"
    primary, folded, every = logic(body)
    assert len(set(primary) | set(folded)) == len(primary) + len(folded)
    # One block is no choice yet; changes on the way are written in a link.
    assert set(every) - set(primary) - set(folded) == {"net.block", "changes"}


@pytest.mark.parametrize(
    ("done", "badge", "status"),
    [
        ((34, 49), "pausing", "pausing"),
        ((34, 35), "paused", "paused"),
        ((9, 9), "paused", "paused"),
    ],
)
def test_a_pair_is_paused_once_both_stand_at_one_step(
    logic: Logic, done: tuple[int, int], badge: str, status: str
) -> None:
    body = f"""{BASE}
        const at = (done) => ({{ state: "paused", ended: false, step: done, done }});
        const histories = arg.map(at);
        return [lab.badgeOf(histories), lab.statusOf(histories, {{ steps: 100 }}).key];
    """
    assert logic(body, done) == [badge, status]
