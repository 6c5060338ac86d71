from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection

from tests.server import LONG, PATIENCE, SHORT, Server, close_code, events, messages, until_step

pytestmark = pytest.mark.faults

TWINS = {"study": "twins", "base": LONG}


def busiest(server: Server, viewer: ClientConnection, after: int, steps: int) -> psutil.Process:
    """The worker that trains the run that is watched: who alone works for so many steps.

    While others still load torch they work as hard, so it is asked again.
    """
    while True:
        before = {process: process.cpu_times().user for process in server.workers()}
        after += steps
        until_step(viewer, after)
        spent = {process: process.cpu_times().user - user for process, user in before.items()}
        *_, second, first = sorted(spent, key=lambda process: spent[process])
        if spent[second] < 0.1 * spent[first]:
            return first


def still_alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that do not end; empty as soon as all have.

    One that has, but whose end nobody asked for yet (a zombie), has.
    """
    deadline = time.monotonic() + PATIENCE
    alive = processes
    while alive and time.monotonic() < deadline:
        alive = [process for process in alive if not has_ended(process)]
        psutil.wait_procs(alive, timeout=0.01)
    return alive


def has_ended(process: psutil.Process) -> bool:
    """Whether it runs no more."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_a_killed_worker_fails_its_run_alone(server: Server) -> None:
    first = server.start(LONG)["id"]
    with server.viewer(f"/api/runs/{first}/live") as viewer:
        until_step(viewer, 50)
        worker = busiest(server, viewer, after=50, steps=250)
        second = server.start({**LONG, "seed": 1})["id"]
        with server.viewer(f"/api/runs/{second}/live") as other:
            until_step(other, 5)
            worker.kill()
            rest = list(messages(viewer))
            failed = server.read(f"/api/runs/{first}")
            assert failed["state"] == "failed"
            assert failed["reason"]
            assert rest[-1]["state"] == "failed"
            assert rest[-1]["reason"] == failed["reason"]
            endings = [e for e in server.events(first) if e["type"] == "failed"]
            assert [e["reason"] for e in endings] == [failed["reason"]]
            until_step(other, 50)  # the other goes on, and
        third = server.start(SHORT)["id"]  # the pool has a substitute
        with server.viewer(f"/api/runs/{third}/live") as viewer:
            assert list(events(viewer))[-1]["type"] == "finished"


def test_a_killed_server_loses_nothing_and_leaves_no_worker(folder: Path) -> None:
    with Server(folder) as server:
        study = server.start(TWINS, "studies")
        runs = [run["id"] for run in study["runs"]]
        with server.viewer(f"/api/runs/{runs[1]}/live") as viewer:
            until_step(viewer, 1)
        with server.viewer(f"/api/runs/{runs[0]}/live") as viewer:
            seen = until_step(viewer, 100)
        waiting = server.start(LONG)["id"]
        workers = server.workers()
        assert len(workers) >= 3
        server.kill()
        assert still_alive(workers) == []
    with Server(folder) as again:
        for run in runs:
            found = again.read(f"/api/runs/{run}")
            kept = again.events(run)
            assert found["state"] == "interrupted"
            assert found["reason"] == f"the server ended unexpectedly at step {found['step']}"
            assert found["step"] == kept[-1]["step"]
            assert [event["seq"] for event in kept] == list(range(found["last_seq"] + 1))
            assert all(event["type"] != "stopped" for event in kept)
        assert again.events(runs[0])[: len(seen)] == seen
        never = again.read(f"/api/runs/{waiting}")
        assert (never["state"], never["started"]) == ("interrupted", None)
        assert never["reason"] == "the server ended before training began"
        assert again.read(f"/api/studies/{study['id']}")["state"] == "interrupted"
        with again.viewer(f"/api/runs/{runs[0]}/live?after={seen[-1]['seq']}") as viewer:
            states = [said for said in messages(viewer) if isinstance(said, dict)]
        assert states[-1]["state"] == "interrupted"
        # and it serves: the same browser still owns what it started
        new = again.start(SHORT)["id"]
        with again.viewer(f"/api/runs/{new}/live") as viewer:
            assert list(events(viewer))[-1]["type"] == "finished"
        again.browser.cookies = server.browser.cookies
        assert again.browser.delete(f"/api/runs/{runs[0]}").status_code == 204


def test_a_server_told_to_stop_loses_no_more_than_a_killed_one(folder: Path) -> None:
    with Server(folder) as server:
        study = server.start(TWINS, "studies")
        run, paused = [one["id"] for one in study["runs"]]
        others = [one["id"] for one in server.start(TWINS, "studies")["runs"]]
        with server.viewer(f"/api/runs/{paused}/live") as viewer:
            until_step(viewer, 5)
            server.order(f"/api/runs/{paused}", "pause")
        with server.viewer(f"/api/runs/{run}/live") as viewer:
            seen = until_step(viewer, 20)
            workers = server.workers()
            server.process.terminate()
            assert close_code(viewer) == 1001
        assert server.process.wait(PATIENCE) == 0
        assert [process for process in workers if not has_ended(process)] == []
    with Server(folder) as again:
        for name in (run, paused):
            found, kept = again.read(f"/api/runs/{name}"), again.events(name)
            step = kept[-1]["step"]
            assert (found["state"], found["step"]) == ("interrupted", step)
            assert found["reason"] == f"the server was shut down at step {step}"
            assert [event["seq"] for event in kept] == list(range(found["last_seq"] + 1))
            assert {"finished", "stopped", "failed"}.isdisjoint(event["type"] for event in kept)
        assert again.events(run)[: len(seen)] == seen
        for waiting in others:
            never = again.read(f"/api/runs/{waiting}")
            assert (never["state"], never["started"]) == ("interrupted", None)
            assert never["reason"] == "the server was shut down before training began"
        with again.viewer(f"/api/runs/{run}/live?after={seen[-1]['seq']}") as viewer:
            states = [said for said in messages(viewer) if isinstance(said, dict)]
        assert states[-1]["reason"] == again.read(f"/api/runs/{run}")["reason"]


def test_who_says_nothing_or_comes_back_at_once_does_not_hold_the_server(folder: Path) -> None:
    with Server(folder) as server:
        study = server.start(TWINS, "studies")["id"]
        path = f"/api/studies/{study}/live"
        with server.viewer(path) as silent:
            server.process.terminate()
            assert close_code(silent) == 1001
        # Until nobody listens: a connection is refused, or cut off before it is answered.
        with suppress(OSError, InvalidHandshake, ConnectionClosed):
            while True:
                with server.viewer(path) as again:
                    assert close_code(again) in (1001, 1006, 1012)
        assert server.process.wait(PATIENCE) == 0


def test_the_server_is_small_and_never_loads_torch(server: Server) -> None:
    run = server.start(SHORT)["id"]
    with server.viewer(f"/api/runs/{run}/live") as viewer:
        list(events(viewer))
    for page in ("/", "/depth", "/gradients", "/runs", "/api", "/openapi.json"):
        assert server.browser.get(page).status_code == 200
    process = psutil.Process(server.process.pid)
    assert process.memory_info().rss < 150 * 2**20
    mapped = [part.path for part in process.memory_maps() if "torch" in part.path]
    assert mapped == []
