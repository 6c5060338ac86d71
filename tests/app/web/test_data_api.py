"""Data sets over HTTP: what is here, downloads with their progress, cancelling, who may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from app.data.download import MIRROR, collect
from app.data.errors import Cancelled
from app.data.registry import DATASETS
from app.web import downloads
from tests.app.data.getting import closed_port, whole
from tests.app.data.toys import Mirror, mirror, toy_large
from tests.app.web.conftest import Served, serving
from tests.app.web.test_runs_api import until

TOY = "/api/data/toy/download"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """A mirror of the toy set, which is registered; its first file waits in the middle."""
    monkeypatch.delenv(MIRROR, raising=False)
    contents = toy_large()[1]
    with mirror(contents) as serving:
        serving.files["train-images"] = serving.gated(contents["toy/train-images"])
        monkeypatch.setitem(DATASETS, "toy", toy_large(serving.address)[0])
        yield serving


@pytest.fixture
async def other(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """Another browser."""
    async with served.browser() as client:
        yield client


async def look(browser: httpx.AsyncClient, name: str = "toy") -> dict[str, Any]:
    """What /api/data says of one set."""
    answer = await browser.get("/api/data")
    assert answer.status_code == 200
    return next(one for one in answer.json()["items"] if one["name"] == name)


async def come(browser: httpx.AsyncClient, done: int) -> dict[str, Any]:
    """The toy set once so many bytes of it have come."""
    found: dict[str, Any] = {}

    async def has_come() -> bool:
        found.update(await look(browser))
        return found["progress"] is not None and found["progress"]["done"] >= done

    await until(has_come)
    return found


def files(folder: Path) -> list[str]:
    """What there is of the toy set, hidden files too."""
    return sorted(path.name for path in (folder / "toy").rglob("*"))


async def test_every_set_is_listed_with_what_is_here(browser: httpx.AsyncClient) -> None:
    found = {one["name"]: one for one in (await browser.get("/api/data")).json()["items"]}
    assert list(found) == list(DATASETS)
    assert found["digits"] == {
        **found["digits"],
        "presence": "embedded",
        "download": 0,
        "examples": 1437,
        "missing": [],
        "progress": None,
        "mine": False,
        "error": None,
    }
    assert found["mnist"]["presence"] == "missing"
    assert found["mnist"]["download"] == 11_594_722
    assert found["mnist"]["bytes"] == found["mnist"]["examples"] == 0
    assert "mnist/train-images-idx3-ubyte.gz" in found["mnist"]["missing"]
    assert found["cifar-10"]["download"] == 170_052_171


async def test_a_download_is_seen_by_everybody_until_it_is_done(
    browser: httpx.AsyncClient, other: httpx.AsyncClient, slow: Mirror, tmp_path: Path
) -> None:
    contents = toy_large()[1]
    half = len(contents["toy/train-images"]) // 2
    begun = await browser.post(TOY)
    assert begun.status_code == 202
    assert begun.json()["progress"] is not None
    assert begun.json()["mine"] is True
    seen = await come(other, half)
    assert seen["progress"] == {"done": half, "total": sum(map(len, contents.values()))}
    assert seen["mine"] is False
    slow.release.set()

    async def there() -> bool:
        return bool((await look(other))["presence"] == "present")

    await until(there)
    found = await look(browser)
    assert found["progress"] is found["error"] is None
    assert found["missing"] == []
    assert found["examples"] == 600
    assert {name: (tmp_path / name).read_bytes() for name in contents} == contents
    again = await browser.post(TOY)
    assert (again.status_code, again.json()["presence"]) == (200, "present")


async def test_who_asks_too_joins_and_may_not_cancel(
    browser: httpx.AsyncClient, other: httpx.AsyncClient, slow: Mirror, tmp_path: Path
) -> None:
    await browser.post(TOY)
    assert await asyncio.to_thread(slow.sent.wait, 30)
    joined = await other.post(TOY)
    assert (joined.status_code, joined.json()["mine"]) == (202, False)
    refused = await other.delete(TOY)
    assert refused.status_code == 403
    assert "Only the browser that started it" in refused.json()["detail"]
    assert (await look(browser))["progress"] is not None
    assert slow.asked == {"train-images": 1}
    assert (await browser.delete(TOY)).status_code == 204
    assert files(tmp_path) == []


async def test_cancelled_it_leaves_nothing_and_can_be_begun_again(
    browser: httpx.AsyncClient, slow: Mirror, tmp_path: Path
) -> None:
    await browser.post(TOY)
    await come(browser, 1)
    assert (await browser.delete(TOY)).status_code == 204
    assert files(tmp_path) == []
    found = await look(browser)
    assert (found["progress"], found["error"], found["presence"]) == (None, None, "missing")
    again = await browser.delete(TOY)
    assert again.status_code == 409
    assert "is not being downloaded" in again.json()["detail"]
    slow.release.set()
    assert (await browser.post(TOY)).status_code == 202

    async def there() -> bool:
        return bool((await look(browser))["presence"] == "present")

    await until(there)


async def test_what_failed_says_why_by_mirror_and_what_to_put_where(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, slow: Mirror, tmp_path: Path
) -> None:
    entry = toy_large(closed_port(), closed_port())[0]
    monkeypatch.setitem(DATASETS, "toy", entry)
    await browser.post(TOY)
    found: dict[str, Any] = {}

    async def failed() -> bool:
        found.update(await look(browser))
        return found["error"] is not None

    await until(failed)
    assert found["progress"] is None
    assert found["error"]["problem"].count("it can't be reached") == 2
    assert "put train-images (1,048,576 bytes) and train-labels" in found["error"]["remedy"]
    assert "into the folder toy;" in found["error"]["remedy"]
    assert str(tmp_path) not in str(found)
    slow.files["train-images"] = toy_large()[1]["toy/train-images"]
    monkeypatch.setitem(DATASETS, "toy", toy_large(slow.address)[0])
    await browser.post(TOY)

    async def mended() -> bool:
        found.update(await look(browser))
        return bool(found["presence"] == "present")

    await until(mended)
    assert found["error"] is None


async def test_a_download_by_another_process_is_seen_joined_and_left_alone(
    browser: httpx.AsyncClient, slow: Mirror, tmp_path: Path
) -> None:
    """The lock and the file say it; here another thread stands for the other process."""
    entry, give_up = DATASETS["toy"], Event()

    def elsewhere() -> None:
        with pytest.raises(Cancelled):
            collect(entry, tmp_path, lambda done, total: None, give_up.is_set)

    thread = Thread(target=elsewhere)
    thread.start()
    seen = await come(browser, 1)
    assert seen["mine"] is False
    joined = await browser.post(TOY)
    assert (joined.status_code, joined.json()["mine"]) == (202, False)
    refused = await browser.delete(TOY)
    assert refused.status_code == 409
    assert "by a run, or on the command line" in refused.json()["detail"]
    assert slow.asked == {"train-images": 1}
    give_up.set()
    thread.join()
    assert (await look(browser))["progress"] is None


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_what_can_not_be_downloaded_is_refused_in_words(
    browser: httpx.AsyncClient, method: str
) -> None:
    unknown = await browser.request(method, "/api/data/imagenet/download")
    assert unknown.status_code == 404
    assert "allowed: digits" in unknown.json()["detail"]
    embedded = await browser.request(method, "/api/data/digits/download")
    assert embedded.status_code == 409
    assert embedded.headers["content-type"] == "application/problem+json"
    foreign = await browser.request(
        method, "/api/data/mnist/download", headers={"origin": "http://evil.example"}
    )
    assert foreign.status_code == 403
    assert (await look(browser, "mnist"))["progress"] is None


async def test_a_damaged_file_is_named_and_not_written_over(
    browser: httpx.AsyncClient, slow: Mirror, tmp_path: Path
) -> None:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy/train-labels").write_bytes(b"?")
    refused = await browser.post(TOY)
    assert refused.status_code == 409
    assert "toy/train-labels" in refused.json()["detail"]
    assert (await look(browser))["damaged"] == ["toy/train-labels"]
    assert not slow.asked


async def test_only_so_many_go_on_at_once(
    browser: httpx.AsyncClient, slow: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "MOST", 1)
    await browser.post(TOY)
    assert await asyncio.to_thread(slow.sent.wait, 30)
    refused = await browser.post("/api/data/mnist/download")
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    assert (await browser.post(TOY)).status_code == 202  # to join costs nothing


async def test_a_site_that_closes_gives_its_downloads_up(slow: Mirror, tmp_path: Path) -> None:
    async with serving(tmp_path) as served, served.browser() as browser:
        await browser.post(TOY)
        await come(browser, 1)
    assert whole(tmp_path / "toy", {})
