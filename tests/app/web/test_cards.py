"""The page of networks shows every choice there is, each with a link to a network that has it."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from app.spec import RunSpec, value_at, with_values
from app.web.cards import Card, groups
from models.families import FAMILIES, ConvNetSpec
from models.published import PUBLISHED
from models.registry import parameters
from models.skips import SKIPS

CARDS = [card for group in groups() for card in group.cards]


def test_every_choice_of_a_network_has_one_card() -> None:
    wanted = {
        f"{name}-{entry}"
        for name, _, parameter in parameters(ConvNetSpec)
        for entry in parameter.registry or ()
    } | {f"family-{name}" for name in FAMILIES}

    assert sorted(card.id for card in CARDS) == sorted(wanted)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_its_link_is_of_a_network_that_has_it(card: Card) -> None:
    query = dict(parse_qsl(card.query.removeprefix("?")))
    assert query.pop("v", "2") == "2"
    assert query.pop("against", None) == ("identity" if card.id == "skip-none" else None)
    values = {path: int(text) if text.isdigit() else text for path, text in query.items()}
    spec = with_values(RunSpec(), values)

    found = value_at(spec, f"net.{card.field}")
    assert getattr(found, "name", found) == card.entry.name


def test_each_equation_of_a_formula_stands_alone() -> None:
    counts = {card.entry.name: len(card.equations) for card in CARDS if card.field == "skip"}

    assert counts == dict.fromkeys(SKIPS, 1) | {
        "exclusive-gate": 2, "shortcut-gate": 2, "highway": 2, "dense-average": 2, "attention": 3,
    }  # fmt: skip
    assert all(each.count("=") - each.count('="') == 1 for card in CARDS for each in card.equations)


def test_published_errors_fall_with_depth_where_there_are_skips_but_at_1202() -> None:
    """He et al. 2015, tables 3 and 6: what the text about degradation rests on."""
    by_name = {row.net: row.error for row in PUBLISHED}

    assert by_name["Plain-34"] > by_name["VGG-16"] > by_name["ResNet-34 (A)"]
    assert by_name["ResNet-1202"] > by_name["ResNet-110"] < by_name["ResNet-56"]
