"""A site with a real store and an engine that needs no time, and clients that talk to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.live import Live
from app.runs import Runs
from app.settings import Settings
from app.store.store import Store
from app.web.factory import create_app
from app.web.server import make_site
from app.web.site import Site
from tests.app.web.scripted import ScriptedExecutor

BASE = "http://127.0.0.1:8000"


class Served:
    """A running site and its application."""

    def __init__(self, site: Site, executor: ScriptedExecutor) -> None:
        self.site = site
        self.executor = executor
        self.app = create_app(site)

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """A client with its own cookies, as a page of ours would speak."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False),
            base_url=BASE,
            headers={"origin": BASE, **headers},
        )


@asynccontextmanager
async def serving(folder: Path, *, go: bool = True, **settings: Any) -> AsyncIterator[Served]:
    """A site in this folder, started, and closed in the end."""
    store = Store(f"sqlite:///{folder / 'depthscope.sqlite'}")
    store.open()
    executor = ScriptedExecutor(go=go)
    runs = Runs(executor, store, Live())
    site = make_site(Settings(data=folder, **settings), runs, executor.queue)
    await runs.start()
    try:
        yield Served(site, executor)
    finally:
        await runs.close()
        store.close()


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """A site whose runs end at once."""
    async with serving(tmp_path) as served:
        yield served


@pytest.fixture
async def held(tmp_path: Path) -> AsyncIterator[Served]:
    """A site whose runs wait until ``executor.go`` is set."""
    async with serving(tmp_path, go=False) as served:
        yield served


@pytest.fixture
async def browser(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that visits the site whose runs end at once."""
    async with served.browser() as client:
        yield client


SMALL: dict[str, Any] = {"net": {"family": "mlp", "depth": 4, "width": 4}, "steps": 4}
