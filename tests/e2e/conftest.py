"""A real server and a real browser for the tests of the pages."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
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
    expect,
    sync_playwright,
)

from tests.chromium import arguments, find
from tests.e2e.runs import MLP, start
from tests.e2e.stage import Stage, events, spec
from tests.server import Server

ROOT = Path(__file__).parents[2]
# How long to wait for what must come: a busy machine is slow, the first run waits for a worker
# that loads torch, and only a failure waits in full.
PATIENCE_MS = 60_000
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(find()), args=arguments())
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
def context(browser: Browser, server: str) -> Iterator[BrowserContext]:
    """A browser of one visitor: cookies and storage of its own."""
    visitor = browser.new_context(base_url=server, viewport={"width": 1366, "height": 768})
    visitor.set_default_timeout(PATIENCE_MS)
    yield visitor
    _stop_all(visitor, server)
    visitor.close()


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


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    """An empty page that is watched."""
    opened = context.new_page()
    watch.follow(opened)
    return opened


Logic = Callable[..., Any]


@pytest.fixture(scope="session")
def logic(browser: Browser, server: str) -> Iterator[Logic]:
    """Runs JavaScript against the pure modules: ``logic("return (await load('x')).f(arg)", arg)``.

    ``load(name)`` imports ``static/js/logic/<name>.js``; ``catalog`` is the server's.
    """
    visitor = browser.new_context(base_url=server)
    page = visitor.new_page()
    page.goto("/api")
    prefix = page.evaluate("new URL(document.querySelector('link[rel=stylesheet]').href).pathname")
    static = prefix.split("/css/")[0]

    def run(body: str, arg: Any = None) -> Any:
        return page.evaluate(
            f"""async (arg) => {{
                const load = (name) => import(`{static}/js/logic/${{name}}.js`);
                const catalog = JSON.parse(document.getElementById("catalog").textContent);
                const words = JSON.parse(document.getElementById("words").textContent);
                (await load("words")).use(words);
                {body}
            }}""",
            arg,
        )

    yield run
    visitor.close()


@pytest.fixture(scope="module")
def house(browser: Browser, server: str) -> Iterator[Stage]:
    """One page for all these tests; it must never complain nor ask another host."""
    watch = Watch(server)
    visitor = browser.new_context(base_url=server, viewport={"width": 1366, "height": 768})
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
