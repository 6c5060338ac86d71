"""Downloads by a real server and its workers, seen and ended from outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.data.toys import Mirror, small_mnist
from tests.downloading import files, gated, settings
from tests.server import PATIENCE, Server, events

pytestmark = pytest.mark.faults

NET = {"family": "mlp", "depth": 4, "width": 4}
RUN: dict[str, Any] = {"net": NET, "data": "mnist", "steps": 5, "batch_size": 16}
TWINS = {"study": "twins", "base": RUN}


@pytest.fixture
def slow() -> Iterator[Mirror]:
    """A mirror whose first file waits in the middle."""
    with gated() as serving:
        yield serving


@pytest.fixture
def server(folder: Path, slow: Mirror) -> Iterator[Server]:
    """A server that asks that mirror."""
    with Server(folder, **settings(slow)) as found:
        yield found


def look(server: Server) -> dict[str, Any]:
    """What the server says of MNIST."""
    items = server.read("/api/data")["items"]
    return next(one for one in items if one["name"] == "mnist")


def whole() -> list[str]:
    """The names of MNIST's files."""
    return sorted(path.removeprefix("mnist/") for path in small_mnist()[1])


def until_half(server: Server) -> dict[str, Any]:
    """MNIST once something of it has come and the mirror waits."""
    while True:
        found = look(server)
        if found["progress"] and found["progress"]["done"]:
            return found


def test_a_run_of_a_missing_set_shows_how_far_it_is_and_then_trains(
    server: Server, slow: Mirror, folder: Path
) -> None:
    study = server.start(TWINS, "studies")
    found = until_half(server)
    total = sum(map(len, small_mnist()[1].values()))
    assert found["progress"]["total"] == total
    assert 0 < found["progress"]["done"] < total
    assert found["mine"] is False  # it is the run's
    assert server.read(f"/api/studies/{study['id']}")["state"] == "running"
    refused = server.browser.delete("/api/data/mnist/download")
    assert refused.status_code == 409
    slow.release.set()
    for run in study["runs"]:
        with server.viewer(f"/api/runs/{run['id']}/live") as viewer:
            assert list(events(viewer))[-1]["type"] == "finished"
    assert look(server)["presence"] == "present"
    assert set(slow.asked.values()) == {1}


def test_stop_cancels_the_download_of_a_run(server: Server, slow: Mirror, folder: Path) -> None:
    study = server.start(TWINS, "studies")
    until_half(server)
    control = f"/api/studies/{study['id']}/control"
    assert server.browser.post(control, json={"action": "stop"}).status_code == 200
    for run in study["runs"]:
        with server.viewer(f"/api/runs/{run['id']}/live") as viewer:
            assert list(events(viewer))[-1]["type"] == "stopped"
    assert files(folder) == []
    assert look(server)["presence"] == "missing"
    # whoever asks next is served: no lock and no worker is left behind
    slow.release.set()
    run = server.start(RUN)["id"]
    with server.viewer(f"/api/runs/{run}/live") as viewer:
        assert list(events(viewer))[-1]["type"] == "finished"
    assert files(folder) == whole()


@pytest.mark.parametrize("by", ["server", "run"])
def test_a_server_told_to_stop_leaves_nothing_half_written(
    server: Server, folder: Path, by: str
) -> None:
    if by == "server":
        assert server.browser.post("/api/data/mnist/download").status_code == 202
    else:
        server.start(RUN)
    until_half(server)
    server.process.terminate()
    assert server.process.wait(PATIENCE) == 0
    assert files(folder) == []


def test_a_worker_killed_in_the_middle_leaves_nothing_half_written(
    server: Server, folder: Path
) -> None:
    run = server.start(RUN)["id"]
    until_half(server)
    assert files(folder) != []
    for worker in server.workers():
        worker.kill()
    with server.viewer(f"/api/runs/{run}/live") as viewer:
        assert list(events(viewer))[-1]["type"] == "failed"
    assert files(folder) == []


def test_what_a_killed_server_left_is_taken_away_at_the_next_start(
    folder: Path, slow: Mirror
) -> None:
    with Server(folder, **settings(slow)) as server:
        server.browser.post("/api/data/mnist/download")
        until_half(server)
        server.kill()
    assert files(folder) != []
    slow.release.set()
    with Server(folder, **settings(slow)) as again:
        assert files(folder) == []
        assert look(again)["progress"] is None
        assert again.browser.post("/api/data/mnist/download").status_code == 202
        while look(again)["presence"] != "present":
            assert look(again)["error"] is None
    assert files(folder) == whole()
