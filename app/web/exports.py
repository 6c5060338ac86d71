"""Files to take home: a run or a study with all its events, as JSON, CSV or one HTML file.

A file is made part by part, in a thread, as fast as it is taken; its events come from the store
page by page. Only the HTML holds all of its events, and so has a largest size.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.runs import Run, Runs, Study
from app.web.context import AppContext
from app.web.problems import Problem, documented
from app.web.queries import DecimalMark, Format, Id, api_routes

if TYPE_CHECKING:
    from app.figures.export import Decimal, File

MOST_HTML = 16 * 2**20  # bytes of events that one page is made from
MEDIA_TYPES = ("application/json", "text/csv", "text/html")
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the file, as an attachment",
        "content": {media_type: {} for media_type in MEDIA_TYPES},
    }
}


def router(context: AppContext) -> APIRouter:
    """The two addresses."""
    routes = api_routes()
    one_at_a_time = asyncio.Semaphore(1)  # who makes a part; others send theirs meanwhile

    async def parts_of(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
        while True:
            async with one_at_a_time:
                part = await run_in_threadpool(next, parts, None)
            if part is None:
                return
            yield part

    async def file(make: Callable[[], File]) -> Response:
        parts, media_type, name = await run_in_threadpool(make)
        content = parts_of(parts)
        first = await anext(content, b"")  # what goes wrong with it is still an answer

        async def whole() -> AsyncIterator[bytes]:
            yield first
            async for part in content:
                yield part

        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(whole(), media_type=media_type, headers=headers)

    def home(request: Request) -> str:
        """The address to which a page leads back."""
        return context.shared or str(request.base_url)

    @routes.get(
        "/api/runs/{run_id:id}/export",
        tags=["runs"],
        summary="Take a run home as a file",
        response_class=Response,
        responses={**FILE, **documented(404, 503)},
    )
    async def run_file(
        request: Request, run_id: Id, kind: Format = "json", decimal: DecimalMark = None
    ) -> Response:
        mark = _mark(kind, decimal)
        run = await context.runs.run(run_id)
        return await file(
            partial(_file, context, run, Said(context.runs, kind), kind, home(request), mark)
        )

    @routes.get(
        "/api/studies/{study_id:id}/export",
        tags=["studies"],
        summary="Take a study home as a file",
        response_class=Response,
        responses={**FILE, **documented(404, 503)},
    )
    async def study_file(
        request: Request, study_id: Id, kind: Format = "json", decimal: DecimalMark = None
    ) -> Response:
        mark = _mark(kind, decimal)
        study = await context.runs.study(study_id)
        return await file(
            partial(_file, context, study, Said(context.runs, kind), kind, home(request), mark)
        )

    return routes


class Said:
    """What runs said, for a thread that makes a file of it. Made on the server's loop."""

    def __init__(self, runs: Runs, kind: str) -> None:
        self._runs = runs
        self._loop = asyncio.get_running_loop()
        self._room = MOST_HTML if kind == "html" else None

    def by(self, run: str) -> Iterator[bytes]:
        """Everything this run said so far, as encoded.

        Raises:
            Problem: 422, it is too much for one page.
        """
        after: int | None = -1
        while after is not None:
            reading = asyncio.run_coroutine_threadsafe(self._runs.events(run, after), self._loop)
            page = reading.result()
            self._count(page.events)
            yield from page.events
            after = page.next

    def _count(self, events: list[bytes]) -> None:
        if self._room is None:
            return
        self._room -= sum(map(len, events))
        if self._room < 0:
            raise Problem.of_fields(
                422,
                [
                    {
                        "field": "format",
                        "problem": "would be too large for a browser",
                        "allowed": "allowed: json, csv",
                    }
                ],
            )


def _mark(kind: str, decimal: Decimal | None) -> Decimal:
    """How the numbers are written.

    Raises:
        Problem: 422, it is said of a file that has one way of writing them.
    """
    if decimal is not None and kind != "csv":
        raise Problem.of_fields(
            422,
            [
                {
                    "field": "decimal",
                    "problem": f"does not apply to {kind}",
                    "allowed": "allowed: only with format=csv",
                }
            ],
        )
    return decimal or "point"


def _file(
    context: AppContext, of: Run | Study, said: Said, kind: str, address: str, decimal: Decimal
) -> File:
    from app.figures.export import export_run, export_study  # loads Plotly's Python package

    view = of.model_dump(mode="json")

    def catalog() -> dict[str, Any]:
        return context.catalogs.now().catalog

    if isinstance(of, Study):
        events = {run.id: said.by(run.id) for run in of.runs}
        return export_study(view, events, kind, catalog, address, decimal)
    return export_run(view, said.by(of.id), kind, catalog, address, decimal)
