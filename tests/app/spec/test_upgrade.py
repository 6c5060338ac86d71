"""What version 1 said of a configuration is read as what it meant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.spec import RunSpec
from app.spec.upgrade import upgrade
from app.studies.presets import PRESETS
from app.studies.spec import STUDY_SPEC
from app.validation import problems
from models.families import MlpSpec, net_spec

Json = dict[str, Any]

# The presets as version 1 wrote them.
NET: Json = {
    "family": "convnet",
    "depth": 56,
    "width": 8,
    "skip": "identity",
    "downsample": "pad",
    "block": "basic",
    "norm": "batch",
    "activation": "relu",
    "init": "he",
}
MLP = {**NET, "family": "mlp", "depth": 32, "width": 32, "norm": "none"}
NETS = {
    "degradation": NET,
    "vanishing": {**MLP, "init": "default"},
    "not-magic": MLP,
    "shallow": {**NET, "depth": 8},
}


def first(net: Any) -> Json:
    return {
        "version": 1,
        "net": net,
        "data": "digits",
        "optimizer": {"name": "sgd", "lr": 0.05, "momentum": 0.9, "weight_decay": 0.0001},
        "batch_size": 64,
        "steps": 200,
        "every": None,
        "evaluate": {"every": None, "limit": 2000, "samples": None, "statistics": "plain"},
        "changes": [],
        "seed": 0,
        "device": "auto",
    }


def read(body: Any) -> RunSpec:
    return RunSpec.model_validate_json(json.dumps(body))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_of_version_1_is_todays_but_for_what_is_measured(preset: Any) -> None:
    body = {"study": "twins", "base": first(NETS[preset.name]), "against": "none"}
    usual = preset.spec.base.model_copy(update={"measures": RunSpec().measures})
    assert STUDY_SPEC.validate_json(json.dumps(body)) == preset.spec.model_copy(
        update={"base": usual}
    )


def test_only_the_network_changes() -> None:
    was = first(MLP)
    now = upgrade(was)
    assert now == {**was, "version": 2, "net": {k: MLP[k] for k in now["net"]}}
    assert set(MLP) - set(now["net"]) == {"block", "downsample"}
    assert was == first(MLP)


@pytest.mark.parametrize("family", ["mlp", {"name": "mlp"}])
@pytest.mark.parametrize("version", [{}, {"version": 1}])
def test_an_mlp_loses_what_was_about_convolutions(family: Any, version: Json) -> None:
    body = {**version, "net": {"family": family, "downsample": "project"}}
    assert read(body).net == MlpSpec()


@pytest.mark.parametrize("skip", ["none", {"name": "none"}, "projection"])
def test_a_network_loses_a_shortcut_that_it_never_used(skip: Any) -> None:
    net = {"skip": skip, "downsample": "project"}
    assert read({"version": 1, "net": net}).net == net_spec(skip=skip)
    with pytest.raises(ValidationError, match="project would change nothing"):
        read({"net": net})


def test_a_convnet_keeps_its_shortcuts() -> None:
    body = {"version": 1, "net": {"downsample": {"name": "project"}}}
    assert read(body).net == net_spec(downsample="project")


@pytest.mark.parametrize(
    "body",
    [
        {"version": 2, "net": {"block": "basic"}},
        {"version": 2, "net": {"family": "mlp", "downsample": "pad"}},
        {"version": 2, "net": {"family": {"name": "mlp"}}},
        {"net": {"branch": "basic"}},
        {},
    ],
)
def test_version_2_stays_as_it_is(body: Json) -> None:
    assert upgrade(body) is body


def test_a_body_without_a_version_is_the_first_where_only_that_fits() -> None:
    assert read({"net": {"block": "basic"}}) == RunSpec()
    with pytest.raises(ValidationError) as error:
        read({"version": 2, "net": {"block": "basic"}})
    assert problems(error.value)[0]["field"] == "net.block"


@pytest.mark.parametrize("body", [None, 1, "net", [], [{"version": 1}]])
def test_what_is_no_configuration_is_left_to_be_refused(body: Any) -> None:
    assert upgrade(body) is body
    with pytest.raises(ValidationError):
        read(body)


@pytest.mark.parametrize("net", [None, 3, "mlp", [], {"family": []}, {"family": {"name": []}}])
def test_a_network_of_version_1_that_is_none_is_refused(net: Any) -> None:
    with pytest.raises(ValidationError) as error:
        read(first(net))
    assert problems(error.value)[0]["field"] in ("net", "net.family")


@pytest.mark.parametrize(
    "version", [True, False, 0, 3, -1, 1.0, 2.0, "1", "2", None, [], [1], {}, 10**30]
)
@pytest.mark.parametrize("net", [{}, {"block": "basic"}])
def test_a_strange_version_is_refused_by_name(version: Any, net: Json) -> None:
    for body, field in (
        ({"version": version, "net": net}, "version"),
        ({"study": "twins", "base": {"version": version, "net": net}}, "base.version"),
    ):
        with pytest.raises(ValidationError) as error:
            (STUDY_SPEC.validate_json if "study" in body else RunSpec.model_validate_json)(
                json.dumps(body)
            )
        assert problems(error.value)[0] == {
            "field": field,
            "problem": "is not a known version",
            "allowed": "allowed: 1, 2",
        }
