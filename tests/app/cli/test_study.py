"""``depthscope study``: every run trains, and a table shows them."""

from __future__ import annotations

import re
from pathlib import Path

from tests.app.cli.command import QUICK, lines, run


def test_a_study_trains_every_run_and_can_be_exported(tmp_path: Path) -> None:
    arguments = ["--depths", "8,14", "--seeds", "0", "--width", "4", "--steps", "6"]

    done = run("study", "depth", *arguments, "--json")

    heading, *events = lines(done.stdout)
    assert done.returncode == 0
    assert heading["type"] == "study"
    assert heading["runs"] == ["none-8-0", "identity-8-0", "none-14-0", "identity-14-0"]
    ends = [event["run"] for event in events if event["type"] == "finished"]
    assert sorted(ends) == sorted(heading["runs"])

    recorded = tmp_path / "sweep.jsonl"
    recorded.write_text(done.stdout)
    for kind in ("json", "csv", "html"):
        target = tmp_path / f"out.{kind}"
        exported = run("export", str(recorded), "--format", kind, "--output", str(target))
        assert exported.returncode == 0, exported.stderr
        assert target.stat().st_size > 1000


def test_a_study_shows_a_table() -> None:
    done = run("study", "twins", *QUICK)

    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert re.search(r"^identity .*finished after 6 steps$", done.stdout, re.MULTILINE)
    assert re.search(r"^none .*finished after 6 steps$", done.stdout, re.MULTILINE)
    assert "What to look for" in done.stdout
