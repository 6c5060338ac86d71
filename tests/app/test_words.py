"""Words from the one file."""

from __future__ import annotations

import pytest

from app.words import divergence, raw, t


def test_placeholders_are_filled() -> None:
    assert t("charts.export.made", version="1.0") == "Made by Depthscope 1.0."


def test_the_singular_is_chosen_by_its_number() -> None:
    assert t("charts.summary.zeros", n=1).startswith("1 layer is")
    assert t("charts.summary.zeros", n=2).startswith("2 layers are")


def test_plotly_templates_are_left_alone() -> None:
    assert raw("charts.hover.flow") == "%{meta[0]}, %{customdata}<extra></extra>"


@pytest.mark.parametrize("key", ["charts.nothing", "charts", "nothing.at.all"])
def test_an_unknown_key_fails(key: str) -> None:
    with pytest.raises(KeyError):
        raw(key)


@pytest.mark.parametrize(
    ("became", "words"),
    [
        ("infinite", "became infinite at step 3"),
        ("nan", "became NaN at step 3"),
        (None, "was no longer finite at step 3"),  # kept before the two were told apart
    ],
)
def test_a_lost_loss_is_called_what_it_was(became: str | None, words: str) -> None:
    assert divergence(3, became) == words
