"""``depthscope study``: every run trains, and a table shows them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.app.cli.command import QUICK, interrupted, lines, run


@pytest.mark.processes
def test_a_study_trains_every_run_and_can_be_exported(tmp_path: Path) -> None:
    arguments = ["--depths", "8,14", "--seeds", "0", "--width", "4", "--steps", "6"]

    done = run("study", "depth", *arguments, "--json")

    heading, *events = lines(done.stdout)
    assert done.exit_code == 0
    assert heading["type"] == "study"
    assert heading["runs"] == ["none-8-0", "identity-8-0", "none-14-0", "identity-14-0"]
    ends = [event["run"] for event in events if event["type"] == "finished"]
    assert sorted(ends) == sorted(heading["runs"])

    recorded = tmp_path / "sweep.jsonl"
    recorded.write_text(done.stdout)
    for kind in ("json", "csv", "html"):
        target = tmp_path / f"out.{kind}"
        exported = run("export", str(recorded), "--format", kind, "--output", str(target))
        assert exported.exit_code == 0, exported.stderr
        assert target.stat().st_size > 1000


@pytest.mark.processes
def test_a_study_shows_a_table() -> None:
    done = run("study", "twins", *QUICK)

    assert done.exit_code == 0
    assert "\x1b" not in done.stdout
    assert re.search(r"^identity .*finished after 6 steps$", done.stdout, re.MULTILINE)
    assert re.search(r"^none .*finished after 6 steps$", done.stdout, re.MULTILINE)
    assert "What to look for" in done.stdout


@pytest.mark.processes
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_an_interruption_stops_every_run_and_says_why() -> None:
    arguments = ["twins", "--depth", "8", "--width", "4", "--steps", "100000", "--json"]
    status, rest = interrupted("study", *arguments)

    assert status == 130
    endings = {one["run"]: one["reason"] for one in rest if one["type"] == "stopped"}
    assert endings == dict.fromkeys(("none", "identity"), "interrupted with Ctrl-C")
