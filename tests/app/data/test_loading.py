"""Whole sets from files: decoded once, mapped, partly there, damaged."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.data.entry import DataEntry
from app.data.errors import DataError
from app.data.loading import load, ready
from app.data.registry import DATASETS
from app.data.status import Presence, status, status_of
from tests.app.data import toys
from tests.app.data.toys import TEST, TRAIN, toy_cifar, toy_idx


def there(folder: Path, contents: dict[str, bytes]) -> None:
    for path, content in contents.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)


def test_a_set_is_its_files(tmp_path: Path) -> None:
    entry, contents = toy_idx()
    there(tmp_path, contents)
    data = load(entry, folder=tmp_path)
    assert np.array_equal(data.train_x[:, 0], toys.pixels(TRAIN, 6, 5))
    assert np.array_equal(data.test_x[:, 0], toys.pixels(TEST, 6, 5))
    assert np.array_equal(data.train_y, toys.classes(TRAIN))
    assert data.test_y.dtype == np.int64
    assert data.mean == pytest.approx((data.train_x.mean(),))
    assert data.std == pytest.approx((data.train_x.std(),))


def test_parts_follow_one_another(tmp_path: Path) -> None:
    entry, contents = toy_cifar()
    there(tmp_path, contents)
    data = load(entry, folder=tmp_path)
    assert data.train_x.shape == (TRAIN, 3, 32, 32)
    assert np.array_equal(data.train_x[:200].reshape(200, -1), toys.pixels(200, 3072))
    assert data.mean == pytest.approx(tuple(data.train_x.mean((0, 2, 3))))
    assert data.std == pytest.approx(tuple(data.train_x.std((0, 2, 3))))


def test_once_decoded_the_files_are_not_read_again(tmp_path: Path) -> None:
    entry, contents = toy_idx()
    there(tmp_path, contents)
    first = load(entry, folder=tmp_path)
    for path in contents:
        (tmp_path / path).write_bytes(b"?")
    assert np.array_equal(load(entry, folder=tmp_path).train_x, first.train_x)


def test_what_one_process_writes_into_its_images_no_other_sees(tmp_path: Path) -> None:
    entry, contents = toy_idx()
    there(tmp_path, contents)
    mine = load(entry, folder=tmp_path)
    assert isinstance(mine.train_x, np.memmap)
    mine.train_x[:] = 7
    assert load(entry, folder=tmp_path).train_x.std() > 0


def test_a_decoding_that_was_killed_is_done_again(tmp_path: Path) -> None:
    entry, contents = toy_idx()
    there(tmp_path, contents)
    left = tmp_path / "decoded" / f".toy.{TRAIN}-1.part"
    left.mkdir(parents=True)
    (left / "train_x.npy").write_bytes(b"half")
    assert len(load(entry, folder=tmp_path).train_x) == TRAIN
    assert [path.name for path in (tmp_path / "decoded").iterdir()] == [f"toy.{TRAIN}-1"]


def test_the_first_parts_are_enough_for_a_limit(tmp_path: Path) -> None:
    entry, contents = toy_cifar()
    whole = tmp_path / "whole"
    partial = tmp_path / "partial"
    for folder in (whole, partial):
        folder.mkdir()
    there(whole, contents)
    there(partial, {path: contents[path] for path in ("toy/1.bin", "toy/test.bin")})
    entry = replace(entry, mean=(127.0,) * 3, std=(74.0,) * 3)
    some, every = load(entry, 150, partial), load(entry, 150, whole)
    assert len(some.train_x) == 200
    assert np.array_equal(some.train_x[:150], every.train_x[:150])
    assert (some.mean, some.std) == (every.mean, every.std)
    assert status_of(entry, partial).presence is Presence.PARTIAL


def test_what_is_missing_is_named_with_what_helps(tmp_path: Path) -> None:
    entry, contents = toy_cifar()
    there(tmp_path, {path: contents[path] for path in ("toy/1.bin", "toy/test.bin")})
    with pytest.raises(DataError, match=r"toy/2.bin, toy/3.bin missing") as error:
        load(entry, 201, tmp_path)
    assert "at most 200 training examples (limit)" in error.value.remedy
    assert not ready(entry, 201, tmp_path)
    assert ready(entry, 200, tmp_path)


def test_a_test_set_can_not_be_done_without(tmp_path: Path) -> None:
    entry, contents = toy_cifar()
    there(tmp_path, {"toy/1.bin": contents["toy/1.bin"]})
    with pytest.raises(DataError, match=r"toy/test.bin missing"):
        load(entry, 10, tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: content[:-1], "bytes, not"),
        (lambda content: content[:-1] + b"?", "does not have the published checksum"),
    ],
)
def test_another_file_than_published_is_refused_and_kept(
    change: object, words: str, tmp_path: Path
) -> None:
    entry, contents = toy_idx()
    assert callable(change)
    there(tmp_path, contents | {"toy/train-images": change(contents["toy/train-images"])})
    with pytest.raises(DataError, match=words) as error:
        load(entry, folder=tmp_path)
    assert error.value.remedy == "get it again with: depthscope data get toy"
    assert (tmp_path / "toy/train-images").exists()
    assert not list((tmp_path / "decoded").iterdir())


def test_labels_beyond_the_classes_are_refused(tmp_path: Path) -> None:
    entry, contents = toy_idx()
    there(tmp_path, contents)
    with pytest.raises(DataError, match="images or labels that it should not"):
        load(replace(entry, classes=9), folder=tmp_path)


def test_the_status_tells_embedded_missing_and_damaged(tmp_path: Path) -> None:
    found = status(tmp_path)
    assert list(found) == list(DATASETS)
    assert found["digits"].presence is Presence.EMBEDDED
    assert found["mnist"].presence is Presence.MISSING
    assert found["cifar-10"].download == 170_052_171
    there(tmp_path, {"mnist/train-labels-idx1-ubyte.gz": b"?"})
    mnist = status(tmp_path)["mnist"]
    assert (mnist.presence, mnist.bytes, len(mnist.missing)) == (Presence.PARTIAL, 1, 3)
    assert mnist.damaged == ("mnist/train-labels-idx1-ubyte.gz",)


@pytest.mark.processes
def test_what_a_server_asks_of_data_loads_no_library_for_it() -> None:
    script = (
        "import sys, app.data.download, app.data.registry, app.data.status, app.data.images;"
        "print({'numpy', 'torch', 'sklearn', 'PIL', 'requests', 'pooch'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_every_published_set_says_what_it_is() -> None:
    for entry in DATASETS.values():
        assert isinstance(entry, DataEntry)
        for fact in (entry.title, entry.noun, entry.summary, entry.source, entry.licence):
            assert fact
        if published := entry.published:
            assert len(published.mirrors) > 1
            assert all(address.endswith("/") for address in published.mirrors)
            for file in (*published.files, *([published.archive] if published.archive else [])):
                assert len(bytes.fromhex(file.sha256)) == 32
                assert len(bytes.fromhex(file.md5)) in (0, 16)
