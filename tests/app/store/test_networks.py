"""The folder of kept networks."""

from __future__ import annotations

import os
from pathlib import Path

from app.store.networks import Networks


def wrote(networks: Networks, run: str, size: int, at: int) -> Path:
    """What a worker does: write the run's network, ``at`` seconds."""
    path = networks.expect(run)
    assert path is not None
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(bytes(size))
    os.utime(path, (at, at))
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name.partition(".")[0] for path in folder.iterdir())


def test_a_network_is_there_until_its_run_is_deleted(tmp_path: Path) -> None:
    networks = Networks(tmp_path / "networks", 100)
    path = wrote(networks, "a", 60, 1)
    networks.settle("a")
    assert (networks.size("a"), networks.path("a")) == (60, path)
    networks.delete(["a", "b"])
    assert (networks.size("a"), networks.path("a")) == (None, None)
    assert names(path.parent) == []


def test_the_oldest_make_room(tmp_path: Path) -> None:
    networks = Networks(tmp_path, 100)
    for at, run in enumerate("cab"):
        wrote(networks, run, 40, at)
        networks.settle(run)
    assert names(tmp_path) == ["a", "b"]


def test_what_is_too_large_by_itself_costs_no_other_its_place(tmp_path: Path) -> None:
    networks = Networks(tmp_path, 100)
    wrote(networks, "a", 40, 1)
    networks.settle("a")
    wrote(networks, "b", 101, 2)
    networks.settle("b")
    assert names(tmp_path) == ["a"]


def test_a_worker_that_writes_after_its_run_was_deleted_leaves_nothing(tmp_path: Path) -> None:
    networks = Networks(tmp_path, 100)
    networks.expect("a")
    networks.delete(["a"])
    wrote(networks, "a", 40, 1)
    (tmp_path / "a.safetensors.part").write_bytes(b"killed while it wrote")
    networks.settle("a")
    assert names(tmp_path) == []


def test_what_a_crash_left_is_taken_away_at_the_start(tmp_path: Path) -> None:
    networks = Networks(tmp_path, 100)
    for run in ("known", "orphan"):
        wrote(networks, run, 10, 1)
    (tmp_path / "known.safetensors.part").write_bytes(b"half")
    Networks(tmp_path, 100).clear(lambda runs: {"known"} & set(runs))
    assert [path.name for path in tmp_path.iterdir()] == ["known.safetensors"]
    Networks(tmp_path / "nowhere", 100).clear(lambda runs: runs)


def test_a_smaller_limit_counts_from_the_next_start(tmp_path: Path) -> None:
    networks = Networks(tmp_path, 100)
    for at, run in enumerate("ab"):
        wrote(networks, run, 40, at)
    Networks(tmp_path, 50).clear(lambda runs: runs)
    assert names(tmp_path) == ["b"]


def test_a_limit_of_0_keeps_none(tmp_path: Path) -> None:
    assert Networks(tmp_path, 0).expect("a") is None
