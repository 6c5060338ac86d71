from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from app.web.assets import PLOTLY, Assets
from tests.app.web.conftest import Served


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small front end."""
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("export const a = 1;" * 100)
    (tmp_path / "icon.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.js").write_text("secret")
    return tmp_path


def test_one_changed_byte_gives_all_files_a_new_address(root: Path) -> None:
    files = Assets(root)
    before = files.prefix
    assert files.prefix == f"static/{files.look()}" == before
    changed = root / "js" / "a.js"
    changed.write_text("export const a = 2;" * 100)
    os.utime(changed, ns=(1, 2**62))
    assert files.look() not in before
    assert files.prefix == f"static/{files.look()}" != before


def test_hidden_files_are_not_served(root: Path) -> None:
    files = Assets(root)
    assert files.look()
    assert files.source(".hidden.js") is None
    assert files.source("js/a.js") is not None


async def test_files_are_kept_for_good_under_their_version(
    served: Served, browser: httpx.AsyncClient
) -> None:
    prefix = served.context.assets.prefix
    answer = await browser.get(f"{prefix}/js/api.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    again = await browser.get(
        f"{prefix}/js/api.js", headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    assert again.content == b""


async def test_a_page_from_before_an_update_gets_files_but_does_not_keep_them(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get("/static/0123456789ab/js/api.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


async def test_a_client_that_does_not_unpack_gets_it_plain(
    served: Served, browser: httpx.AsyncClient
) -> None:
    url = f"{served.context.assets.prefix}/js/api.js"
    for accepts in ("identity", "br", "gzip;q=0"):
        answer = await browser.get(url, headers={"accept-encoding": accepts})
        assert "content-encoding" not in answer.headers
        assert answer.headers["vary"] == "accept-encoding"
    packed = await browser.get(url)
    assert packed.headers["etag"] != answer.headers["etag"]
    assert packed.text == answer.text


@pytest.mark.parametrize("name", ["js/none.js", "../app/main.py", "%2e%2e/app/main.py", ""])
async def test_there_is_nothing_outside(
    served: Served, browser: httpx.AsyncClient, name: str
) -> None:
    answer = await browser.get(f"{served.context.assets.prefix}/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_plotly_comes_from_the_installed_package(browser: httpx.AsyncClient) -> None:
    answer = await browser.get(PLOTLY)
    assert answer.headers["cache-control"].endswith("immutable")
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 1_600_000
    assert "plotly.js v" in answer.text[:500]
