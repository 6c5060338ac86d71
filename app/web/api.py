"""What is neither a run nor a study: health, the catalog, and descriptions of networks."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.description import Description
from app.web.assets import ASK_FIRST
from app.web.context import AppContext
from app.web.dependencies import JSON, RunBody, takes
from app.web.problems import documented
from app.web.queries import api_routes
from app.web.shapes import Catalog


class Health(BaseModel):
    """The server answers. ``trouble``: why what was to be kept last could not be written."""

    status: Literal["ok", "trouble"]
    trouble: str | None = None


def router(context: AppContext) -> APIRouter:
    """The routes."""
    routes = api_routes(tags=["server"])

    @routes.get(
        "/healthz",
        summary="Whether the server answers",
        response_description="it does",
        response_model_exclude_none=True,
    )
    async def healthz() -> Health:
        trouble = context.runs.trouble
        return Health(status="trouble" if trouble else "ok", trouble=trouble)

    @routes.get(
        "/api/catalog",
        summary="What can be chosen, and every setting with its range",
        response_model=Catalog,
        response_description="the catalog",
        responses={304: {"description": "the client's copy is still true"}},
    )
    async def catalog(request: Request) -> Response:
        cached = await run_in_threadpool(context.catalogs.now)
        return cached.blob.response(request, ASK_FIRST)

    @routes.post(
        "/api/describe",
        summary="Measure a network before any training; nothing is stored",
        response_model=Description,
        response_description="layers, memory, step 0",
        responses=documented(503),
        openapi_extra=takes("RunSpec"),
    )
    async def describe(spec: RunBody) -> Response:
        return Response(await context.describer.describe(spec), media_type=JSON)

    return routes
