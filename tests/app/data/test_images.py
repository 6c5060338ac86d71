"""One's own images: folders by class."""

from __future__ import annotations

import os
from pathlib import Path
from shutil import rmtree

import numpy as np
import pytest
from PIL import Image

from app.data.errors import DataError
from app.data.images import scan, titles
from app.data.loading import load


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Ten grey images of cats (dark) and twenty of dogs (light), 6 wide and 4 high."""
    for name, count, value in (("cats", 10, 20), ("dogs", 20, 200)):
        for n in range(count):
            paint(tmp_path / "images/pets" / name / f"{n}.png", value + n)
    return tmp_path


def paint(path: Path, value: int, size: tuple[int, int] = (6, 4), mode: str = "L") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, value).save(path)


def test_a_folder_of_images_is_a_data_set(own: Path) -> None:
    entry = scan("folder:pets", own)
    assert (entry.shape, entry.classes, entry.labels) == ((1, 4, 6), 2, ("cats", "dogs"))
    assert (entry.train_size, entry.test_size) == (24, 6)
    assert entry.chance == pytest.approx(8 / 24)
    data = load(entry, folder=own)
    assert data.train_x.shape == (24, 1, 4, 6)
    assert np.array_equal(data.train_x[:, 0, 0, 0] > 100, data.train_y == 1)
    seen = sorted([*data.train_x[:, 0, 0, 0].tolist(), *data.test_x[:, 0, 0, 0].tolist()])
    assert seen == [*range(20, 30), *range(200, 220)]
    assert data.mean == pytest.approx((data.train_x.mean(),))
    assert titles(own) == ["pets"]


def test_the_split_is_the_same_every_time_and_the_first_few_hold_every_class(own: Path) -> None:
    first = load(scan("folder:pets", own), folder=own)
    rmtree(own / "decoded")
    second = load(scan("folder:pets", own), folder=own)
    assert np.array_equal(first.train_x, second.train_x)
    assert set(first.train_y[:8].tolist()) == {0, 1}


def test_images_that_change_are_read_anew(own: Path) -> None:
    before = load(scan("folder:pets", own), folder=own)
    for n in range(20):
        paint(own / f"images/pets/dogs/{n}.png", 1)
    after = load(scan("folder:pets", own), folder=own)
    assert before.train_x.max() > 100
    assert after.train_x.max() < 100


def test_only_the_newest_copy_of_changing_images_is_kept(own: Path) -> None:
    paint(own / "images/pets-two/a/0.png", 1)
    for path in ("a/1", "b/0", "b/1"):
        paint(own / f"images/pets-two/{path}.png", 1)
    load(scan("folder:pets-two", own), folder=own)
    before = load(scan("folder:pets", own), folder=own)
    held = before.train_x.copy()
    paint(own / "images/pets/cats/0.png", 99)
    newest = scan("folder:pets", own).version

    load(scan("folder:pets", own), folder=own)

    kept = sorted(path.name for path in (own / "decoded").iterdir())
    other = scan("folder:pets-two", own).version
    assert kept == sorted([f"folder-pets-{newest}-1", f"folder-pets-two-{other}-1"])
    if os.name == "posix":  # what a run trains on stays while it trains
        assert np.array_equal(before.train_x, held)


def test_colour_and_jpeg_are_read(tmp_path: Path) -> None:
    for name in ("a", "b"):
        for n in range(2):
            paint(tmp_path / "images/x" / name / f"{n}.JPG", 0x0000FF, mode="RGB")
    data = load(scan("folder:x", tmp_path), folder=tmp_path)
    assert data.train_x.shape == (2, 3, 4, 6)
    assert data.train_x[0, :, 0, 0].tolist() == pytest.approx([254, 0, 0], abs=2)


def test_what_file_managers_leave_is_passed_over(own: Path) -> None:
    for litter in (".DS_Store", "cats/Thumbs.db", "dogs/.hidden"):
        (own / "images/pets" / litter).write_bytes(b"x")
    assert scan("folder:pets", own).train_size == 24


def test_other_sizes_and_colours_are_refused(own: Path) -> None:
    for size, mode, words in (((6, 5), "L", "6x5 pixels in grey"), ((6, 4), "RGB", "in colour")):
        paint(own / "images/pets/cats/3.png", 0, size, mode)
        with pytest.raises(DataError, match=f"3.png has .*{words}.*6x4 pixels in grey"):
            load(scan("folder:pets", own), folder=own)


def test_a_file_that_only_calls_itself_an_image_is_refused(own: Path) -> None:
    (own / "images/pets/dogs/7.png").write_text("no image")
    with pytest.raises(DataError, match=r"7.png can't be read as an image"):
        load(scan("folder:pets", own), folder=own)


def test_a_truncated_image_is_refused(own: Path) -> None:
    file = own / "images/pets/dogs/7.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (4, 6), np.uint8)).save(file)
    file.write_bytes(file.read_bytes()[:60])
    with pytest.raises(DataError, match=r"7.png can't be read as an image"):
        load(scan("folder:pets", own), folder=own)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("pets/cats/notes.txt", r"notes.txt is not an image; allowed: .png, .jpg"),
        ("pets/stray.png", "stray.png lies outside the folders of the classes"),
        ("one/cats/1.png", "1 images; each class needs two"),
    ],
)
def test_what_does_not_belong_is_named(path: str, words: str, own: Path) -> None:
    paint(own / "images/other.png", 0)
    (own / "images" / path).parent.mkdir(parents=True, exist_ok=True)
    (own / "images" / path).write_bytes((own / "images/other.png").read_bytes())
    with pytest.raises(DataError, match=words):
        scan(f"folder:{path.partition('/')[0]}", own)


def test_one_class_is_not_enough(own: Path) -> None:
    for file in (own / "images/pets/dogs").iterdir():
        file.unlink()
    (own / "images/pets/dogs").rmdir()
    with pytest.raises(DataError, match="holds 1 class;"):
        scan("folder:pets", own)


@pytest.mark.parametrize("name", ["folder:none", "folder:../pets", "folder:", "folder:a/b"])
def test_a_folder_that_is_not_there_is_named(name: str, own: Path) -> None:
    with pytest.raises(DataError, match="there is no folder"):
        scan(name, own)
