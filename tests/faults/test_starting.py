from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from tests.server import SHORT, Server, command, events, refused

pytestmark = pytest.mark.faults


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_second_server_on_the_same_folder_leaves_it_alone(server: Server, folder: Path) -> None:
    run = server.start(SHORT)["id"]
    with server.viewer(f"/api/runs/{run}/live") as viewer:
        list(events(viewer))
    long = server.start({**SHORT, "steps": 50_000})["id"]
    with server.viewer(f"/api/runs/{long}/live") as viewer:
        next(events(viewer))
    assert str(folder) in refused(folder)
    # a server that had marked what runs as interrupted would show here
    assert server.read(f"/api/runs/{long}")["state"] == "running"
    assert server.read(f"/api/runs/{run}")["state"] == "finished"


def test_a_port_in_use_changes_nothing(folder: Path) -> None:
    with Server(folder) as server:
        server.start(SHORT)
    before = snapshot(folder)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refused(folder, port=port)
    assert f"port {port}" in line
    assert "in use" in line
    assert snapshot(folder) == before


def test_a_port_in_use_makes_no_folder(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused(folder, port=taken.getsockname()[1])
    assert not folder.exists()


def test_an_address_of_another_machine_is_refused(folder: Path) -> None:
    options = command(folder)
    options["env"]["DEPTHSCOPE_HOST"] = "192.0.2.1"
    assert "192.0.2.1" in refused(folder, env=options["env"])


def test_a_folder_that_can_not_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert "file" in refused(tmp_path / "file" / "data")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
def test_a_folder_with_no_room_is_refused(folder: Path) -> None:
    # a process that may write no byte meets what a full disk would say
    code = (
        "import resource, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); "
        "runpy.run_module('app.main', run_name='__main__')"
    )
    line = refused(folder, args=[sys.executable, "-c", code])
    assert "can't be written" in line or "full" in line
    assert not (folder / "depthscope.sqlite").exists()


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="an administrator may write anywhere"
)
def test_a_folder_of_somebody_else_is_refused(folder: Path) -> None:
    folder.mkdir(mode=0o500)
    assert "can't be written" in refused(folder)


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "eighty"), ("PORT", "70000"), ("WORKERS", "1"), ("ORIGINS", '["evil"]')],
)
def test_a_setting_that_makes_no_sense_is_named(folder: Path, name: str, value: str) -> None:
    environment = {**command(folder)["env"], f"DEPTHSCOPE_{name}": value}
    assert f"DEPTHSCOPE_{name}" in refused(folder, env=environment)
    assert not folder.exists()
