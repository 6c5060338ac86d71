"""From options, files and links to a configuration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli.configuration import configure
from app.cli.fields import run_fields, study_fields
from app.cli.problems import Usage
from app.spec import RunSpec
from app.spec.data import Data
from app.spec.optimizer import Adam, Sgd
from app.studies.presets import PRESETS
from app.studies.spec import DepthSpec, SweepSpec, TwinsSpec
from models.spec import NetSpec


def paths(config: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in config.items():
        if isinstance(value, dict):
            yield from paths(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


@pytest.mark.parametrize("optimizer", [Sgd(), Adam()])
def test_every_field_of_a_run_has_an_option(optimizer: Sgd | Adam) -> None:
    spec = RunSpec(data=Data(limit=100), optimizer=optimizer)

    wanted = set(paths(spec.model_dump(mode="json"))) - {"version"}

    assert wanted <= {field.path for field in run_fields()}


def test_no_two_fields_share_an_option() -> None:
    for study in ("twins", "depth", "sweep"):
        options = [field.option for field in (*run_fields(), *study_fields(study))]
        assert len(set(options)) == len(options)


def test_nothing_given_is_the_default() -> None:
    assert configure(None, {}, None) == RunSpec()
    assert configure(None, {}, "depth") == DepthSpec()


def test_options_change_what_a_file_says(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text('{"net": {"depth": 20}, "seed": 3, "optimizer": "adam"}')

    spec = configure(str(file), {"net.depth": 8, "optimizer.lr": 0.01}, None)

    assert spec == RunSpec(net=NetSpec(depth=8), seed=3, optimizer=Adam(lr=0.01))


def test_another_optimizer_starts_from_its_own_defaults(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text('{"optimizer": {"name": "sgd", "momentum": 0.5}}')

    assert configure(str(file), {"optimizer.name": "adam"}, None) == RunSpec(optimizer=Adam())


def test_a_parameter_alone_keeps_the_default_choice() -> None:
    spec = configure(None, {"optimizer.momentum": 0.5, "data.limit": 100}, None)

    assert spec == RunSpec(optimizer=Sgd(momentum=0.5), data=Data(limit=100))


@pytest.mark.parametrize("start", ["", "?", "http://127.0.0.1:8000/?"])
def test_a_link_is_a_configuration(start: str) -> None:
    link = "v=1&optimizer.lr=0.01&optimizer=adam&net.family=mlp&net.depth=32&against=projection"

    spec = configure(start + link, {}, "twins")

    net = NetSpec(family="mlp", depth=32)
    assert spec == TwinsSpec(base=RunSpec(net=net, optimizer=Adam(lr=0.01)), against="projection")


def test_a_link_to_twins_trains_as_one_run_too() -> None:
    assert configure("v=1&against=projection&seed=4", {}, None) == RunSpec(seed=4)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_is_a_configuration(preset: Any) -> None:
    assert configure(preset.name, {}, "twins") == preset.spec


def test_lists_are_written_with_commas() -> None:
    depth = configure(None, {"depths": "8, 14", "seeds": "0,1,2", "skips": "none"}, "depth")
    assert depth == DepthSpec(depths=(8, 14), skips=("none",))

    sweep = configure(None, {"field": "net.init", "values": "he,xavier"}, "sweep")
    assert sweep == SweepSpec(field="net.init", values=("he", "xavier"))


def test_a_study_is_made_of_a_run(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text(RunSpec(seed=5).model_dump_json())

    assert configure(str(file), {}, "twins") == TwinsSpec(base=RunSpec(seed=5))


@pytest.mark.parametrize(
    ("source", "chosen", "study", "says"),
    [
        (None, {"net.depth": 9}, None, "net.depth: .*nearest: 8 and 14"),
        (None, {"net.skip": "bridge"}, None, "net.skip: is not a known name; allowed: none, "),
        (None, {"optimizer.name": "adam", "optimizer.momentum": 0.5}, None, "optimizer.momentum"),
        (None, {"changes": "["}, None, "changes: is not JSON"),
        (None, {"depths": "8,8"}, "depth", "depths: holds a value twice"),
        (None, {"against": "identity"}, "twins", "against: is the network's own skip"),
        ("net.deep=9", {}, None, "net.deep: is not a known field; allowed: net.family"),
        ("net.depth=nine", {}, None, "net.depth: is not a number"),
        ("nosuchfile", {}, None, "--spec: is no file"),
    ],
)
def test_what_can_not_be_names_the_field(
    source: str | None, chosen: dict[str, Any], study: str | None, says: str
) -> None:
    with pytest.raises(Usage, match=says):
        configure(source, chosen, study)
