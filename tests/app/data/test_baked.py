"""Data that an image was built with: a second folder that is only read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from app.cli import app
from app.data.download import collect
from app.data.folders import BAKED
from app.data.images import scan, titles
from app.data.loading import load, ready
from app.data.status import Presence, status_of
from tests.app.data import toys
from tests.app.data.toys import TRAIN, toy_idx


@pytest.fixture
def baked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "baked"
    folder.mkdir()
    monkeypatch.setenv(BAKED, str(folder))
    return folder


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    """The data folder: empty, as a volume is at first."""
    folder = tmp_path / "volume"
    folder.mkdir()
    return folder


def put(folder: Path, contents: dict[str, bytes]) -> None:
    for path, content in contents.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)


def test_a_baked_set_is_there_and_decoded_into_the_data_folder(baked: Path, volume: Path) -> None:
    entry, contents = toy_idx()
    assert not ready(entry, folder=volume)
    put(baked, contents)
    before = sorted(baked.rglob("*"))

    assert ready(entry, folder=volume)
    assert status_of(entry, volume).presence is Presence.PRESENT
    assert np.array_equal(load(entry, folder=volume).train_x[:, 0], toys.pixels(TRAIN, 6, 5))
    assert [path.name for path in (volume / "decoded").iterdir()] == [f"toy.{TRAIN}-1"]
    assert sorted(baked.rglob("*")) == before


def test_nothing_is_downloaded_that_is_baked(baked: Path, volume: Path) -> None:
    entry, contents = toy_idx()  # it has no mirrors: a download could only fail
    put(baked, contents)

    collect(entry, volume, lambda done, total: None, lambda: False)

    assert list(volume.iterdir()) == []


def test_files_may_lie_in_both_and_those_of_the_data_folder_come_first(
    baked: Path, volume: Path
) -> None:
    entry, contents = toy_idx()
    first, *others = contents
    put(baked, {**{name: contents[name] for name in others}, first: b"damaged"})
    put(volume, {first: contents[first]})

    assert status_of(entry, volume).damaged == ()
    assert len(load(entry, folder=volume).train_x) == TRAIN


def test_baked_images_can_be_chosen_beside_the_users_own(baked: Path, volume: Path) -> None:
    for folder, name in ((baked, "theirs"), (volume, "mine")):
        for kind in "ab":
            home = folder / "images" / name / kind
            home.mkdir(parents=True)
            for number in range(3):
                Image.new("L", (5, 4), number).save(home / f"{number}.png")

    assert titles(volume) == ["mine", "theirs"]
    assert scan("folder:theirs", volume).shape == (1, 4, 5)
    assert load(scan("folder:theirs", volume), folder=volume).train_x.shape == (4, 1, 4, 5)


def test_the_list_shows_what_is_baked(
    baked: Path, volume: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    absent = CliRunner().invoke(app, ["data", "list", "--data", str(volume)])
    assert "MiB to download" in next(li for li in absent.output.splitlines() if "fashion" in li)
    home = baked / "fashion-mnist"
    home.mkdir()
    (home / "t10k-labels-idx1-ubyte.gz").write_bytes(b"x")

    listed = CliRunner().invoke(app, ["data", "list", "--data", str(volume)])

    assert "in part" in next(line for line in listed.output.splitlines() if "fashion" in line)
