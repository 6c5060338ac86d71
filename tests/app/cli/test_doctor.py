"""``depthscope doctor``: ready for class, or what is wrong."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import pytest

from app.cli.doctor import CHECKS, examine
from app.settings import Settings
from tests.app.cli.command import run, serving


@pytest.mark.processes
def test_the_doctor_finds_this_machine_ready(tmp_path: Path) -> None:
    found = run("doctor", "--port", "0", "--data", str(tmp_path))

    assert found.exit_code == 0, found.stdout
    assert found.stdout.endswith("ready for class\n")


def test_the_doctor_says_what_is_wrong(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = Settings(host="127.0.0.1", port=port, data=blocked)
        only = {name: CHECKS[name] for name in ("folder", "port", "python")}

        found = dict(examine(settings, only, quiet=True))

    assert found["python"][0]
    assert not found["folder"][0]
    assert str(blocked) in found["folder"][1]
    assert not found["port"][0]
    assert f"port {port}" in found["port"][1]


@pytest.mark.processes
def test_the_doctor_knows_a_server_of_ours(tmp_path: Path) -> None:
    only = {name: CHECKS[name] for name in ("folder", "port")}
    with serving(tmp_path) as address:
        found = httpx.URL(address)
        ours = Settings(host=found.host, port=found.port or 0, data=tmp_path)

        results = dict(examine(ours, only, quiet=True))

    assert all(ok for ok, _ in results.values())
    assert all("running" in says for _, says in results.values())
