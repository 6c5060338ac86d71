"""A prediction, judged by what was measured."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Logic
from tests.e2e.sweeps import FLAT, IMPORTS, PLAIN, Cells, cells


@pytest.mark.parametrize(
    ("of", "trend"),
    [
        ([(8, 0.0, 0.0), (56, 0.7, 0.8)], "rise"),
        ([(8, 0.3, 0.3), (56, 0.1, 0.1)], "fall"),
        ([(8, 0.01, 0.01), (56, 0.02, 0.02)], "stay"),
        ([(8, 0.1, 0.3), (56, 0.15, 0.35)], "unsure"),  # less than the seeds differ
        ([(8, 0.1, 0.3), (56, 0.11, 0.31)], "stay"),
        ([(8, 0.068, 0.12), (56, 0.24, 0.66)], "rise"),  # they scatter, and all lie higher
        ([(8, 0.24, 0.66), (56, 0.068, 0.12)], "fall"),
        ([(8, 0.0, 0.0), (20, 0.5, 0.5), (56, 0.01, 0.01)], "bent"),
        ([(8, 0.0, 0.0)], None),
        ([], None),
    ],
)
def test_a_trend_counts_only_where_no_seeds_overlap(
    logic: Logic, of: Cells, trend: str | None
) -> None:
    assert logic(f"{IMPORTS} return trendOf(arg).trend", cells("none", of)) == trend


@pytest.mark.parametrize(
    ("prediction", "plain", "residual", "key"),
    [
        ("rise", PLAIN, FLAT, "plain"),
        ("stay", PLAIN, FLAT, "residual"),
        ("fall", PLAIN, FLAT, "neither"),
        ("stay", FLAT, FLAT, "both"),
        ("stay", [(8, 0.1, 0.3), (56, 0.15, 0.35)], FLAT, "unsure"),
        ("rise", PLAIN[:1], FLAT, None),  # the deepest plain net is still to come
        ("rise", PLAIN, [], None),
        ("skipped", PLAIN, FLAT, None),
        ("", PLAIN, FLAT, None),
    ],
)
def test_a_prediction_is_judged_for_each_kind_of_network(
    logic: Logic, prediction: str, plain: Cells, residual: Cells, key: str | None
) -> None:
    both = [*cells("none", plain), *cells("identity", residual)]
    body = f"{IMPORTS} return verdict(arg.prediction, arg.cells, [56, 8])"
    judged = logic(body, {"prediction": prediction, "cells": both})
    assert (judged and judged["key"]) == key
