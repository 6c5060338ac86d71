"""``depthscope export``: a recording, or a run of the server beside it."""

from __future__ import annotations

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

    assert refused.returncode == 2
    assert "is no file of events" in refused.stderr


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
    assert exported.returncode == 0, exported.stderr
    assert made["id"] in exported.stdout


def test_an_unknown_run_is_named(tmp_path: Path) -> None:
    refused = run("export", "nosuchrun", "--data", str(tmp_path))

    assert refused.returncode != 0
    assert refused.stderr.startswith("depthscope: ")
