"""Hundreds of broken images, the same each time: what is wrong is said in words alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from random import Random

import httpx
import numpy as np
from PIL import Image

from app.data.errors import DataError
from app.data.imagefile import FORMATS, brightest, pixels_of, shape_of
from app.web.pages import PAGES

MUTATED = 500
MODES = ("RGB", "1", "L", "LA", "P", "RGBA", "CMYK", "I;16")


def written() -> dict[str, bytes]:
    """A small image in every format that can be written here, turned by EXIF."""
    Image.init()
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (16, 12, 3), dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    found = {}
    for kind in sorted(Image.SAVE):
        for mode in MODES if kind in FORMATS else MODES[:1]:
            out = BytesIO()
            with suppress(Exception):  # a format that can't say this mode, or lacks its library
                noise.convert("L" if mode in ("LA", "I;16") else "RGB").convert(mode).save(
                    out, kind, exif=exif
                )
                found[f"{kind} {mode}"] = out.getvalue()
    return found


def mutated(whole: list[bytes]) -> Iterator[bytes]:
    """Images whose headers were changed, cut short, or say something huge."""
    draw = Random(0)
    for n in range(MUTATED):
        content = bytearray(whole[n % len(whole)])
        head = min(len(content), 160)
        for _ in range(draw.randint(1, 4)):
            at = draw.randrange(head)
            match draw.randrange(4):
                case 0:
                    content[at] = draw.randrange(256)
                case 1:
                    content[at : at + 4] = draw.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"))
                case 2:
                    content[at:at] = draw.randbytes(draw.randint(1, 9))
                case _:
                    del content[at : at + draw.randint(1, 9)]
        yield bytes(content[: draw.randint(min(head, len(content)), len(content))])


def put(folder: Path, name: str, content: bytes) -> Path:
    """A set whose first image this is."""
    for place in ("a/0.png", "a/1.png", "b/0.png", "b/1.png"):
        file = folder / "images" / name / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder / "images" / name / "a/0.png"


async def test_no_image_takes_a_page_down(browser: httpx.AsyncClient, tmp_path: Path) -> None:
    formats = written()
    ours = [content for name, content in formats.items() if name.split()[0] in FORMATS]
    broken = {f"broken {n}": content for n, content in enumerate(mutated(ours))}
    files = [put(tmp_path, name, content) for name, content in (formats | broken).items()]

    for page in PAGES:
        assert (await browser.get(page.path)).status_code == 200, page.path
    answer = await browser.get("/api/catalog")
    assert answer.status_code == 200

    offered = {one["name"] for one in answer.json()["data"] if one["name"].startswith("folder:")}
    refused = {one["name"] for one in answer.json()["unusable"]}
    assert len(offered) + len(refused) == len(files)
    assert {"folder:PNG RGBA", "folder:JPEG L", "folder:WEBP RGB"} <= offered
    assert {"folder:DDS RGB", "folder:TIFF RGB", "folder:EPS RGB"} <= refused
    assert all(
        "can't be read" in one["problem"]
        for one in answer.json()["unusable"]
        if "pixels" not in one["problem"]
    )
    for file in files:
        with suppress(DataError):
            shape = shape_of(file)
            brightest(file)
            assert pixels_of(file, shape, lambda: 65535).shape == shape
