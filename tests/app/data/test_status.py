"""What is told of data sets without reading them, and of downloads by whichever process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.data.download import MIRROR, collect
from app.data.errors import Cancelled
from app.data.locked import held, locked
from app.data.status import Coming, coming, parts_here, so_far, status_of
from tests.app.data.toys import TRAIN, mirror, toy_cifar, toy_idx, toy_large

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _no_other_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MIRROR, raising=False)


def test_a_lock_is_held_by_whoever_took_it_and_looking_makes_no_file(tmp_path: Path) -> None:
    assert not held(tmp_path, "toy")
    assert list(tmp_path.iterdir()) == []
    with locked(tmp_path, "toy"):
        assert held(tmp_path, "toy")
        assert not held(tmp_path, "other")
    assert not held(tmp_path, "toy")


@pytest.mark.processes
def test_another_processs_download_is_seen_as_it_grows(tmp_path: Path) -> None:
    entry, contents = toy_large()
    images = contents["toy/train-images"]
    total = sum(map(len, contents.values()))
    with mirror(contents) as slow:
        slow.files["train-images"] = slow.gated(images)
        command = [sys.executable, "-m", "tests.app.data.fetch_toy", "large", slow.address]
        with subprocess.Popen([*command, str(tmp_path)], cwd=ROOT) as process:
            while coming(entry, tmp_path) != Coming(len(images) // 2, total):
                assert process.poll() is None
            slow.release.set()
            assert process.wait(60) == 0
    assert coming(entry, tmp_path) is None
    assert so_far(entry, tmp_path) == Coming(total, total)


def test_a_part_that_a_killed_process_left_is_no_download(tmp_path: Path) -> None:
    entry = toy_idx()[0]
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy/.train-images.part").write_bytes(b"half")
    assert coming(entry, tmp_path) is None
    with locked(tmp_path, entry.name):
        found = coming(entry, tmp_path)
    assert found is not None
    assert found.done == 4


def test_while_an_archive_is_unpacked_all_of_it_has_come(tmp_path: Path) -> None:
    entry, contents = toy_cifar()
    packed = contents["toy.tar.gz"]
    with locked(tmp_path, entry.name):
        assert coming(entry, tmp_path) == Coming(0, len(packed))
        (tmp_path / "toy.tar.gz").write_bytes(packed)
        assert coming(entry, tmp_path) == Coming(len(packed), len(packed))


def test_how_much_can_be_trained_on_as_it_is(tmp_path: Path) -> None:
    entry, contents = toy_cifar()
    contents.pop("toy.tar.gz")
    assert (parts_here(entry, tmp_path), status_of(entry, tmp_path).examples) == (0, 0)
    (tmp_path / "toy").mkdir()
    there = []
    for name, examples in (
        ("toy/1.bin", 0),  # without the test set nothing is of use
        ("toy/test.bin", TRAIN // 3),
        ("toy/3.bin", TRAIN // 3),  # parts are used from the first on
        ("toy/2.bin", TRAIN),
    ):
        (tmp_path / name).write_bytes(contents[name])
        there.append(name)
        assert status_of(entry, tmp_path).examples == examples, there


def test_unpacking_can_be_cancelled_and_done_another_time(tmp_path: Path) -> None:
    entry, contents = toy_cifar()
    packed = contents.pop("toy.tar.gz")
    (tmp_path / "toy.tar.gz").write_bytes(packed)
    with pytest.raises(Cancelled):
        collect(entry, tmp_path, lambda done, total: None, lambda: True)
    assert list(tmp_path.rglob("*.part")) == []
    assert (tmp_path / "toy.tar.gz").read_bytes() == packed
    collect(entry, tmp_path, lambda done, total: None, lambda: False)
    for name, content in contents.items():
        assert (tmp_path / name).read_bytes() == content
