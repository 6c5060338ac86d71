"""The page about networks is what the registries say, and its figures are of what there is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from docs.networks import LISTS, commands, page, plain
from models.families import FAMILIES, ConvNetSpec
from models.mathml import mathml
from models.registry import parameters

DOCS = Path(__file__).parents[2] / "docs"
FIGURES = json.loads((DOCS / "networks.json").read_text(encoding="utf-8"))


def test_the_document_is_what_the_code_says() -> None:
    assert (DOCS / "networks.md").read_text(encoding="utf-8") == page(FIGURES), (
        "run: python -m docs.networks > docs/networks.md"
    )


def test_every_choice_of_a_network_is_in_it() -> None:
    choices = {
        name: parameter.registry
        for name, _, parameter in parameters(ConvNetSpec)
        if parameter.registry is not None
    }

    assert {name: entries for name, (_, entries, _) in LISTS.items()} == choices
    for entries in (FAMILIES, *choices.values()):
        for entry in entries.values():
            assert f"### {entry.title}: `{entry.name}`\n\n{entry.summary}\n" in page(FIGURES)


def test_figures_are_of_commands_that_there_are() -> None:
    assert set(FIGURES["runs"]) <= set(commands())


@pytest.mark.parametrize("figures", [FIGURES, {**FIGURES, "runs": {}}], ids=["all", "none"])
def test_what_was_not_measured_is_said(figures: dict[str, dict[str, object]]) -> None:
    rows = [line for line in page(figures).splitlines() if "depthscope study depth" in line]
    missing = [line for line in rows if "not measured" in line]

    assert len(missing) == sum(row.split("`")[3] not in figures["runs"] for row in rows)


@pytest.mark.parametrize(
    "formula",
    ["y = (1 − g) x + g F(x), g = σ(W x + b)", "h = ∑ a_j x_j", "y = [x, F(x)]", "m x / (1 − p)"],
)
def test_formulas_are_written_as_they_were(formula: str) -> None:
    assert plain(mathml(formula)) == formula
