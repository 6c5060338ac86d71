"""Image files that users bring: what of them is seen, against values that are known beforehand."""

from __future__ import annotations

import struct
import zlib
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.data.errors import DataError
from app.data.imagefile import brightest, pixels_of, shape_of
from app.data.images import scan
from app.data.loading import load


def seen(file: Path, white: int = 65535) -> NDArray[np.uint8]:
    return pixels_of(file, shape_of(file), lambda: white)


def chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *more: bytes) -> bytes:
    """A PNG written by hand: ``rows`` are its scan lines, each after its filter's byte."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = (chunk(b"IHDR", header), *more, chunk(b"IDAT", zlib.compress(rows)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def classes(folder: Path, **kinds: list[Image.Image]) -> Path:
    for kind, images in kinds.items():
        (folder / "images/own" / kind).mkdir(parents=True)
        for n, image in enumerate(images):
            image.save(folder / "images/own" / kind / f"{n}.png")
    return folder


@pytest.mark.parametrize(
    ("pixels", "size", "pillow"),
    [
        ((20_000, 10_000), "far too many", nullcontext()),
        # Between the two limits Pillow warns, as it should; it is our own limit that refuses.
        ((12_000, 10_000), "12000x10000", pytest.warns(Image.DecompressionBombWarning)),
        ((9_000, 8_000), "9000x8000", nullcontext()),
    ],
)
def test_an_image_of_very_many_pixels_is_refused_and_never_decoded(
    pixels: tuple[int, int], size: str, pillow: AbstractContextManager[object], tmp_path: Path
) -> None:
    (tmp_path / "huge.png").write_bytes(png(*pixels, 8, 0, bytes(100)))
    with pillow, pytest.raises(DataError, match=rf"huge.png has {size} pixels; at most 67 million"):
        shape_of(tmp_path / "huge.png")


@pytest.mark.parametrize("kind", ["DDS", "AVIF", "TIFF", "ICO", "QOI"])
@pytest.mark.parametrize("broken", [False, True])
def test_what_only_calls_itself_png_is_refused(kind: str, broken: bool, tmp_path: Path) -> None:
    written = BytesIO()
    Image.new("RGB", (16, 16), "red").save(written, kind)
    content = bytearray(written.getvalue())
    if broken:
        content[20:] = content[20:][::-1]
    (tmp_path / "other.png").write_bytes(content)
    with pytest.raises(DataError, match=r"other.png can't be read as an image"):
        shape_of(tmp_path / "other.png")


def test_sixteen_bits_of_grey_become_eight_by_the_factor_257(tmp_path: Path) -> None:
    values = np.array([[0, 128, 129, 257, 0x8000, 254 * 257, 65406, 65407, 65535]], np.uint16)
    rows = b"\0" + values.astype(">u2").tobytes()
    (tmp_path / "deep.png").write_bytes(png(values.size, 1, 16, 0, rows))
    assert shape_of(tmp_path / "deep.png") == (1, 1, 9)
    assert seen(tmp_path / "deep.png")[0, 0].tolist() == [0, 0, 1, 1, 128, 254, 254, 255, 255]
    assert brightest(tmp_path / "deep.png") == 65535


def test_classes_of_sixteen_bits_are_told_apart_by_brightness(tmp_path: Path) -> None:
    def greys(value: int) -> list[Image.Image]:
        return [Image.fromarray(np.full((4, 4), value * 257, np.uint16)) for _ in range(5)]

    data = load(
        scan("folder:own", classes(tmp_path, dark=greys(30), light=greys(200))), None, tmp_path
    )
    assert data.train_x.shape[1:] == (1, 4, 4)
    assert set(data.train_x[data.train_y == 0].ravel().tolist()) == {30}
    assert set(data.train_x[data.train_y == 1].ravel().tolist()) == {200}


def test_twelve_bits_kept_in_sixteen_use_the_whole_range(tmp_path: Path) -> None:
    def greys(value: int) -> list[Image.Image]:
        return [Image.fromarray(np.full((4, 4), value, np.uint16)) for _ in range(5)]

    data = load(
        scan("folder:own", classes(tmp_path, a=greys(0x800), b=greys(0xFFF))), None, tmp_path
    )
    assert set(data.train_x[data.train_y == 0].ravel().tolist()) == {128}  # 2048 of 4095
    assert set(data.train_x[data.train_y == 1].ravel().tolist()) == {255}


# Two pixels wide and three high, each corner another colour; as stored for each orientation.
CORNERS = np.array(
    [[[255, 0, 0], [0, 255, 0]], [[9, 9, 9], [90, 90, 90]], [[0, 0, 255], [255] * 3]]
)
STORED = {
    1: CORNERS,
    2: CORNERS[:, ::-1],
    3: CORNERS[::-1, ::-1],
    4: CORNERS[::-1],
    5: CORNERS.swapaxes(0, 1),
    6: np.rot90(CORNERS),  # shown turned by 90 degrees clockwise
    7: CORNERS[::-1, ::-1].swapaxes(0, 1),
    8: np.rot90(CORNERS, -1),
}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("orientation", STORED)
def test_an_image_is_turned_as_every_viewer_shows_it(
    orientation: int, kind: str, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(np.ascontiguousarray(STORED[orientation]).astype(np.uint8))
    image.save(tmp_path / "turned.png", kind, exif=exif, lossless=True)
    assert shape_of(tmp_path / "turned.png") == (3, 3, 2)
    assert np.array_equal(seen(tmp_path / "turned.png").transpose(1, 2, 0), CORNERS)


def test_a_photograph_held_upright_is_one_of_those_held_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    landscape = Image.new("RGB", (24, 16), (200, 100, 50))
    landscape.save(tmp_path / "phone.jpg", exif=exif)
    assert shape_of(tmp_path / "phone.jpg") == (3, 24, 16)


@pytest.mark.parametrize(
    ("mode", "pixel", "shown"),
    [
        ("RGBA", (0, 0, 0, 0), [255, 255, 255]),
        ("RGBA", (0, 0, 0, 255), [0, 0, 0]),
        ("RGBA", (255, 0, 100, 51), [255, 204, 224]),  # a fifth of it, four fifths of white
        ("LA", (0, 0), [255]),
        ("LA", (100, 255), [100]),
        ("LA", (0, 102), [153]),
    ],
)
def test_what_is_transparent_lies_over_white(
    mode: str, pixel: tuple[int, ...], shown: list[int], tmp_path: Path
) -> None:
    Image.new(mode, (3, 2), pixel).save(tmp_path / "clear.png")
    assert shape_of(tmp_path / "clear.png") == (len(shown), 2, 3)
    assert seen(tmp_path / "clear.png")[:, 1, 1].tolist() == shown


def test_one_colour_that_stands_for_transparent_is_white_too(tmp_path: Path) -> None:
    palette = Image.new("P", (2, 1))
    palette.putpalette([10, 20, 30, 40, 50, 60])
    palette.putpixel((1, 0), 1)
    palette.save(tmp_path / "palette.png", transparency=0)
    assert seen(tmp_path / "palette.png")[:, 0].T.tolist() == [[255, 255, 255], [40, 50, 60]]

    Image.fromarray(np.array([[7, 8]], np.uint8)).save(tmp_path / "grey.png", transparency=7)
    assert seen(tmp_path / "grey.png")[0, 0].tolist() == [255, 8]

    deep = png(2, 1, 16, 0, b"\0" + struct.pack(">HH", 1000, 2570), chunk(b"tRNS", b"\x03\xe8"))
    (tmp_path / "deep.png").write_bytes(deep)
    assert seen(tmp_path / "deep.png")[0, 0].tolist() == [255, 10]
