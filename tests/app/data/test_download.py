"""What is got: files with their progress, and what archives hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.data.errors import DataError
from app.data.status import Presence, status_of
from tests.app.data.getting import closed_port, get, whole
from tests.app.data.toys import Mirror, mirror, toy_cifar, toy_idx


def test_files_come_whole_with_their_progress(good: Mirror, tmp_path: Path) -> None:
    entry, contents = toy_idx(good.address)
    seen: list[tuple[int, int]] = []
    get(entry, tmp_path, progress=lambda done, total: seen.append((done, total)))
    size = sum(map(len, contents.values()))
    assert whole(tmp_path, contents)
    assert seen[-1] == (size, size)
    assert status_of(entry, tmp_path).presence is Presence.PRESENT


def test_what_is_there_is_used_as_it_is(good: Mirror, tmp_path: Path) -> None:
    entry, contents = toy_idx(good.address)
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy/train-images").write_bytes(contents["toy/train-images"])
    get(entry, tmp_path)
    get(entry, tmp_path)
    assert whole(tmp_path, contents)
    assert good.asked == {"train-labels": 1, "test-images": 1, "test-labels": 1}


def test_an_archive_is_unpacked_and_thrown_away(tmp_path: Path) -> None:
    contents = toy_cifar()[1]
    archive = contents.pop("toy.tar.gz")
    with mirror({"toy.tar.gz": archive}) as serving:
        get(toy_cifar(serving.address)[0], tmp_path)
    assert whole(tmp_path, contents)


def test_of_an_archive_only_what_lacks_is_taken(tmp_path: Path) -> None:
    contents = toy_cifar()[1]
    archive = contents.pop("toy.tar.gz")
    own = tmp_path / "toy/1.bin"
    own.parent.mkdir()
    own.write_bytes(b"somebody's own")
    with mirror({"toy.tar.gz": archive}) as serving:
        get(toy_cifar(serving.address)[0], tmp_path)
    assert whole(tmp_path, {**contents, "toy/1.bin": b"somebody's own"})


def test_an_archive_with_other_files_is_refused(tmp_path: Path) -> None:
    entry, contents = toy_cifar()
    with mirror({"toy.tar.gz": contents["toy.tar.gz"]}) as serving:
        wrong = toy_idx(serving.address)[0].published
        right = toy_cifar(serving.address)[0].published
        assert wrong
        assert right
        mixed = type(wrong)(right.mirrors, wrong.train, wrong.test, right.archive)
        with pytest.raises(DataError, match="should hold toy/train-images, which is not there"):
            get(replace(entry, published=mixed), tmp_path)
    assert [path.name for path in tmp_path.rglob("*.part")] == []


def test_an_archive_put_there_by_hand_is_unpacked_and_stays(tmp_path: Path) -> None:
    entry, contents = toy_cifar(closed_port())
    archive = tmp_path / "toy.tar.gz"
    archive.write_bytes(contents["toy.tar.gz"])
    get(entry, tmp_path)
    assert whole(tmp_path, contents)


def test_a_damaged_archive_is_downloaded_again(tmp_path: Path) -> None:
    contents = toy_cifar()[1]
    packed = contents.pop("toy.tar.gz")
    (tmp_path / "toy.tar.gz").write_bytes(packed[:-9999])
    with pytest.raises(
        DataError, match=r"toy.tar.gz: not as published, and .* can't be downloaded"
    ):
        get(toy_cifar(closed_port())[0], tmp_path)
    with mirror({"toy.tar.gz": packed}) as serving:
        get(toy_cifar(serving.address)[0], tmp_path)
    assert whole(tmp_path, contents)
