"""Files to take home: a run or a study with all its events, as JSON, CSV or one HTML file."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.runs import Runs
from app.web.kit import READS_ONE
from app.web.queries import Format, Id
from app.web.site import Site

MEDIA_TYPES = ("application/json", "text/csv", "text/html")
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the file, as an attachment",
        "content": {media_type: {} for media_type in MEDIA_TYPES},
    }
}


def router(site: Site) -> APIRouter:
    """The two addresses."""
    routes = APIRouter()
    one_at_a_time = asyncio.Semaphore(1)  # a file holds all events of its runs in memory

    @routes.get(
        "/api/runs/{run_id:id}/export",
        tags=["runs"],
        summary="Take a run home as a file",
        response_class=Response,
        responses={**FILE, **READS_ONE},
    )
    async def run_file(run_id: Id, kind: Format = "json") -> Response:
        run = await site.runs.run(run_id)
        from app.figures.export import export_run  # loads Plotly's Python package

        async with one_at_a_time:
            events = await _events(site.runs, run_id)
            return _file(
                *await run_in_threadpool(export_run, run.model_dump(mode="json"), events, kind)
            )

    @routes.get(
        "/api/studies/{study_id:id}/export",
        tags=["studies"],
        summary="Take a study home as a file",
        response_class=Response,
        responses={**FILE, **READS_ONE},
    )
    async def study_file(study_id: Id, kind: Format = "json") -> Response:
        study = await site.runs.study(study_id)
        from app.figures.export import export_study  # loads Plotly's Python package

        async with one_at_a_time:
            events = {run.id: await _events(site.runs, run.id) for run in study.runs}
            return _file(
                *await run_in_threadpool(export_study, study.model_dump(mode="json"), events, kind)
            )

    return routes


async def _events(runs: Runs, run: str) -> list[bytes]:
    """Everything a run said so far, as encoded."""
    found: list[bytes] = []
    after: int | None = -1
    while after is not None:
        page = await runs.events(run, after)
        found += page.events
        after = page.next
    return found


def _file(body: bytes, media_type: str, name: str) -> Response:
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
    }
    return Response(body, media_type=media_type, headers=headers)
