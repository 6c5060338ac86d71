"""The pure computations behind the charts, against numpy and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.figures.numbers import columns, decade_step, decades, envelope, lane, spread, ticks

SIZES = st.floats(min_value=1e-300, max_value=1e300)


def test_lanes_keep_zero_and_lost_values_apart_from_the_smallest_number() -> None:
    assert lane(0.0) == "zero"
    assert lane(1e-30) == "value"
    assert lane(None) == lane(float("nan")) == lane(float("inf")) == "lost"


@given(st.lists(SIZES, min_size=1))
def test_decades_hold_every_value_and_no_whole_decade_more(values: list[float]) -> None:
    found = decades(values)
    assert found is not None
    low, high = found
    logs = np.log10(values)
    assert low <= logs.min() + 1e-9
    assert logs.max() - 1e-9 <= high
    assert logs.min() - low <= 1 + 1e-9
    assert high - logs.max() < 1 + 1e-9
    assert low < high


def test_decades_need_a_positive_value() -> None:
    assert decades([0.0, None, float("nan")]) is None


@given(st.integers(1, 100_000))
def test_a_heatmap_has_at_most_400_columns_and_ends_with_the_last_frame(frames: int) -> None:
    kept = columns(frames)
    assert len(kept) <= 400
    assert kept[-1] == frames - 1
    assert kept == sorted(set(kept))
    if frames <= 400:
        assert kept == list(range(frames))


def test_columns_stay_where_they_are_while_a_run_grows() -> None:
    before, after = columns(600), columns(800)
    assert set(before[:-1]) <= set(after)


@pytest.mark.parametrize("size", [201, 500, 1202, 5003])
def test_an_envelope_keeps_the_least_and_the_greatest_of_every_column(size: int) -> None:
    limit = 100
    values = np.random.default_rng(size).normal(size=size).tolist()
    xs, ys = envelope(range(len(values)), list(values), limit)
    assert len(xs) <= 2 * limit + limit
    assert all(values[int(x)] == y for x, y in zip(xs, ys, strict=True))
    kept = np.array(xs)
    for column in range(limit):
        first, last = column * len(values) // limit, (column + 1) * len(values) // limit
        inside = np.array(values)[kept[(kept >= first) & (kept < last)].astype(int)]
        assert inside.min() == np.min(values[first:last])
        assert inside.max() == np.max(values[first:last])


def test_an_envelope_keeps_a_gap() -> None:
    values: list[float | None] = [1.0] * 1000
    values[501] = None
    _, ys = envelope(range(1000), values, 10)
    assert None in ys


@given(st.lists(st.floats(0, 100), min_size=1, max_size=5))
def test_names_are_moved_apart_in_order_and_stay_inside(places: list[float]) -> None:
    moved = np.array(spread(places, 15, 0, 100))
    assert np.all(np.diff(np.sort(moved)) >= 15 - 1e-9)
    assert moved.min() >= -1e-9
    assert moved.max() <= 100 + 1e-9
    order = np.argsort(places, kind="stable")
    assert np.all(np.diff(moved[order]) > 0)


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 200, 6, [0, 50, 100, 150, 200]),
        (0, 9, 6, [0, 2, 4, 6, 8]),
        (0, 1, 6, [0, 1]),
        (37, 61, 5, [40, 45, 50, 55, 60]),
        (0, 100_000, 5, [0, 20_000, 40_000, 60_000, 80_000, 100_000]),
    ],
)
def test_ticks_are_round(low: int, high: int, most: int, expected: list[int]) -> None:
    assert ticks(low, high, most) == expected


def test_a_log_axis_of_many_decades_is_not_crowded() -> None:
    assert decade_step(-30, 2, 8) == 4
    assert decade_step(-3, 0, 8) == 1
