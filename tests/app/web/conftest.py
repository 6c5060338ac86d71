"""A server with a real store and an engine that needs no time, and clients that talk to it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.live import Live
from app.runs import Runs
from app.settings import Settings
from app.store.networks import Networks
from app.store.store import Store
from app.web.context import AppContext
from app.web.factory import create_app
from app.web.listening import address, listen
from app.web.server import make_context, make_server
from app.web.sockets import Viewers
from tests.app.web.scripted import ScriptedExecutor

BASE = "http://127.0.0.1:8000"


@cache
def empty_database() -> bytes:
    """A database with all tables and nothing in them; making one takes a while."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "depthscope.sqlite"
        store = Store(f"sqlite:///{path}")
        store.open()
        store.close()
        return path.read_bytes()


def opened_store(folder: Path) -> Store:
    """A store in this folder, as after the first start."""
    path = folder / "depthscope.sqlite"
    path.write_bytes(empty_database())
    store = Store(f"sqlite:///{path}")
    store.open()
    return store


class Served:
    """A running server and its application."""

    def __init__(self, context: AppContext, executor: ScriptedExecutor) -> None:
        self.context = context
        self.executor = executor
        self.app = create_app(context)

    def browser(self, *, machine: str = "127.0.0.1", **headers: str) -> httpx.AsyncClient:
        """A client with its own cookies, as a page of ours would speak."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(
                self.app, raise_app_exceptions=False, client=(machine, 50_000)
            ),
            base_url=BASE,
            headers={"origin": BASE, **headers},
        )


@asynccontextmanager
async def serving(
    folder: Path, *, go: bool = True, shared: str | None = None, **settings: Any
) -> AsyncIterator[Served]:
    """A server in this folder, started, and closed in the end."""
    store = opened_store(folder)
    executor = ScriptedExecutor(go=go)
    runs = Runs(executor, store, Live(), Networks(folder / "networks", 10**6))
    context = make_context(Settings(data=folder, **settings), runs, runs.waiting, shared)
    await runs.start()
    try:
        yield Served(context, executor)
    finally:
        context.downloads.cancel_all()
        await runs.close()
        context.downloads.wait()
        store.close()


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """A server whose runs end at once."""
    async with serving(tmp_path) as served:
        yield served


@pytest.fixture
async def held(tmp_path: Path) -> AsyncIterator[Served]:
    """A server whose runs wait until ``executor.go`` is set."""
    async with serving(tmp_path, go=False) as served:
        yield served


@pytest.fixture
async def browser(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that visits the server whose runs end at once."""
    async with served.browser() as client:
        yield client


SMALL: dict[str, Any] = {"net": {"family": "mlp", "depth": 4, "width": 4}, "steps": 4}


class Listening:
    """A server behind a real port, served by the test's own loop."""

    def __init__(self, context: AppContext, executor: ScriptedExecutor, port: int) -> None:
        self.context = context
        self.executor = executor
        self.http = f"http://127.0.0.1:{port}"
        self.ws = f"ws://127.0.0.1:{port}"
        self.port = port

    def browser(self) -> httpx.AsyncClient:
        """A client with its own cookies."""
        return httpx.AsyncClient(base_url=self.http, headers={"origin": self.http})


@asynccontextmanager
async def listening(
    folder: Path, *, go: bool = True, viewers: Viewers | None = None
) -> AsyncIterator[Listening]:
    """A server that real sockets can reach."""
    folder.mkdir(exist_ok=True)
    store = opened_store(folder)
    executor = ScriptedExecutor(go=go)
    runs = Runs(executor, store, Live(), Networks(folder / "networks", 10**6))
    context = make_context(Settings(data=folder), runs, runs.waiting)
    if viewers is not None:
        context = replace(context, viewers=viewers)
    ready = asyncio.Event()
    with listen("127.0.0.1", 0) as listener:
        port = address(listener)[1]
        server = make_server(context, ready.set)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await ready.wait()
        try:
            yield Listening(context, executor, port)
        finally:
            server.should_exit = True
            await serving
            store.close()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Listening]:
    """A real server whose runs wait until ``executor.go`` is set."""
    async with listening(tmp_path, go=False) as found:
        yield found
