"""Every field of every spec, given what it can't be: always refused by name, never stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.spec.data import Data
from tests.server import Server

pytestmark = pytest.mark.faults

# As raw JSON text: not all of it is JSON.
BAD = {
    "wrong type": "{}",
    "list": "[[]]",
    "negative": "-1000000",  # some may be negative, none so much
    "huge": "1" + "0" * 40,
    "endless digits": "9" * 5000,
    "NaN": "NaN",
    "infinite": "-Infinity",
    "1e999": "1e999",
    "half a character": '"\\ud800"',
    "true": "true",
    "number in quotes": '"7"',
    "long text": '"' + "x" * 5000 + '"',
}
DATA = Data(limit=100)
ADAM = {"name": "adam", "lr": 0.001, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0}
CONVNET: dict[str, Any] = {
    "family": "convnet",
    "depth": 8,
    "width": 4,
    "skip": {"name": "scaled", "shortcut": 1.0, "branch": 0.5},
    "branch": {"name": "basic"},
    "placement": {"name": "original"},
    "tail": {"name": "squeeze-excitation", "reduction": 2},
    "norm": {"name": "group", "groups": 2},
    "activation": {"name": "leaky-relu", "slope": 0.1},
    "init": {"name": "he", "gain": 1.0, "fan": "in"},
    "downsample": {"name": "pad"},
}
MLP: dict[str, Any] = {
    "family": "mlp",
    "depth": 8,
    "width": 4,
    "skip": {"name": "dropout", "rate": 0.5},
    "branch": {"name": "basic"},
    "placement": {"name": "pre-activation"},
    "tail": {"name": "stochastic-depth", "survival": 0.5},
    "norm": {"name": "dyt", "start": 0.5},
    "activation": {"name": "tanh"},
    "init": {"name": "xavier", "gain": 1.0},
}
RUN: dict[str, Any] = {
    "version": 2,
    "net": CONVNET,
    "data": {name: getattr(DATA, name) for name in Data.model_fields},
    "optimizer": {"name": "sgd", "lr": 0.05, "momentum": 0.9, "weight_decay": 0.0},
    "batch_size": 8,
    "steps": 4,
    "every": 1,
    "measures": ["flow", "dead"],
    "evaluate": {"every": 2, "limit": 10, "samples": 2, "statistics": "plain"},
    "changes": [{"step": 1, "set": {"optimizer.lr": 0.1}}],
    "seed": 0,
    "device": "cpu",
}
STUDIES: dict[str, dict[str, Any]] = {
    "twins": {"study": "twins", "base": RUN, "against": "none"},
    "depth": {"study": "depth", "base": RUN, "depths": [8], "skips": ["none"], "seeds": [0]},
    "sweep": {
        "study": "sweep",
        "base": RUN,
        "field": "optimizer.lr",
        "values": [0.1],
        "skips": ["none"],
        "seeds": [0],
    },
}
SPECS = [
    ("/api/runs", RUN),
    ("/api/runs", {**RUN, "net": MLP, "optimizer": ADAM}),
    *(("/api/studies", study) for study in STUDIES.values()),
]
# What is legal after all, by the last part of the path.
LEGAL = {
    *(("true", name) for name in Data.model_fields if isinstance(getattr(DATA, name), bool)),
    ("wrong type", "net"),  # all defaults
    ("wrong type", "data"),
    ("wrong type", "optimizer"),
    ("wrong type", "evaluate"),
    ("wrong type", "base"),
}
Path_ = tuple[str | int, ...]


@pytest.fixture
def server(lasting: Server) -> Server:
    return lasting


def paths(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The path of every field and element, whole parts included."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))


def replaced(value: Any, path: Path_, text: str) -> bytes:
    """The value as JSON, with this text where the path leads."""
    marker = "@@here@@"
    copy = json.loads(json.dumps(value))
    inner = copy
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = marker
    return json.dumps(copy).replace(f'"{marker}"', text).encode()


def dotted(path: Path_) -> str:
    """The path as problems write it."""
    return ".".join(map(str, path))


def check(server: Server, url: str, body: bytes, path: Path_, what: str) -> None:
    """Post it everywhere it may go; it must be refused, by name."""
    for address in (url, "/api/describe" if url == "/api/runs" else "/api/studies/plan"):
        answer = server.browser.post(
            address, content=body, headers={"content-type": "application/json"}
        )
        where = f"{what} for {dotted(path)} at {address}: {answer.status_code} {answer.text[:300]}"
        assert answer.status_code in (400, 422), where
        assert answer.headers["content-type"] == "application/problem+json", where
        named = [problem["field"] for problem in answer.json()["problems"]]
        assert any(related(field, dotted(path)) for field in named), where
        assert "xxxxx" not in answer.text
        assert "99999999" not in answer.text


def related(field: str, path: str) -> bool:
    """Whether a problem's field is the one that was spoilt, part of it, or what it is part of."""
    if not field:
        return False
    return f"{path}.".startswith(f"{field}.") or f"{field}.".startswith(f"{path}.")


@pytest.mark.parametrize(("url", "spec"), SPECS, ids=["convnet", "mlp", *STUDIES])
@pytest.mark.parametrize("what", BAD)
def test_no_field_takes_what_it_can_not_be(
    server: Server, url: str, spec: dict[str, Any], what: str
) -> None:
    for path in paths(spec):
        if (what, path[-1]) not in LEGAL:
            check(server, url, replaced(spec, path, BAD[what]), path, what)
    for kind in ("runs", "studies"):
        assert server.read(f"/api/{kind}")["items"] == []


@pytest.mark.parametrize(("url", "spec"), SPECS, ids=["convnet", "mlp", *STUDIES])
def test_no_part_takes_an_unknown_field(server: Server, url: str, spec: dict[str, Any]) -> None:
    parents = {path[:-1] for path in paths(spec) if isinstance(path[-1], str)}
    for parent in sorted(parents, key=str):
        path = (*parent, "colour")
        check(server, url, replaced(spec, path, '"red"'), path, "an unknown field")
    assert server.read("/api/runs")["items"] == []


def test_no_field_is_forgotten_here(server: Server) -> None:
    schemas = server.read("/openapi.json")["components"]["schemas"]
    for spec, name in (
        (RUN, "RunSpec"),
        (RUN["data"], "Data"),
        (RUN["optimizer"], "Sgd"),
        (ADAM, "Adam"),
        (RUN["evaluate"], "Evaluate"),
        (RUN["changes"][0], "Change"),
        (STUDIES["twins"], "TwinsSpec"),
        (STUDIES["depth"], "DepthSpec"),
        (STUDIES["sweep"], "SweepSpec"),
    ):
        assert set(spec) == set(schemas[name]["properties"])
    families = schemas["RunSpec"]["properties"]["net"]["oneOf"]
    for net, family in zip((MLP, CONVNET), families, strict=True):
        assert net["family"] == family["properties"]["family"]["const"]
        assert set(net) == set(family["properties"])


def test_the_specs_of_this_test_are_legal(server: Server) -> None:
    for url, spec in SPECS:
        plan = "/api/describe" if url == "/api/runs" else "/api/studies/plan"
        answer = server.browser.post(plan, json=spec)
        assert answer.status_code == 200, answer.text
