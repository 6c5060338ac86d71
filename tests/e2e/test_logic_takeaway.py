"""The one conclusion: every sentence follows from what was measured, and nothing else is said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from app.spec import RunSpec
from tests.e2e.conftest import Logic

SAY = """
const { RunHistory } = await load("history");
const { Cut, reach, sidesOf } = await load("pair");
const { takeaway } = await load("takeaway");
const { sentences } = await load("said");
const histories = arg.runs.map(({ spec, events, state }, i) => {
  const history = new RunHistory(`r${i}`, spec);
  history.add(events);
  if (state) history.stand(state);
  return history;
});
const step = reach(histories);
const [base, twin] = histories.map((history) => (
  { spec: history.spec, history: new Cut(history).at(step) }));
const sides = sidesOf(base, twin);
const data = { noun: "digits", chance: 0.9, task: "classification", train_size: 1437 };
const said = takeaway(sides, { ...data, ...arg.data });
return sentences(said).join(" ");
"""


def spec(**net: Any) -> dict[str, Any]:
    return RunSpec.model_validate_json(
        json.dumps({"net": {"family": "mlp", "depth": 8, **net}, "steps": 200})
    ).model_dump(mode="json")


def frames(
    errors: Sequence[float | None], flow: Sequence[float | None], start: int = 0
) -> list[dict[str, Any]]:
    """One frame a step, each with the same flow."""
    return [
        {
            "type": "frame",
            "seq": start + i,
            "step": i + 1,
            "loss": [1.0],
            "error": [error],
            "flow_norm": flow,
            "grad_norm": flow,
            "update_ratio": flow,
            "lr": 0.1,
            "time": 0.1 * i,
        }
        for i, error in enumerate(errors)
    ]


def evaluated(seq: int, step: int, error: float | None) -> dict[str, Any]:
    return {
        "type": "evaluated",
        "seq": seq,
        "step": step,
        "train_error": error,
        "train_loss": 1.0,
        "test_error": error,
        "test_loss": 1.0,
        "count": 1437,
        "test_count": 360,
    }


def run(
    errors: Sequence[float | None],
    *,
    skip: str = "identity",
    flow: tuple[float | None, ...] = (1.0, 1.0),
    then: tuple[dict[str, Any], ...] = (),
    state: dict[str, Any] | None = None,
    **net: Any,
) -> dict[str, Any]:
    events = [*frames(errors, flow), *then]
    return {"spec": spec(skip=skip, **net), "events": events, "state": state}


def say(logic: Logic, *runs: dict[str, Any], **data: Any) -> str:
    """``data`` are facts of the data set."""
    text: str = logic(SAY, {"runs": runs, "data": data})
    return text.replace("\u00a0", " ")


def test_between_evaluations_it_speaks_of_the_last_batches_and_says_so(logic: Logic) -> None:
    # Only the last twenty count: the first thirty would pull the mean up.
    plain = run([0.9] * 30 + [0.5] * 20, skip="none", flow=(3e-6, 1.0))
    residual = run([0.9] * 30 + [0.02] * 20, flow=(2.0, 1.0))
    assert say(logic, residual, plain) == (
        "After 50 of 200 steps the 8-layer plain network gets 50 % of the digits in its last "
        "20 batches wrong, its residual twin 2 %. Same starting weights, same batches. "
        "First-layer gradient ÷ last: plain 3×10⁻⁶ (vanishes), residual 2."
    )


def test_early_it_says_how_few_batches_it_knows(logic: Logic) -> None:
    said = say(logic, run([0.0]), run([0.5], skip="none"))
    assert "in its last 1 batch wrong" in said


def test_where_both_were_evaluated_it_speaks_of_the_training_set(logic: Logic) -> None:
    plain = run([0.1] * 50, skip="none", then=(evaluated(50, 50, 0.76),))
    residual = run([0.1] * 50, then=(evaluated(50, 50, 0.02),))
    said = say(logic, residual, plain)
    assert said.startswith(
        "After 50 of 200 steps the 8-layer plain network gets 76 % of the training digits "
        "wrong, its residual twin 2 %."
    )


def test_where_not_all_were_evaluated_it_says_how_many(logic: Logic) -> None:
    plain = run([0.1] * 50, skip="none", then=(evaluated(50, 50, 0.76),))
    residual = run([0.1] * 50, then=(evaluated(50, 50, 0.02),))
    said = say(logic, residual, plain, noun="images", train_size=60_000)
    assert "gets 76 % of 1,437 training images wrong, its residual twin 2 %." in said
    for side in (plain, residual):
        side["spec"] = {**side["spec"], "data": {"name": "mnist", "limit": 1437}}
    said = say(logic, residual, plain, noun="images", train_size=60_000)
    assert "gets 76 % of the training images wrong" in said


def test_an_evaluation_of_one_is_not_held_against_batches_of_the_other(logic: Logic) -> None:
    plain = run([0.5] * 50, skip="none", then=(evaluated(50, 50, 0.3),))
    said = say(logic, run([0.02] * 50), plain)
    assert "50 % of the digits in its last 20 batches wrong" in said
    assert "30 %" not in said


def test_it_goes_no_further_than_the_slower_of_the_two(logic: Logic) -> None:
    ahead = run([0.5] * 20 + [0.0] * 60)
    behind = run([0.5] * 20, skip="none")
    said = say(logic, ahead, behind)
    assert said.startswith("After 20 of 200 steps there is no clear difference")


@pytest.mark.parametrize(
    ("plain", "residual", "verdict"),
    [
        (0.30, 0.29, "no clear difference"),  # within what the count of examples resolves
        (0.004, 0.001, "no clear difference"),  # resolved, but too small to matter
        (0.10, 0.05, "its residual twin 5 %"),
        (0.05, 0.10, "the residual network is worse"),
        (0.0, 0.0, "no clear difference"),
    ],
)
def test_a_difference_must_be_larger_than_chance_would_make_it(
    logic: Logic, plain: float, residual: float, verdict: str
) -> None:
    one = run([0.5] * 4, skip="none", then=(evaluated(4, 4, plain),))
    other = run([0.5] * 4, then=(evaluated(4, 4, residual),))
    assert verdict in say(logic, other, one)


@pytest.mark.parametrize(
    ("became", "words"),
    [
        ("nan", "stopped being a number"),
        ("infinite", "became infinite"),
        (None, "stopped being finite"),  # of before the two were told apart
    ],
)
def test_a_lost_loss_is_called_what_it_was_with_its_step(
    logic: Logic, became: str | None, words: str
) -> None:
    lost = run(
        [0.9, 0.9, None],
        flow=(None, None),
        then=({"type": "finished", "seq": 3, "step": 3, "diverged": True, "became": became},),
    )
    plain = run([0.9] * 200, skip="none", then=(evaluated(200, 200, 0.5),))
    said = say(logic, lost, plain)
    assert said == (
        f"The residual network's loss {words} at step 3. "
        "After 200 of 200 steps the plain network gets 50 % of the training digits wrong. "
        "First-layer gradient ÷ last: plain 1."
    )


def test_both_may_diverge_each_in_its_way(logic: Logic) -> None:
    runs = [
        run(
            [0.9] * steps,
            skip=skip,
            then=(
                {"type": "finished", "seq": 9, "step": steps, "diverged": True, "became": became},
            ),
        )
        for skip, steps, became in (("identity", 3, "nan"), ("none", 5, "infinite"))
    ]
    assert say(logic, *runs) == (
        "The plain network's loss became infinite at step 5. "
        "The residual network's loss stopped being a number at step 3."
    )


def test_a_failed_run_is_told_with_its_reason(logic: Logic) -> None:
    failed = run([0.9] * 4, then=({"type": "failed", "seq": 4, "step": 4, "reason": "no memory"},))
    said = say(logic, failed, run([0.5] * 30, skip="none"))
    assert said.startswith("The residual network stopped after step 4: no memory ")
    assert "After 30 of 200 steps the plain network gets 50 %" in said


def test_chance_is_named(logic: Logic) -> None:
    stuck = run([0.9] * 20, skip="none")
    assert "The plain one is still at chance." in say(logic, run([0.1] * 20), stuck)
    assert "Both are still at chance." in say(logic, run([0.9] * 20), stuck)
    assert "chance" not in say(logic, run([0.1] * 20), run([0.5] * 20, skip="none"))


def test_a_gradient_of_exactly_zero_or_not_finite_is_called_so(logic: Logic) -> None:
    said = say(
        logic, run([0.1] * 9, flow=(None, 1.0)), run([0.5] * 9, skip="none", flow=(0.0, 1.0))
    )
    assert "plain exactly 0 (vanishes), residual not finite." in said
    said = say(logic, run([0.1] * 9, flow=(5e4, 1.0)), run([0.5] * 9, skip="none", flow=(1.0, 0.0)))
    assert "plain not defined (0 at the last), residual 5×10⁴ (explodes)." in said


def test_two_skips_are_called_by_their_names(logic: Logic) -> None:
    said = say(logic, run([0.1] * 20, skip="projection"), run([0.5] * 20))
    assert said.startswith(
        "After 20 of 200 steps the residual network is worse: it gets 50 % of the digits in its "
        "last 20 batches wrong, its 8-layer projection twin 10 %."
    )


def test_other_weights_are_not_called_the_same(logic: Logic) -> None:
    wider = run([0.5] * 9, skip="none", width=16)
    said = say(logic, run([0.1] * 9), wider)
    assert "Same batches." in said
    assert "weights" not in said


def test_two_stopped_runs_are_held_at_the_last_step_of_both(logic: Logic) -> None:
    one = run([0.5] * 40, then=({"type": "stopped", "seq": 40, "step": 40},))
    other = run([0.5] * 31, skip="none", then=({"type": "stopped", "seq": 31, "step": 31},))
    assert say(logic, one, other).startswith("After 31 of 200 steps")


def test_before_training_it_speaks_of_the_first_batch(logic: Logic) -> None:
    body = """
        const { preview, sidesOf } = await load("pair");
        const { takeaway } = await load("takeaway");
        const { sentences } = await load("said");
        const [base, twin] = arg.map((said) => ({ spec: said.spec, history: preview(said) }));
        const sides = sidesOf(base, twin);
        return sentences(takeaway(sides, { noun: "digits", chance: 0.9 })).join(" ");
    """
    measured = {"loss": 2.3, "error": 0.9, "flow_norm": [1.0, 2.0], "grad_norm": [1.0, 1.0]}
    said = [{"spec": spec(skip=skip), "measured": measured} for skip in ("identity", "none")]
    text = logic(body, said).replace("\u00a0", " ")
    assert text == (
        "Before training, the 8-layer plain network gets 90 % of its first batch wrong, its "
        "residual twin 90 %. First-layer gradient ÷ last: plain 0.5, residual 0.5."
    )
    large = [{"spec": one["spec"], "measured": None} for one in said]
    assert "too large to measure beforehand" in logic(body, large)


def test_a_task_without_errors_is_told_by_its_loss(logic: Logic) -> None:
    one = run([], skip="none", then=tuple(losses([3.0] * 10 + [0.5] * 20)))
    other = run([], then=tuple(losses([3.0] * 10 + [0.002] * 20)))
    assert say(logic, other, one, task="regression", chance=None) == (
        "After 30 of 200 steps the 8-layer plain network has a loss of 0.5 over its last "
        "20 batches, its residual twin 0.002. Same starting weights, same batches. "
        "First-layer gradient ÷ last: plain 1, residual 1."
    )


def losses(values: list[float]) -> list[dict[str, Any]]:
    """Frames of a task that has no error."""
    events = frames([None] * len(values), [1.0, 1.0])
    for event, loss in zip(events, values, strict=True):
        event["loss"] = [loss]
        del event["error"]
    return events
