"""What the depth page says of a sweep: verdict and takeaway."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Logic
from tests.e2e.sweeps import DIGITS, FLAT, IMPORTS, PLAIN, POINTS, base, cells, done, run

PLAIN_GET = "after 200 steps, plain networks get"
SEEDS = "10 % (means of 1 or more seeds)"


def test_a_verdict_says_what_was_predicted_and_what_was_measured(logic: Logic) -> None:
    both = [*cells("none", PLAIN), *cells("identity", FLAT)]
    body = f"""{IMPORTS}
        const how = {{ steps: 200, n: 8, total: 8, measure: "train_error" }};
        return said.verdictWords(verdict("rise", arg, [8, 56]), how);
    """
    first, second = (text.replace("\N{NO-BREAK SPACE}", " ") for text in logic(body, both))
    assert first.startswith("You predicted that it rises")
    assert "Plain: rises from 0 % at 8 layers to 75 % at 56." in second
    assert "Residual: stays about the same, 0 % at 8 layers and 0.5 % at 56." in second
    assert second.endswith("Measured after 200 steps.")


def test_a_verdict_on_losses_gives_losses(logic: Logic) -> None:
    both = [*cells("none", [(8, 0.1, 0.1), (56, 0.9, 1.1)]), *cells("identity", FLAT)]
    body = f"""{IMPORTS}
        const how = {{ steps: 200, n: 8, total: 8, measure: "train_loss" }};
        return said.verdictWords(verdict("rise", arg, [8, 56]), how);
    """
    assert "Plain: rises from 0.1 at 8 layers to 1 at 56." in logic(body, both)[1]


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([], "Nothing is measured yet: predict, then press Train."),
        ([run()], "Training 1 network; the first points are on their way."),
        (
            [done(0.76, depth=56), done(0.002, depth=56, skip="identity"), done(0.0, depth=62)],
            f"At 56 layers, {PLAIN_GET} 76 % of the training digits wrong, residual ones 0.2 %.",
        ),
        (
            [done(0.5)],
            "At 8 layers, after 200 steps, plain networks get 50 % of the training digits wrong.",
        ),
        (
            [done(0.4), done(0.6, seed=1), done(0.1, skip="identity")],
            f"At 8 layers, {PLAIN_GET} 50 % of the training digits wrong, residual ones {SEEDS}.",
        ),
    ],
)
def test_the_takeaway_compares_at_the_deepest_depth_both_have(
    logic: Logic, runs: list[dict[str, Any]], text: str
) -> None:
    plan = {
        "field": "net.depth",
        "values": [8, 56, 62],
        "skips": ["none", "identity"],
        "base": base(),
    }
    body = f"{IMPORTS} return said.takeaway(arg.plan, arg.runs, arg.data)"
    found = logic(body, {"plan": plan, "runs": runs, "data": DIGITS})
    assert found.replace("\N{NO-BREAK SPACE}", " ") == text


def loss(value: float, count: int = 1024, **about: Any) -> dict[str, Any]:
    """A run of a regression: it has no error."""
    one = done(0.0, **about)
    result = {**one["result"], "train_error": None, "train_loss": value, "count": count}
    return {**one, "result": result}


LOSS_OF = "At 8 layers, after 200 steps, plain networks have a loss of 0.9 on"


@pytest.mark.parametrize(
    ("field", "count", "text"),
    [
        ("net.depth", 1024, f"{LOSS_OF} the training points, residual ones 0.01."),
        ("net.depth", 100, f"{LOSS_OF} 100 training points, residual ones 0.01."),
        (
            "net.width",
            1024,
            "Lowest training loss after 200 steps: plain 0.9 at width 8; residual 0.01 at width 8.",
        ),
    ],
)
def test_where_there_is_no_error_the_takeaway_speaks_of_the_loss(
    logic: Logic, field: str, count: int, text: str
) -> None:
    plan = {"field": field, "values": [8], "skips": ["none", "identity"], "base": base()}
    runs = [loss(0.9, count), loss(0.01, count, skip="identity")]
    body = f"{IMPORTS} return said.takeaway(arg.plan, arg.runs, arg.data)"
    assert logic(body, {"plan": plan, "runs": runs, "data": POINTS}) == text
