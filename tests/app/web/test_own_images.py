"""Whatever lies among a user's images, every page and the catalog come, and say what is wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import httpx
import pytest
from PIL import Image

from app.data.folders import VARIABLE
from app.web.pages import PAGES
from tests.app.data.forbidden import forbidden, open_to_all, posix
from tests.app.data.test_imagefile import png
from tests.app.data.test_own import put
from tests.app.web.conftest import serving


async def problems(browser: httpx.AsyncClient) -> dict[str, str]:
    """What is said of each set that can't be used, where every page comes."""
    for page in PAGES:
        assert (await browser.get(page.path)).status_code == 200, page.path
    assert (await browser.get("/api/data")).status_code == 200
    answer = await browser.get("/api/catalog")
    assert answer.status_code == 200
    return {one["name"]: one["problem"] for one in answer.json()["unusable"]}


async def test_a_huge_image_takes_no_page_down(browser: httpx.AsyncClient, tmp_path: Path) -> None:
    put(tmp_path, "scan").joinpath("a/0.png").write_bytes(png(20_000, 10_000, 8, 0, bytes(100)))
    Image.new("RGB", (8, 8)).save(put(tmp_path, "texture") / "a/0.png", "DDS")
    said = await problems(browser)
    assert "far too many pixels" in said["folder:scan"]
    assert "can't be read as an image" in said["folder:texture"]


@posix
@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("images/priv/b", "folder:priv"),
        ("images/priv", "folder:priv"),
        ("images", "folder:images"),
        ("mnist", None),
    ],
)
async def test_a_folder_that_may_not_be_read_takes_no_page_down(
    place: str, name: str | None
) -> None:
    with open_to_all() as folder:
        put(folder, "priv")
        (folder / "mnist").mkdir()
        async with serving(folder) as served, served.browser() as browser:
            with forbidden(folder / place):
                said = await problems(browser)
            assert list(said) == ([name] if name else [])
            assert all("can't be read (permission denied)" in problem for problem in said.values())
            assert await problems(browser) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep names as Unicode")
async def test_names_that_are_not_utf8_take_no_page_down(
    browser: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    put(tmp_path, os.fsdecode(b"\xff"))
    home = put(tmp_path, "broken", count=2) / "a"
    for n in range(2):
        (home / f"{n}.png").rename(home / os.fsdecode(b"\xff%d.png" % n))
    (home / os.fsdecode(b"\xff0.png")).write_text("no image")
    assert set(await problems(browser)) == {"folder:\ufffd", "folder:broken"}
    # the error path: a run of it is refused in words
    refused = await browser.post("/api/runs", json={"data": "folder:broken"})
    assert refused.status_code == 422
    assert "\ufffd0.png" in refused.json()["detail"]


@pytest.mark.parametrize("name", ["my photos", "Bl\u00e4tter", "_leaves"])
async def test_a_set_of_any_name_can_be_trained_on(
    name: str, browser: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    put(tmp_path, name)
    assert await problems(browser) == {}
    made = await browser.post("/api/runs", json={"data": f"folder:{name}", "batch_size": 2})
    assert made.status_code == 201, made.text
