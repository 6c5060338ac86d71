"""A real server and a real browser for the tests of the pages."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.chromium import arguments, headless
from tests.e2e.runs import MLP, start
from tests.e2e.stage import Stage, events, spec
from tests.server import Server

ROOT = Path(__file__).parents[2]
# How long to wait for what must come: a busy machine is slow, the first run waits for a worker
# that loads torch, and only a failure waits in full.
PATIENCE_MS = 120_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's data folder, empty at first."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def images(data_folder: Path) -> Iterator[Path]:
    """Two classes of 15 grey images each, dark and light with noise, and a folder of one class."""
    home = data_folder / "images"
    noise = np.random.default_rng(0)
    for folder, kinds in (("lamps", {"off": 40, "on": 180}), ("single", {"only": 0})):
        for kind, base in kinds.items():
            place = home / folder / kind
            place.mkdir(parents=True)
            for number in range(15):
                pixels = noise.integers(base, base + 40, (8, 8), dtype=np.uint8)
                Image.fromarray(pixels).save(place / f"{number}.png")
    yield home
    rmtree(home)


@pytest.fixture(scope="session")
def server(data_folder: Path) -> Iterator[str]:
    """The address of a server of its own."""
    with Server(data_folder) as found:
        yield found.http


@pytest.fixture(scope="session")
def catalog(server: str) -> dict[str, Any]:
    """What the server says can be chosen."""
    with urllib.request.urlopen(f"{server}/api/catalog") as answer:
        said: dict[str, Any] = json.load(answer)
    return said


SCREEN: ViewportSize = {"width": 1366, "height": 768}


def how() -> dict[str, Any]:
    """How Chromium is started.

    No page draws in three dimensions, and without a graphics card, real or imitated, it draws with
    less effort.
    """
    without = ["--disable-gpu", "--disable-software-rasterizer"]
    return {"executable_path": str(headless()), "args": [*arguments(), *without]}


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What drives browsers."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """One Chromium for those who need several visitors, or one of a kind."""
    chromium = driver.chromium.launch(**how())
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a browser keeps on disk."""
    return tmp_path_factory.mktemp("profile")


@pytest.fixture(scope="module")
def visitor(driver: Playwright, server: str, profile: Path) -> Iterator[BrowserContext]:
    """A Chromium with a profile, as people have: it keeps what it has compiled of Plotly's script.

    To compile that anew for each page, as a browser without one must, is most of what a page costs.
    Some files of tests have a server of their own, so each has a browser of its own.
    """
    chromium = driver.chromium.launch_persistent_context(
        profile, base_url=server, viewport=SCREEN, **how()
    )
    chromium.set_default_timeout(PATIENCE_MS)
    yield chromium
    chromium.close()


class Watch:
    """What a page should never do: complain on the console, or ask another host."""

    def __init__(self, server: str) -> None:
        self._host = urlsplit(server).netloc
        self.complaints: list[str] = []
        self.expected: list[str] = []  # patterns of complaints that a test provokes

    def follow(self, page: Page) -> None:
        """Listen to a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", lambda request: self._asked(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            where = message.location.get("url", "")
            self.complaints.append(f"{message.type}: {message.text} ({where})")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._host:
            self.complaints.append(f"request to another host: {url}")

    def unexpected(self) -> list[str]:
        """The complaints that no test provoked."""
        return [
            complaint
            for complaint in self.complaints
            if not any(re.search(pattern, complaint) for pattern in self.expected)
        ]


@pytest.fixture
def watch(server: str) -> Iterator[Watch]:
    """Fails the test on a console error and on any request to another host."""
    watching = Watch(server)
    yield watching
    assert watching.unexpected() == []


@pytest.fixture
def context(visitor: BrowserContext, server: str) -> Iterator[BrowserContext]:
    """A browser of one visitor, whom nobody has seen before."""
    yield visitor
    visitor.set_offline(False)
    _stop_all(visitor, server)
    _forget(visitor, server)


def _stop_all(visitor: BrowserContext, server: str) -> None:
    """End what a test left training: the next test needs the workers."""
    for kind in ("studies", "runs"):
        for one in visitor.request.get(f"/api/{kind}").json()["items"]:
            if one["mine"] and one["state"] in ("queued", "running", "paused"):
                visitor.request.post(
                    f"/api/{kind}/{one['id']}/control",
                    data={"action": "stop"},
                    headers={"origin": server},
                )


def _forget(visitor: BrowserContext, server: str) -> None:
    """Leave nothing of a test but what the browser has loaded and compiled."""
    blank, *opened = visitor.pages
    for page in opened:
        page.close()
    visitor.clear_cookies()
    visitor.clear_permissions()
    storage = visitor.new_cdp_session(blank)
    storage.send("Storage.clearDataForOrigin", {"origin": server, "storageTypes": "local_storage"})
    storage.detach()


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    """An empty page that is watched."""
    opened = context.new_page()
    watch.follow(opened)
    return opened


@pytest.fixture(scope="module")
def house(browser: Browser, server: str) -> Iterator[Stage]:
    """One page for all these tests; it must never complain nor ask another host."""
    watch = Watch(server)
    visitor = browser.new_context(base_url=server, viewport=SCREEN)
    page = visitor.new_page()
    watch.follow(page)
    yield Stage(page)
    visitor.close()
    assert watch.unexpected() == []


@pytest.fixture
def stage(house: Stage) -> Stage:
    """An empty stage for charts."""
    house.clear()
    return house


@pytest.fixture
def twins(stage: Stage) -> Stage:
    """A stage with a finished pair."""
    stage.tell("p", spec("none"), events(spec("none")))
    stage.tell("r", spec("identity"), events(spec("identity"), seed=1))
    return stage


@pytest.fixture
def race(page: Page) -> str:
    """A pair that was just started, on the page that lists it."""
    page.goto("/runs")
    return start(page, "studies", {"study": "twins", "base": {"net": MLP, "steps": 30}})


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """A server on which nothing was ever trained."""
    with Server(tmp_path) as found:
        yield found.http
