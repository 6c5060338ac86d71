"""What version 1 wrote means the same after the migration."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.events import EVENT
from app.spec import RunSpec
from app.store.migrations import HEAD
from app.store.store import Store
from app.studies.spec import STUDY_SPEC
from tests.app.store.version1 import put

Json = dict[str, Any]
Rows = list[tuple[Any, ...]]


STARTED = "SELECT payload FROM event WHERE type = 'started'"


def rows(path: Path, query: str) -> Rows:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def migrated(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    store.open()
    store.close()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    put(tmp_path / "old.sqlite")
    return tmp_path / "old.sqlite"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    put(tmp_path / "new.sqlite")
    migrated(tmp_path / "new.sqlite")
    return tmp_path / "new.sqlite"


def same(old: Json, new: Json) -> None:
    """Two specs say the same, as far as version 1 could say it and it had an effect."""
    assert (old["version"], new["version"]) == (1, 2)
    without = {"block"} if old["net"]["family"] == "convnet" else {"block", "downsample"}
    for key, value in old["net"].items():
        assert new["net"].get(key) == (None if key in without else value)
    for key in old.keys() - {"version", "net"}:
        assert new[key] == old[key]


def test_every_run_says_the_same_in_the_words_of_version_2(old: Path, new: Path) -> None:
    query = "SELECT id, spec FROM run ORDER BY number"
    pairs = list(zip(rows(old, query), rows(new, query), strict=True))
    assert len(pairs) == 8
    for (run, before), (again, after) in pairs:
        assert run == again
        same(json.loads(before), json.loads(after))
        assert RunSpec.model_validate_json(before) == RunSpec.model_validate_json(after)


def test_every_study_says_the_same_but_the_one_that_swept_what_had_no_effect(
    old: Path, new: Path
) -> None:
    query = "SELECT spec FROM study ORDER BY number"
    for (before,), (after,) in zip(rows(old, query), rows(new, query), strict=True):
        same(json.loads(before)["base"], json.loads(after)["base"])
        if json.loads(before).get("field") != "net.downsample":
            assert STUDY_SPEC.validate_json(before) == STUDY_SPEC.validate_json(after)


def test_events_are_those_of_version_2_with_all_numbers_as_they_were(old: Path, new: Path) -> None:
    query = "SELECT run, seq, type, payload FROM event ORDER BY run, seq"
    specs: dict[str, str] = dict(rows(new, "SELECT id, spec FROM run"))
    names = {"flow_norm": "flow", "grad_norm": "weight_grad", "update_ratio": "update_ratio"}
    frames = small = projections = 0
    for before, after in zip(rows(old, query), rows(new, query), strict=True):
        assert before[:3] == after[:3]
        was, now = json.loads(before[3]), json.loads(after[3])
        EVENT.validate_json(after[3])
        match now["type"]:
            case "started":
                assert now["spec"] == json.loads(specs[before[0]])
                places = {one["name"]: one["places"] for one in now["measures"]}
                assert places["flow"] == [point["name"] for point in was["points"]]
                assert places["weight_grad"] == [layer["name"] for layer in was["layers"]]
                assert now["other_layers"] == was["projections"]
                assert "projections" not in now
                projections += len(was["projections"])
            case "frame":
                frames += 1
                assert {names[key]: was.pop(key) for key in names} == now.pop("measures")
                if underflowed := was.pop("underflowed", None):
                    small += 1
                    now_small = now.pop("underflowed")
                    assert now_small == {names.get(k, k): v for k, v in underflowed.items()}
                assert was == now
            case _:
                assert before[3] == after[3]
    assert frames > 10
    assert small == 1
    assert projections > 0


def test_projections_that_told_their_kind_of_layer_say_what_they_are_there_for(old: Path) -> None:
    with closing(sqlite3.connect(old)) as database:
        database.execute(
            "UPDATE event SET payload = CAST(replace(CAST(payload AS TEXT),"
            """ '"kind":"projection"', '"kind":"conv"') AS BLOB)"""
        )
        database.commit()

    migrated(old)

    started = [json.loads(said) for (said,) in rows(old, STARTED)]
    kinds = [layer["kind"] for event in started for layer in event["other_layers"]]
    assert set(kinds) == {"projection"}
    assert {layer["kind"] for event in started for layer in event["layers"]} == {"conv", "linear"}


@pytest.mark.parametrize("cpu", [True, False])
def test_measures_say_where_a_run_did_not_tell_what_a_0_is(new: Path, cpu: bool) -> None:
    """As version 2 stored them at first, which told it of gradients by outputs and weights."""
    (said,) = rows(new, f"{STARTED} ORDER BY run LIMIT 1")[0]
    event = json.loads(said)
    for one in event["measures"]:
        one.pop("untold", None)
    stream, dead = [{**event["measures"][0], "name": name} for name in ("stream", "dead")]
    event["measures"] += [stream, {**dead, "scale": "linear"}]
    event["versions"] = {"torch": "2.9", **({"cpu": "AVX2"} if cpu else {})}
    with closing(sqlite3.connect(new)) as database:
        key = "WHERE type = 'started' AND run = ?"
        database.execute(
            f"UPDATE event SET payload = ? {key}", (json.dumps(event).encode(), event["run"])
        )
        database.execute("UPDATE alembic_version SET version_num = '0004'")
        database.commit()

    migrated(new)

    now = json.loads(rows(new, f"{STARTED} ORDER BY run LIMIT 1")[0][0])
    untold = {one["name"] for one in now["measures"] if one.get("untold")}
    assert untold == ({"stream"} if cpu else {"flow", "weight_grad", "update_ratio", "stream"})
    EVENT.validate_python({**now})


def test_what_does_not_read_as_version_1_stays_as_it_is(old: Path) -> None:
    strange = ['{"version":7}', "no JSON", "[]", '{"version":1,"net":3}', '{"version":true}']
    with closing(sqlite3.connect(old)) as database:
        runs = [run for (run,) in database.execute("SELECT id FROM run ORDER BY number")]
        for run, spec in zip(runs, strange, strict=False):
            database.execute("UPDATE run SET spec = ? WHERE id = ?", (spec, run))
        database.execute("UPDATE event SET payload = '{}' WHERE type = 'frame'")
        database.commit()

    migrated(old)

    kept = [spec for (spec,) in rows(old, "SELECT spec FROM run ORDER BY number")]
    assert kept[: len(strange)] == strange
    assert rows(old, "SELECT DISTINCT payload FROM event WHERE type = 'frame'") == [("{}",)]


def test_what_was_migrated_is_not_touched_again(new: Path) -> None:
    query = "SELECT run, seq, payload FROM event"
    before = rows(new, query)
    migrated(new)
    assert rows(new, query) == before
    assert rows(new, "SELECT version_num FROM alembic_version") == [(HEAD,)]
