"""Numbers as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Logic


def formatted(logic: Logic, name: str, *values: Any) -> str:
    text: str = logic(
        "const format = await load('format'); return format[arg.name](...arg.values)",
        {"name": name, "values": values},
    )
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0, "0 %"),
        (0.002, "0.2 %"),
        (0.02, "2 %"),
        (0.0557, "5.6 %"),
        (0.0999, "10 %"),
        (0.76, "76 %"),
        (0.898, "90 %"),
        (0.999, "99.9 %"),
        (1, "100 %"),
        (None, "not finite"),
    ],
)
def test_a_fraction_is_written_in_per_cent(logic: Logic, fraction: float | None, text: str) -> None:
    assert formatted(logic, "percent", fraction) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (2e-6, "2×10⁻⁶"),
        (5.24e-13, "5.2×10⁻¹³"),
        (1e-30, "1×10⁻³⁰"),
        (0.034, "0.034"),
        (0.83, "0.83"),
        (1, "1"),
        (41.2, "41"),
        (3100, "3100"),
        (12345, "1.2×10⁴"),
        (9999.9, "1×10⁴"),
        (-0.5, "-0.5"),
        (None, "not finite"),
    ],
)
def test_a_norm_is_written_short_and_never_as_a_false_zero(
    logic: Logic, number: float | None, text: str
) -> None:
    assert formatted(logic, "scientific", number) == text


@pytest.mark.parametrize(
    ("span", "text"),
    [(0.42, "0.4 s"), (12.4, "12 s"), (59.7, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_a_time_is_written_in_its_two_largest_units(logic: Logic, span: float, text: str) -> None:
    assert formatted(logic, "seconds", span) == text


def test_counts_and_sizes(logic: Logic) -> None:
    assert formatted(logic, "count", 853018) == "853,018"
    assert formatted(logic, "bytes", 512) == "512 B"
    assert formatted(logic, "bytes", 19_400_000) == "19 MB"
    assert formatted(logic, "bytes", 999_900) == "1 MB"
    assert formatted(logic, "plain", 0.14312) == "0.143"
    assert formatted(logic, "mebibytes", 11_594_722) == "11 MiB"
    assert formatted(logic, "mebibytes", 3_250_586) == "3.1 MiB"
    assert formatted(logic, "mebibytes", 45) == "0.1 MiB"


def test_words_choose_singular_and_plural_and_miss_nothing(logic: Logic) -> None:
    body = "const { phrase } = await load('words'); return phrase('{n} {n|step|steps}', arg)"
    assert logic(body, {"n": 1}) == "1 step"
    assert logic(body, {"n": 2}) == "2 steps"
    broken = """
        const { t } = await load("words");
        const said = [];
        for (const [key, values] of [["no.such.words", {}], ["lab.take.chance", {}]]) {
          try { t(key, values); } catch (error) { said.push(error.message); }
        }
        return said;
    """
    assert logic(broken) == [
        "There are no words at no.such.words.",
        "The words at lab.take.chance need a value for name.",
    ]
