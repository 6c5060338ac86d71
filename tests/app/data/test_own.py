"""All folders of one's own images: which can be used, and why the others can't."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from app.data.own import own_images, stamp


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
    assert found.unusable[1].problem == f"{Path('images/stray/a/notes.txt')} is no image"


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
