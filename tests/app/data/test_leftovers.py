"""What killed processes left is taken away, and nothing that somebody works on or that is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.data.folders import VARIABLE
from app.data.leftovers import clear, clear_all, decoding
from app.data.loading import load
from app.data.locked import locked
from app.data.registry import DATASETS, find
from app.data.status import part_of
from tests.app.data.test_own import put

IMAGES = "mnist/train-images-idx3-ubyte.gz"


def half(path: Path) -> Path:
    """What there is of a file before it is whole."""
    part = part_of(path)
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(b"half")
    return part


def half_decoded(folder: Path, name: str) -> Path:
    """What there is of a decoded copy before it is whole."""
    return half(part_of(folder / "decoded" / name) / "train_x.npy").parent


def test_half_a_download_goes_unless_somebody_downloads(tmp_path: Path) -> None:
    left = half(tmp_path / IMAGES)
    other = half(tmp_path / "cifar-10-binary.tar.gz")
    with locked(tmp_path, "mnist"):
        clear("mnist", tmp_path)
        assert left.exists()
    clear("mnist", tmp_path)
    assert not left.exists()
    assert other.exists()


def test_half_a_decoded_copy_goes_unless_somebody_decodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    put(tmp_path, "own")
    load(find("folder:own"))
    whole = set((tmp_path / "decoded").iterdir())
    old = half_decoded(tmp_path, "folder-own-0123456789ab-1")
    other = half_decoded(tmp_path, "folder-own-two-0123456789ab-1")
    with locked(tmp_path, decoding("folder:own")):
        clear("folder:own", tmp_path)
        assert old.exists()
    clear("folder:own", tmp_path)
    assert set((tmp_path / "decoded").iterdir()) == {*whole, other}


def test_of_every_set_all_of_it_goes(tmp_path: Path) -> None:
    put(tmp_path, "own")
    left = [
        half(tmp_path / IMAGES),
        half(tmp_path / "cifar-100-binary.tar.gz"),
        half_decoded(tmp_path, "folder-own-0123456789ab-1"),
        *(half_decoded(tmp_path, f"{name}.{size}-1") for name in DATASETS for size in (10, 60_000)),
    ]
    clear_all(tmp_path)
    assert not any(path.exists() for path in left)
