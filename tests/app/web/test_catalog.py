from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import jsonschema_rs
import pytest
from pydantic import ValidationError

from app.data.registry import DATASETS
from app.spec import RunSpec
from app.studies.spec import STUDY_SPEC, SweepSpec
from app.web.catalog import catalog
from models.branches import BRANCHES
from models.families import FAMILIES
from models.skips import SKIPS
from tests.app.data.test_own import put


def test_everything_that_is_registered_is_in_the_catalog() -> None:
    found = catalog()
    assert [family["name"] for family in found["families"]] == list(FAMILIES)
    assert [skip["name"] for skip in found["skips"]] == list(SKIPS)
    assert [data["name"] for data in found["data"]] == list(DATASETS)
    assert {study["name"] for study in found["studies"]} == {"twins", "depth", "sweep"}
    for entries in ("families", "skips", "data", "studies", "presets", "optimizers"):
        for entry in found[entries]:
            assert entry["title"]


def test_the_catalog_says_how_much_a_study_may_have() -> None:
    said = catalog()["most"]
    lists = SweepSpec.model_json_schema()["properties"]
    assert {name: lists[name]["maxItems"] for name in ("values", "skips")}.items() < said.items()
    seeds = tuple(range(20))
    SweepSpec(values=tuple(range(1, said["runs"] // 20 + 1)), skips=("none",), seeds=seeds)
    with pytest.raises(ValidationError, match="runs"):
        SweepSpec(values=tuple(range(1, said["runs"] // 20 + 2)), skips=("none",), seeds=seeds)


def test_the_depths_of_the_catalog_are_those_the_spec_allows() -> None:
    found = {}
    for field in catalog()["fields"]:
        if field["path"] == "net.depth":
            legal = range(field["minimum"], field["maximum"] + 1, field["step"])
            (family,) = field["when"]["net.family"]
            for branch in field["when"].get("net.branch", BRANCHES):
                found[family, branch] = legal
    for family, branch in found:
        assert found[family, branch] == FAMILIES[family].depths(branch)
    assert {family for family, _ in found} == set(FAMILIES)


def test_presets_are_legal_studies() -> None:
    for preset in catalog()["presets"]:
        spec = STUDY_SPEC.validate_json(json.dumps(preset["spec"]))
        assert spec.study == "twins"


def test_optimizers_come_with_their_defaults() -> None:
    for optimizer in catalog()["optimizers"]:
        spec = RunSpec.model_validate_json(json.dumps({"optimizer": optimizer["name"]}))
        assert spec.optimizer.model_dump(exclude={"name"}) == optimizer["defaults"]


async def test_the_catalog_is_asked_for_again_cheaply(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/api/catalog")
    assert answer.json() == json.loads(json.dumps(catalog()))
    again = await browser.get("/api/catalog", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_own_images_are_offered_as_soon_as_they_are_there(
    browser: httpx.AsyncClient, tmp_path: Path
) -> None:
    before = await browser.get("/api/catalog")
    assert before.json()["unusable"] == []
    put(tmp_path, "leaves")
    put(tmp_path, "single", "a")

    answer = await browser.get("/api/catalog", headers={"if-none-match": before.headers["etag"]})

    (leaves,) = (one for one in answer.json()["data"] if one["name"] == "folder:leaves")
    assert (leaves["shape"], leaves["classes"], leaves["chance"]) == ([1, 4, 5], 2, 0.5)
    assert [one["name"] for one in answer.json()["unusable"]] == ["folder:single"]
    assert '"folder:leaves"' in (await browser.get("/")).text
    assert '"folder:leaves"' in (await browser.get("/depth")).text


async def test_what_the_catalog_offers_is_in_its_schema(
    browser: httpx.AsyncClient, tmp_path: Path
) -> None:
    put(tmp_path, "leaves")
    said = (await browser.get("/api/catalog")).json()
    allowed = jsonschema_rs.validator_for(RunSpec.model_json_schema())

    for data in said["data"]:
        allowed.validate({"data": data["name"]})
        allowed.validate({"data": {"name": data["name"]}})
    assert not allowed.is_valid({"data": {"name": "folder:"}})
    assert not allowed.is_valid({"data": {"name": "leaves"}})


@pytest.mark.processes
def test_the_server_loads_neither_torch_nor_scikit_learn() -> None:
    code = """
import sys
import app.main, app.web.server, app.executors.local, app.store.store, app.web.openapi
from app.web.catalog import catalog
from app.web.pages import figures
catalog(), figures()
print(sorted({"torch", "sklearn", "app.training"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
