"""What a run says of its measures, and that measuring changes nothing."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from pydantic import ValidationError

from app.events import Event, Frame, Started
from app.measures import MEASURES, USUAL
from app.spec import RunSpec
from app.training.loop import Training
from models.skips import ADDING, SKIPS

LEARNED = {"rezero", "skipinit", "layerscale"}


@cache
def run_of(skip: str, family: str, measures: tuple[str, ...] = tuple(MEASURES)) -> list[Event]:
    net = {"family": family, "depth": 8, "width": 4, "skip": skip, "norm": "batch"}
    return events(net=net, measures=list(measures))


def events(**settings: Any) -> list[Event]:
    data = {"name": "digits", "limit": 64}
    evaluate = {"limit": 16, "samples": 0}
    spec = RunSpec.model_validate({"steps": 4, "data": data, "evaluate": evaluate, **settings})
    return [event for event in Training(spec) if event is not None]


def started(said: list[Event]) -> Started:
    first = said[0]
    assert isinstance(first, Started)
    return first


def frames(said: list[Event]) -> list[Frame]:
    return [event for event in said if isinstance(event, Frame)]


@pytest.mark.parametrize("family", ["mlp", "convnet"])
@pytest.mark.parametrize("skip", list(SKIPS))
def test_a_run_lists_places_for_all_that_its_frames_hold(skip: str, family: str) -> None:
    said = run_of(skip, family)
    about = {one.name: one for one in started(said).measures}
    parts = [point.name for point in started(said).points]
    kinds = {
        "part": parts,
        "block": parts[1:-1],
        "layer": [one.name for one in started(said).layers],
    }

    assert list(about) == list(MEASURES)
    for name, one in about.items():
        assert list(one.places) == ([] if one.absent else kinds[MEASURES[name].at])
    assert len(frames(said)) == 4
    for frame in frames(said):
        lengths = {name: len(values) for name, values in frame.measures.items()}
        assert lengths == {name: len(one.places) for name, one in about.items() if one.places}
        assert all(value is not None for values in frame.measures.values() for value in values)


@pytest.mark.parametrize("skip", list(SKIPS))
def test_a_measure_without_a_place_says_why(skip: str) -> None:
    absent = {one.name: one.absent for one in started(run_of(skip, "mlp")).measures}
    whys = dict.fromkeys(MEASURES, None) | {
        name: f"the skip {skip} adds no branch to a shortcut"
        for name in ("shortcut_grad", "branch_grad", "branch_share", "stream", "cosine")
        if skip not in ADDING
    }
    if skip not in LEARNED:
        whys["skip_scale"] = f"the skip {skip} learns no scale"
    assert absent == whys


@pytest.mark.parametrize("family", ["mlp", "convnet"])
@pytest.mark.parametrize("skip", list(SKIPS))
def test_measuring_changes_no_loss(skip: str, family: str) -> None:
    usual, every, one = (
        [frame.loss for frame in frames(run_of(skip, family, names))]
        for names in (tuple(USUAL), tuple(MEASURES), ("signal",))
    )
    assert len(usual) == 4
    assert usual == every == one


def test_a_measure_is_named_once() -> None:
    with pytest.raises(ValidationError, match="names flow twice; allowed: each once"):
        RunSpec(measures=("flow", "signal", "flow"))
