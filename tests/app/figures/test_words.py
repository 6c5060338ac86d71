"""Words on charts."""

from __future__ import annotations

import pytest

from app.figures.words import raw, t


def test_placeholders_are_filled() -> None:
    assert t("charts.export.made", version="1.0") == "Made by Depthscope 1.0."


def test_the_singular_is_chosen_by_its_number() -> None:
    assert t("charts.summary.zeros", n=1).startswith("1 layer is")
    assert t("charts.summary.zeros", n=2).startswith("2 layers are")


def test_plotly_templates_are_left_alone() -> None:
    assert raw("charts.hover.step") == "step %{x:d}"


@pytest.mark.parametrize("key", ["charts.nothing", "charts", "nothing.at.all"])
def test_an_unknown_key_fails(key: str) -> None:
    with pytest.raises(KeyError):
        raw(key)
