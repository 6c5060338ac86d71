"""Requests made up from the description, legal and illegal, against a server that listens.

Schemathesis runs as the program it is: it then follows what one request made into the next, and
its own pytest integration leans on pytest's inside.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.data.download import MIRROR
from app.data.registry import DATASETS
from tests.app.web.conftest import SMALL, listening

OPTIONS = (
    # What a field may be often depends on another (the depths of a family, the skips of a pair),
    # which JSON Schema has no words for: bodies that fit the schema may still be refused.
    "--exclude-checks=positive_data_acceptance",
    "--phases=examples,coverage,fuzzing,stateful",
    "--max-examples=12",
    "--seed=1",
    "--suppress-health-check=all",
    "--warnings=off",
    "--no-color",
)


@pytest.mark.processes
async def test_the_server_keeps_to_its_description(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, entry in DATASETS.items():  # what is made up may name one: nothing leaves here
        if entry.published:
            nowhere = replace(entry, published=replace(entry.published, mirrors=()))
            monkeypatch.setitem(DATASETS, name, nowhere)
    monkeypatch.delenv(MIRROR, raising=False)
    async with listening(tmp_path / "data") as server, server.browser() as browser:
        await browser.post("/api/runs", json=SMALL)
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        done = await asyncio.to_thread(
            subprocess.run,
            [
                *(sys.executable, "-m", "schemathesis.cli", "run"),
                f"{server.http}/openapi.json",
                f"--header=Cookie: {cookie}",
                *OPTIONS,
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (await browser.get("/healthz")).status_code == 200
    assert done.returncode == 0, done.stdout + done.stderr
