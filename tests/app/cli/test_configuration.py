"""From options, files and links to a configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli.configuration import configure
from app.cli.options import run_options, study_options
from app.cli.problems import Usage
from app.spec import RunSpec
from app.spec.data import Data
from app.spec.optimizer import Adam, Sgd
from app.studies.presets import PRESETS
from app.studies.spec import DepthSpec, SweepSpec, TwinsSpec
from models.families import net_spec
from tests.node import ROOT


def paths(config: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in config.items():
        if isinstance(value, dict):
            yield from paths(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


@pytest.mark.parametrize("optimizer", [Sgd(), Adam()])
def test_every_field_of_a_run_has_an_option(optimizer: Sgd | Adam) -> None:
    spec = RunSpec(data=Data(limit=100), optimizer=optimizer)

    wanted = {path.removesuffix(".name") for path in paths(spec.model_dump(mode="json"))}

    assert wanted - {"version"} <= {option.path for option in run_options()}


def test_no_two_fields_share_an_option() -> None:
    for study in ("twins", "depth", "sweep"):
        options = [one.option for one in (*run_options(), *study_options(study))]
        assert len(set(options)) == len(options)


def test_nothing_given_is_the_default() -> None:
    assert configure(None, {}, None) == RunSpec()
    assert configure(None, {}, "depth") == DepthSpec()


def test_options_link_and_json_say_the_same_as_in_the_docs(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    link = re.findall(r"^\?v=2.*$", text, re.MULTILINE)[0]
    file = tmp_path / "spec.json"
    file.write_text(re.findall(r"```json\n(.*?)```", text, re.DOTALL)[0])
    chosen = {
        "net.norm.groups": 2,
        "net.norm": "group",
        "net.skip.start": 0.1,
        "net.skip": "rezero",
        "measures": "flow,dead",
    }

    skip, norm = {"name": "rezero", "start": 0.1}, {"name": "group", "groups": 2}
    expected = RunSpec(net=net_spec(skip=skip, norm=norm), measures=("flow", "dead"))
    assert configure(link, {}, None) == expected
    assert configure(str(file), {}, None) == expected
    assert configure(None, chosen, None) == expected


def test_options_change_what_a_file_says(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text('{"net": {"depth": 20}, "seed": 3, "optimizer": "adam"}')

    spec = configure(str(file), {"net.depth": 8, "optimizer.lr": 0.01}, None)

    assert spec == RunSpec(net=net_spec(depth=8), seed=3, optimizer=Adam(lr=0.01))


def test_another_optimizer_starts_from_its_own_defaults(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text('{"optimizer": {"name": "sgd", "momentum": 0.5}}')

    assert configure(str(file), {"optimizer": "adam"}, None) == RunSpec(optimizer=Adam())


def test_a_parameter_alone_keeps_the_default_choice() -> None:
    spec = configure(None, {"optimizer.momentum": 0.5, "data.limit": 100}, None)

    assert spec == RunSpec(optimizer=Sgd(momentum=0.5), data=Data(limit=100))


@pytest.mark.parametrize("start", ["", "?", "http://127.0.0.1:8000/?"])
def test_a_link_is_a_configuration(start: str) -> None:
    link = "v=1&optimizer.lr=0.01&optimizer=adam&net.family=mlp&net.depth=32&against=projection"

    spec = configure(start + link, {}, "twins")

    net = net_spec(family="mlp", depth=32)
    assert spec == TwinsSpec(base=RunSpec(net=net, optimizer=Adam(lr=0.01)), against="projection")


def test_a_link_to_twins_trains_as_one_run_too() -> None:
    assert configure("v=1&against=projection&seed=4", {}, None) == RunSpec(seed=4)


@pytest.mark.parametrize("version", ["", "v=1&"])
def test_a_link_of_version_1_is_read_by_the_names_of_then(version: str) -> None:
    link = (
        f"{version}data.name=moons&optimizer.name=adam&net.family=mlp&net.block=basic"
        "&net.downsample=project&depths=%5B8%2C20%5D&run=a1"
    )

    spec = configure(link, {}, "depth")

    base = RunSpec(net=net_spec(family="mlp"), data=Data(name="moons"), optimizer=Adam())
    assert spec == DepthSpec(base=base, depths=(8, 20))


def test_a_link_of_version_2_names_choices_and_their_parameters_in_any_order() -> None:
    link = "v=2&net.skip.branch=null&net.skip.shortcut=0.5&net.skip=scaled&scale=log&measures="

    spec = configure(link, {}, None)

    skip = {"name": "scaled", "shortcut": 0.5}
    assert spec == RunSpec(net=net_spec(skip=skip), measures=())


BAD_FILES = [
    ('{"base": 5}', "base: is not a configuration; allowed: a JSON object"),
    ('{"base": null}', "base: is not a configuration"),
    ('{"base": [{}]}', "base: is not a configuration"),
    ('{"net": 5}', "net: is not a network"),
    ('{"net": {"family": []}}', "net.family: is not a known name; allowed: mlp, convnet"),
    ('{"net": {"skip": []}}', "net.skip: is neither a name nor a choice with a name"),
    ('{"net": {"skip": {"name": null}}}', "net.skip: is not a known name; allowed: none, "),
    ('{"optimizer": {"name": []}}', "optimizer: is not a known name; allowed: sgd, adam"),
    ('{"data": 3}', "data: is not an object"),
    ('{"evaluate": [1]}', "evaluate: is not an object"),
    ('{"version": 3}', "version: is not a known version; allowed: 1, 2"),
    ("[]", "--spec: .* is not a JSON object"),
    ("[" * 100_000, "--spec: .* is not JSON"),
    ("9" * 5000, "--spec: .* is not JSON"),
]


@pytest.mark.parametrize(("text", "says"), BAD_FILES, ids=[says for _, says in BAD_FILES])
@pytest.mark.parametrize("study", [None, "twins", "sweep"])
@pytest.mark.parametrize("chosen", [{}, {"net.skip.start": 0.5, "data.limit": 9, "seed": 1}])
def test_a_file_that_can_not_be_names_the_field(
    tmp_path: Path, text: str, says: str, study: str | None, chosen: dict[str, Any]
) -> None:
    file = tmp_path / "spec.json"
    file.write_text(text)
    with pytest.raises(Usage, match=says):
        configure(str(file), chosen, study)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_is_a_configuration(preset: Any) -> None:
    assert configure(preset.name, {}, "twins") == preset.spec


def test_lists_are_written_with_commas() -> None:
    depth = configure(None, {"depths": "8, 14", "seeds": "0,1,2", "skips": "none"}, "depth")
    assert depth == DepthSpec(depths=(8, 14), skips=("none",))

    sweep = configure(None, {"field": "net.init", "values": "he,xavier"}, "sweep")
    assert sweep == SweepSpec(field="net.init", values=("he", "xavier"))


NUMBERS = {"evaluate.limit": "20", "data.limit": "300", "net.skip.start": "0.5"}


@pytest.mark.parametrize("null", ["null", ""])
def test_an_option_says_null_as_a_link_does(null: str) -> None:
    nothing = dict.fromkeys(NUMBERS, null)
    numbers, nulls = (
        "v=2&net.skip=layerscale&" + "&".join(f"{path}={text}" for path, text in given.items())
        for given in (NUMBERS, nothing)
    )

    spec = configure(numbers, nothing, None)

    assert spec == configure(nulls, {}, None) != configure(numbers, {}, None)
    assert isinstance(spec, RunSpec)
    assert (spec.evaluate.limit, spec.data.limit) == (None, None)
    assert spec.net.plain()["skip"] == "layerscale"


def test_a_study_is_made_of_a_run(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text(RunSpec(seed=5).model_dump_json())

    assert configure(str(file), {}, "twins") == TwinsSpec(base=RunSpec(seed=5))


@pytest.mark.parametrize(
    ("source", "chosen", "study", "says"),
    [
        (None, {"net.depth": 9}, None, "net.depth: .*nearest: 8 and 14"),
        (None, {"net.skip": "bridge"}, None, "net.skip: is not a known name; allowed: none, "),
        (None, {"optimizer": "adam", "optimizer.momentum": 0.5}, None, "optimizer.momentum"),
        (None, {"changes": "["}, None, "changes: is not JSON"),
        (None, {"depths": "8,8"}, "depth", "depths: holds a value twice"),
        (None, {"against": "identity"}, "twins", "against: is the network's own skip"),
        ("net.deep=9", {}, None, "net.deep: is not a known field; allowed: net.family"),
        ("net.depth=nine", {}, None, "net.depth: is not a number"),
        ("v=3&seed=1", {}, None, "v: is not a known version of a link; allowed: 1, 2"),
        ("v=2&data.name=moons", {}, None, "data.name: is not a known field"),
        ("v=2&net.block=basic", {}, None, "net.block: is not a known field"),
        ("v=2&net.skip.start=0.5", {}, None, "net.skip.start: is no setting of identity"),
        ("nosuchfile", {}, None, "--spec: no such file"),
        (None, {"net.skip": "rezero", "net.skip.start": 3.0}, None, "net.skip.start: .*-2 to 2"),
        (None, {"net.skip": "rezero", "net.skip.start": float("nan")}, None, "finite"),
        (None, {"net.skip": "rezero", "net.skip.bias": 0.0}, None, "net.skip.bias: is no setting"),
        (None, {"net.norm": "group", "net.norm.groups": 10**40}, None, "net.norm.groups: "),
        (None, {"net.branch": "{}"}, None, "net.branch: is not a known name; allowed: single"),
        (None, {"net.norm": "none", "net.placement": "pre-activation"}, None, "norm: batch, layer"),
        (None, {"measures": "flow,loss"}, None, "measures.1: is not a known measure; .*flow, "),
        (None, {"measures": "[["}, None, "measures: is not JSON"),
        (None, {"net.norm": "none", "net.init": "zero-gamma"}, "twins", "base.net.init: "),
        (None, {"net.init.fan": "sideways"}, "depth", "base.net.init.fan: .*: in, out"),
    ],
)
def test_what_can_not_be_names_the_field(
    source: str | None, chosen: dict[str, Any], study: str | None, says: str
) -> None:
    with pytest.raises(Usage, match=says):
        configure(source, chosen, study)


def test_a_name_that_is_not_utf8_is_read_with_a_mark_for_it() -> None:
    spec = configure(None, {"data": "folder:\udce4"}, None)
    assert isinstance(spec, RunSpec)
    assert spec.data.name == "folder:\ufffd"
