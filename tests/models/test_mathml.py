"""Formulas in MathML, against a parser of XML and MathML's own rules."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from models.mathml import mathml
from models.skips import SKIPS, SkipEntry


def read(formula: str) -> list[tuple[str, str]]:
    """Each element and its text; of an index both, joined."""
    root = ElementTree.fromstring(f"<math>{mathml(formula)}</math>")
    return [(one.tag, "_".join(one.itertext())) for one in root]


def test_names_numbers_and_signs_are_told_apart() -> None:
    assert read("y = (1 - g) x_j + 0.5 σ(W h_0)") == [
        ("mi", "y"), ("mo", "="), ("mo", "("), ("mn", "1"), ("mo", "\N{MINUS SIGN}"), ("mi", "g"),
        ("mo", ")"), ("msub", "x_j"), ("mo", "+"), ("mn", "0.5"), ("mi", "σ"), ("mo", "("),
        ("mi", "W"), ("msub", "h_0"), ("mo", ")"),
    ]  # fmt: skip


def test_a_number_as_index_is_a_number() -> None:
    assert mathml("h_0") == "<msub><mi>h</mi><mn>0</mn></msub>"


@pytest.mark.parametrize("skip", SKIPS.values(), ids=lambda skip: skip.name)
def test_every_skip_has_a_formula_in_mathml(skip: SkipEntry) -> None:
    tags = {one.tag for one in ElementTree.fromstring(f"<math>{skip.formula}</math>").iter()}
    assert tags - {"math"} <= {"mi", "mn", "mo", "msub"}
    assert "mi" in tags
