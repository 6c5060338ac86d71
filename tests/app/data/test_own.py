"""All folders of one's own images: which can be used, and why the others can't."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.data.images import scan
from app.data.loading import load
from app.data.own import own_images, stamp
from tests.app.data.forbidden import forbidden, open_to_all, posix


def put(folder: Path, name: str, kinds: str = "ab", count: int = 3) -> Path:
    """A folder of images of 5x4 grey pixels, so many of each kind."""
    for kind in kinds:
        home = folder / "images" / name / kind
        home.mkdir(parents=True)
        for number in range(count):
            Image.new("L", (5, 4), 80 * number).save(home / f"{number}.png")
    return folder / "images" / name


def test_where_there_are_no_images_there_is_nothing(tmp_path: Path) -> None:
    found = own_images(tmp_path)

    assert (found.usable, found.unusable) == ((), ())


def test_a_broken_folder_says_why_and_hides_no_other(tmp_path: Path) -> None:
    put(tmp_path, "leaves")
    put(tmp_path, "single", "a")
    (put(tmp_path, "stray") / "a" / "notes.txt").write_text("?")

    found = own_images(tmp_path)

    assert [(entry.name, entry.shape, entry.classes) for entry in found.usable] == [
        ("folder:leaves", (1, 4, 5), 2)
    ]
    assert [wrong.name for wrong in found.unusable] == ["folder:single", "folder:stray"]
    assert found.unusable[0].problem == f"{Path('images/single')} holds 1 class"
    assert found.unusable[1].problem == f"{Path('images/stray/a/notes.txt')} is not an image"


def test_the_stamp_changes_with_every_folder_and_file(tmp_path: Path) -> None:
    seen = [stamp(tmp_path)]
    place = put(tmp_path, "leaves")
    seen.append(stamp(tmp_path))
    (place / "c").mkdir()
    seen.append(stamp(tmp_path))
    Image.new("L", (5, 4)).save(place / "c" / "0.png")
    seen.append(stamp(tmp_path))
    (place / "c" / "0.png").unlink()
    (place / "c").rmdir()
    seen.append(stamp(tmp_path))

    assert len(set(seen)) == len(seen)
    assert stamp(tmp_path) == seen[-1]


@posix
@pytest.mark.parametrize("place", ["images/priv/b", "images/priv", "images"])
def test_a_folder_that_may_not_be_read_is_unusable_and_says_so(place: str) -> None:
    with open_to_all() as folder:
        put(folder, "priv")
        put(folder, "other")
        seen = stamp(folder)
        with forbidden(folder / place):
            found = own_images(folder)
            assert stamp(folder) != seen
        (wrong,) = found.unusable
        assert wrong.problem == f"{place} can't be read (permission denied)"
        assert "allow" in wrong.remedy
        others = [] if place == "images" else ["folder:other"]
        assert [entry.name for entry in found.usable] == others
        assert not own_images(folder).unusable


@posix
def test_an_image_that_may_not_be_read_is_named() -> None:
    with open_to_all() as folder:
        file = put(folder, "priv") / "a" / "0.png"
        with forbidden(file):
            (wrong,) = own_images(folder).unusable
        assert wrong.problem == "images/priv/a/0.png can't be read as an image (permission denied)"


@pytest.mark.parametrize(
    "name", ["my photos", "Bl\u00e4tter", "_leaves", "-v2 (new), 100%", "\u53f6"]
)
def test_names_of_every_language_are_offered(name: str, tmp_path: Path) -> None:
    put(tmp_path, name)
    (entry,) = own_images(tmp_path).usable
    assert entry.name == f"folder:{name}"
    assert len(load(scan(entry.name, tmp_path), folder=tmp_path).train_x) == 4


@posix
@pytest.mark.parametrize("name", ["a:b", "what?", " leaves", "tab\tinside", "x" * 65, "\u202eevil"])
def test_a_name_that_may_not_be_is_listed_with_what_may(name: str, tmp_path: Path) -> None:
    put(tmp_path, name)
    (wrong,) = own_images(tmp_path).unusable
    assert wrong.title == name
    assert wrong.problem == "a folder of images can't have this name"
    assert "up to 64 letters, digits, spaces" in wrong.remedy


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep names as Unicode")
def test_names_that_are_not_utf8_are_told_in_ones_that_are(tmp_path: Path) -> None:
    latin = os.fsdecode(b"Bl\xe4tter")
    put(tmp_path, latin)
    put(tmp_path, "class").joinpath("a").rename(tmp_path / "images/class" / latin)
    broken = put(tmp_path, "broken", count=2) / "a"
    for n in range(2):
        (broken / f"{n}.png").rename(broken / f"{latin}{n}.png")
    (broken / f"{latin}0.png").write_text("no image")
    put(tmp_path, "fine").joinpath("a/0.png").rename(tmp_path / f"images/fine/a/{latin}.png")

    found = own_images(tmp_path)

    wrong = {one.name: one.problem for one in found.unusable}
    assert wrong["folder:Bl\ufffdtter"] == "a folder of images can't have this name"
    assert wrong["folder:class"] == "the name of images/class/Bl\ufffdtter is not UTF-8"
    assert wrong["folder:broken"].startswith("images/broken/a/Bl\ufffdtter0.png can't be read")
    assert [entry.name for entry in found.usable] == ["folder:fine"]
    assert len(load(scan("folder:fine", tmp_path), folder=tmp_path).train_x) == 4


def test_a_file_beside_the_sets_is_named(tmp_path: Path) -> None:
    (put(tmp_path, "leaves").parent / "read me.txt").write_text("?")
    (wrong,) = own_images(tmp_path).unusable
    assert wrong.problem == f"{Path('images/read me.txt')} is not a folder"
