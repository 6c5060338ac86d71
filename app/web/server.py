"""Runs the application on a socket that listens already, until a signal comes."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from app.runs import Runs
from app.settings import Settings
from app.web import connection, pages
from app.web.assets import Assets
from app.web.bodies import MAX_BODY
from app.web.catalog_cache import CatalogCache
from app.web.context import AppContext
from app.web.describer import Describer
from app.web.downloads import Downloads
from app.web.factory import create_app
from app.web.listening import shared_address
from app.web.owners import Owners, secret_of
from app.web.queue_limits import QueueLimits
from app.web.socket_connection import SocketConnection
from app.web.sockets import Viewers

if TYPE_CHECKING:
    from types import FrameType

FILES = 4096
GRACE = 3  # seconds for requests under way when the server is told to stop


class Server(uvicorn.Server):
    """Ends sockets in order before anything else ends, and leaves by returning."""

    def __init__(
        self, config: uvicorn.Config, context: AppContext, ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._context = context
        self._ready = ready
        self._warming: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer first, then start the engine: its workers need a while and the processor."""
        await super().startup(sockets)
        await self._context.runs.start()
        await asyncio.to_thread(self._context.downloads.clear)
        self._ready()
        self._warming = asyncio.create_task(pages.warm())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the sockets, then the connections, then the engine; downloads are given up."""
        self._context.downloads.cancel_all()
        await self._context.viewers.close()
        await super().shutdown(sockets)
        await self._context.runs.close()
        await asyncio.to_thread(self._context.downloads.wait)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal asks to stop; uvicorn would raise it again after the end."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def serve_on(
    listener: socket.socket,
    settings: Settings,
    runs: Runs,
    queue: Callable[[], list[str]],
    ready: Callable[[], None],
) -> None:
    """Serve until SIGTERM or SIGINT; calls ``ready`` once requests are answered."""
    _allow_many_files()
    context = make_context(settings, runs, queue, shared_address(settings, listener))
    make_server(context, ready).run(sockets=[listener])


def make_server(context: AppContext, ready: Callable[[], None]) -> Server:
    """A server that has yet to run."""
    config = uvicorn.Config(
        create_app(context),
        http=connection.Connection,
        ws=SocketConnection,
        ws_max_size=MAX_BODY,
        ws_per_message_deflate=False,  # costs memory for each viewer, and processor time
        ws_ping_interval=20,
        ws_ping_timeout=20,
        lifespan="off",
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        limit_concurrency=connection.MOST,
        timeout_graceful_shutdown=GRACE,
    )
    return Server(config, context, ready)


def make_context(
    settings: Settings,
    runs: Runs,
    queue: Callable[[], list[str]],
    shared: str | None = None,
) -> AppContext:
    """The parts of the web for this data folder.

    ``queue`` lists the runs that wait; ``shared`` is the address that other machines open.
    """
    return AppContext(
        settings=settings,
        shared=shared,
        runs=runs,
        assets=Assets(),
        catalogs=CatalogCache(settings.data),
        owners=Owners(secret_of(settings.data)),
        queue_limits=QueueLimits(queue),
        describer=Describer(runs.describe, runs.samples),
        downloads=Downloads(settings.data.absolute()),
        viewers=Viewers(),
    )


def _allow_many_files() -> None:
    """Each viewer is an open file, and the usual limit is low."""
    with contextlib.suppress(ImportError):  # Windows has neither the module nor the limit
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
