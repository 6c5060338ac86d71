"""What a parameter takes, and what is said of what it does not."""

from dataclasses import dataclass
from math import inf, nan
from typing import Any

import pytest

from models.registry import (
    BadNet,
    Choice,
    Entry,
    choice,
    integer,
    name,
    number,
    parameters,
    read,
    registry,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled(Choice):
    scale: float = number(0.5, "Scale", 0, 1, above=True)
    count: int = integer(2, "Count", 1, 4096)
    form: str = name("round", "Form", ("round", "square"))


SHAPES = registry(
    Entry(name="flat", title="Flat", summary="Nothing to set."),
    Entry(name="scaled", title="Scaled", summary="Three settings.", parameters=Scaled),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    shape: Choice = choice(SHAPES, "shapes", "flat", "Shape")
    size: int = integer(3, "Size", 1, 9)
    note: str = ""  # no parameter


def made(**settings: Any) -> Thing:
    return Thing(**read(Thing, settings, "the thing"))


def test_a_choice_is_a_name_an_object_or_a_choice() -> None:
    flat, scaled = SHAPES["flat"].choose(), SHAPES["scaled"].choose(scale=0.25)
    assert made().shape == made(shape="flat").shape == made(shape={"name": "flat"}).shape == flat
    assert made(shape={"name": "scaled", "scale": 0.25}).shape == scaled
    assert made(shape=scaled).shape == scaled


def test_a_choice_is_written_as_its_name_unless_something_is_set() -> None:
    assert SHAPES["scaled"].choose().plain() == "scaled"
    whole = {"name": "scaled", "scale": 0.5, "count": 3, "form": "round"}
    assert SHAPES["scaled"].choose(count=3).plain() == whole
    assert made(shape=whole).shape.plain() == whole


def test_a_number_may_be_whole_and_is_read_as_one_of_its_kind() -> None:
    shape = made(shape={"name": "scaled", "scale": 1}).shape
    assert isinstance(shape, Scaled)
    assert (shape.scale, type(shape.scale)) == (1.0, float)


def test_only_parameters_are_told() -> None:
    assert [one for one, _, _ in parameters(Thing)] == ["shape", "size"]
    assert [one for one, _, _ in parameters(Scaled)] == ["scale", "count", "form"]


def scaled(**values: object) -> dict[str, object]:
    return {"shape": {"name": "scaled", **values}}


@pytest.mark.parametrize(
    ("settings", "field", "problem", "allowed"),
    [
        ({"size": 0}, "size", "is out of range", "allowed: 1 to 9"),
        ({"size": 10**30}, "size", "is out of range", "allowed: 1 to 9"),
        ({"size": "3"}, "size", "is not a whole number", "allowed: 1 to 9"),
        ({"size": True}, "size", "is not a whole number", "allowed: 1 to 9"),
        ({"size": 3.0}, "size", "is not a whole number", "allowed: 1 to 9"),
        ({"size": None}, "size", "is not a whole number", "allowed: 1 to 9"),
        ({"note": "x"}, "note", "is no setting of the thing", "allowed: shape, size"),
        ({"shape": "round"}, "shape", "is not a known name", "allowed: flat, scaled"),
        ({"shape": 3}, "shape", "is neither a name nor", "allowed: flat, scaled"),
        ({"shape": ["flat"]}, "shape", "is neither a name nor", "allowed: flat, scaled"),
        ({"shape": {"scale": 1}}, "shape", "is neither a name nor", "allowed: flat, scaled"),
        ({"shape": {"name": 3}}, "shape", "is not a known name", "allowed: flat, scaled"),
        ({"shape": {"name": []}}, "shape", "is not a known name", "allowed: flat, scaled"),
        (
            {"shape": {"name": "flat", "scale": 1}},
            "shape.scale",
            "is no setting of flat",
            "allowed: the name alone",
        ),
        (
            scaled(size=1),
            "shape.size",
            "is no setting of scaled",
            "allowed: scale, count, form",
        ),
        (scaled(scale=0), "shape.scale", "is out of range", "allowed: more than 0, at most 1"),
        (scaled(scale=1.5), "shape.scale", "is out of range", "allowed: more than 0, at most 1"),
        (scaled(scale=10**400), "shape.scale", "is out of range", "more than 0, at most 1"),
        (scaled(scale=nan), "shape.scale", "is not a finite number", "more than 0, at most 1"),
        (scaled(scale=-inf), "shape.scale", "is not a finite number", "more than 0, at most 1"),
        (scaled(scale="1"), "shape.scale", "is not a number", "more than 0, at most 1"),
        (scaled(scale=False), "shape.scale", "is not a number", "more than 0, at most 1"),
        (scaled(count=4097), "shape.count", "is out of range", "allowed: 1 to 4,096"),
        (scaled(form="oval"), "shape.form", "is not a known name", "allowed: round, square"),
        (scaled(form=[]), "shape.form", "is not a known name", "allowed: round, square"),
        (scaled(form={}), "shape.form", "is not a known name", "allowed: round, square"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_allowed(
    settings: dict[str, object], field: str, problem: str, allowed: str
) -> None:
    with pytest.raises(BadNet) as refused:
        made(**settings)
    assert refused.value.field == field
    assert problem in refused.value.problem
    assert allowed in refused.value.allowed
    assert refused.value.others == []


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(BadNet) as refused:
        made(size=0, shape={"name": "scaled", "scale": 2, "count": 0}, wings=2)
    told = [refused.value, *refused.value.others]
    assert {one.field for one in told} == {"size", "shape.scale", "shape.count", "wings"}


def test_no_message_repeats_what_was_given() -> None:
    secret = "<script>"
    for settings in ({"shape": secret}, {"size": secret}, scaled(form=secret)):
        with pytest.raises(BadNet) as refused:
            made(**settings)
        assert secret not in str(refused.value)
