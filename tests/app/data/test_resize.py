"""One's own images of several sizes, brought to one: what of them is kept, and what is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.data.errors import DataError, OtherSize
from app.data.imagefile import pixels_of, shape_of
from app.data.images import scan
from app.data.loading import load
from app.data.own import own_images
from app.spec.data import Data
from app.validation import BadField


def photos(folder: Path, *sizes: tuple[int, int], mode: str = "RGB") -> Path:
    """Two classes, dark and light, with an image of each size in both."""
    for kind, value in (("dark", 30), ("light", 200)):
        home = folder / "images/photos" / kind
        home.mkdir(parents=True)
        for n, size in enumerate(sizes):
            Image.new(mode, size, (value,) * len(mode)).save(home / f"{n}.png")
    return folder


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    return photos(tmp_path, (60, 40), (40, 60), (16, 16), (900, 700), (12, 100))


def test_images_of_several_sizes_are_refused_with_what_to_set(mixed: Path) -> None:
    with pytest.raises(OtherSize, match=r"has \d+x\d+ pixels in colour.*one size: set data.resize"):
        load(scan("folder:photos", mixed), folder=mixed)


def test_brought_to_one_size_they_are_a_set_like_others(mixed: Path) -> None:
    entry = scan("folder:photos", mixed, 24)
    assert (entry.shape, entry.train_size, entry.test_size) == ((3, 24, 24), 8, 2)
    assert "24x24 pixels" in entry.summary
    data = load(entry, folder=mixed)
    assert data.train_x.shape == (8, 3, 24, 24)
    for kind, value in enumerate((30, 200)):
        assert set(data.train_x[data.train_y == kind].ravel().tolist()) == {value}


def test_the_largest_square_in_the_middle_is_kept(tmp_path: Path) -> None:
    wide = np.zeros((10, 30, 3), np.uint8)
    wide[:, 10:20] = (255, 0, 0)  # what is kept; beside it is black
    Image.fromarray(wide).save(tmp_path / "wide.png")
    Image.fromarray(wide.transpose(1, 0, 2)).save(tmp_path / "high.png")
    for name in ("wide", "high"):
        file = tmp_path / f"{name}.png"
        kept = pixels_of(file, shape_of(file, 10), lambda: 0, 10)
        assert kept.tolist() == np.broadcast_to([[[255]], [[0]], [[0]]], (3, 10, 10)).tolist()


def test_what_is_made_smaller_is_averaged(tmp_path: Path) -> None:
    stripes = np.tile(np.array([0, 200], np.uint8), (64, 32))  # one pixel wide each
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    file = tmp_path / "stripes.png"
    small = pixels_of(file, shape_of(file, 8), lambda: 0, 8)
    assert np.abs(small[0, :, 1:-1].astype(int) - 100).max() <= 3  # not every eighth pixel
    Image.fromarray(np.full((4, 4), 77, np.uint8)).save(file)
    assert set(pixels_of(file, (1, 8, 8), lambda: 0, 8).ravel().tolist()) == {77}


def test_deep_greys_and_turned_photographs_are_brought_to_a_size_too(tmp_path: Path) -> None:
    Image.fromarray(np.full((20, 30), 100 * 257, np.uint16)).save(tmp_path / "deep.png")
    found = pixels_of(tmp_path / "deep.png", (1, 8, 8), lambda: 65535, 8)
    assert set(found.ravel().tolist()) == {100}

    exif = Image.Exif()
    exif[0x0112] = 3
    halves = np.zeros((20, 40, 3), np.uint8)
    halves[:10] = 255
    Image.fromarray(halves).save(tmp_path / "turned.png", exif=exif)
    found = pixels_of(tmp_path / "turned.png", (3, 8, 8), lambda: 0, 8)
    assert found[:, 0].max() == 0
    assert found[:, -1].min() == 255


def test_what_is_as_large_as_a_cameras_can_be_used(tmp_path: Path) -> None:
    photos(tmp_path, (1000, 800), (1000, 800))
    with pytest.raises(
        OtherSize, match=r"at most 512x512 can be used as they are: set data.resize"
    ):
        scan("folder:photos", tmp_path)
    assert load(scan("folder:photos", tmp_path, 8), folder=tmp_path).train_x.shape == (2, 3, 8, 8)


def test_they_are_offered_at_a_usual_size(mixed: Path) -> None:
    (entry,) = own_images(mixed).usable
    assert (entry.name, entry.resize, entry.shape) == ("folder:photos", 64, (3, 64, 64))


def test_those_of_one_size_are_offered_as_they_are(tmp_path: Path) -> None:
    (entry,) = own_images(photos(tmp_path, (9, 8), (9, 8))).usable
    assert (entry.resize, entry.shape) == (None, (3, 8, 9))


def test_grey_among_colour_can_not_be_mended_by_a_size(mixed: Path) -> None:
    Image.new("L", (60, 40)).save(mixed / "images/photos/light/1.png")
    (wrong,) = own_images(mixed).unusable
    assert "all must be grey, or all in colour" in wrong.remedy
    with pytest.raises(DataError, match="in grey, and the first image"):
        load(scan("folder:photos", mixed, 16), folder=mixed)


def test_every_size_has_its_copy_and_all_go_when_an_image_changes(mixed: Path) -> None:
    for size in (8, 16):
        load(scan("folder:photos", mixed, size), folder=mixed)
    version = scan("folder:photos", mixed, 8).version
    copies = sorted(path.name for path in (mixed / "decoded").iterdir())
    assert copies == [f"folder-photos-{version}.{size}-1" for size in (16, 8)]

    Image.new("RGB", (5, 5)).save(mixed / "images/photos/dark/0.png")
    newest = scan("folder:photos", mixed, 8)
    load(newest, folder=mixed)
    assert [path.name for path in (mixed / "decoded").iterdir()] == [
        f"folder-photos-{newest.version}.8-1"
    ]


def test_a_configuration_names_the_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPTHSCOPE_DATA", str(photos(tmp_path, (600, 20), (30, 40))))
    with pytest.raises(BadField, match=r"data: .* set data.resize \(--resize\)"):
        Data(name="folder:photos").look()
    found = Data(name="folder:photos", resize=32)
    assert found.look().shape == (3, 32, 32)
    assert found.model_dump(mode="json")["resize"] == 32
    assert Data(name="folder:photos").model_dump_json() == '"folder:photos"'


@pytest.mark.parametrize("name", ["digits", "mnist", "spirals"])
def test_only_own_images_are_brought_to_a_size(name: str) -> None:
    with pytest.raises(ValueError, match="only for your own images"):
        Data(name=name, resize=32)


@pytest.mark.parametrize("size", [0, 7, 513, -1])
def test_a_size_out_of_range_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="resize"):
        Data(name="folder:photos", resize=size)
