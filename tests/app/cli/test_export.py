"""``depthscope export``: a recording, or a run of the server beside it."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import httpx
import pytest
from websockets import Origin
from websockets.sync.client import connect

from tests.app.cli.command import run, serving


def test_an_export_of_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.txt"
    file.write_text("no events\n")

    refused = run("export", str(file))

    assert refused.exit_code == 2
    assert "is not a file of events" in refused.stderr


@pytest.mark.processes
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_run_of_the_server_is_exported_beside_it(tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        body = {"net": {"depth": 8, "width": 4}, "steps": 6}
        made = httpx.post(f"{address}/api/runs", json=body).raise_for_status().json()
        live = f"{address.replace('http', 'ws')}/api/runs/{made['id']}/live?after=-1"
        with connect(live, origin=Origin(address)) as messages:
            said = "".join(str(message) for message in messages)  # to its end: the run's
        exported = run("export", made["id"], "--format", "json", "-o", "-", "--data", str(tmp_path))

    assert '"type":"finished"' in said
    assert exported.exit_code == 0, exported.stderr
    assert made["id"] in exported.stdout


def test_decimal_commas_are_for_tables(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    trained = run("train", "--family", "mlp", "--depth", "4", "--steps", "2", "--json")
    file.write_text(trained.stdout, encoding="utf-8")

    comma = run("export", str(file), "--format", "csv", "--decimal", "comma", "-o", "-")
    page = run("export", str(file), "--decimal", "comma", "-o", "-")

    assert comma.exit_code == 0, comma.stderr
    values = [row["value"] for row in csv.DictReader(io.StringIO(comma.stdout), delimiter=";")]
    assert any("," in value for value in values)
    assert page.exit_code == 2
    assert "--decimal does not apply to html" in page.stderr


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_a_servers_settings_are_nothing_to_a_file_of_events(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    trained = run("train", "--family", "mlp", "--depth", "4", "--steps", "2", "--json")
    file.write_text(trained.stdout, encoding="utf-8")

    exported = run("export", str(file), "--format", kind, "-o", "-", DEPTHSCOPE_PORT="none")
    refused = run("export", "r1", "--format", kind, "-o", "-", DEPTHSCOPE_PORT="none")

    assert exported.exit_code == 0, exported.stderr
    assert "weight_grad" in exported.stdout
    assert refused.exit_code == 2
    assert "port" in refused.stderr


def test_an_unknown_run_is_named(tmp_path: Path) -> None:
    refused = run("export", "nosuchrun", "--data", str(tmp_path))

    assert refused.exit_code != 0
    assert refused.stderr.startswith("depthscope: ")
