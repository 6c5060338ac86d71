"""What is neither a run nor a study: health, the catalog, and descriptions of networks."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.web.assets import ASK_FIRST
from app.web.kit import WRITES, RunBody, gives, raw_answer, takes
from app.web.openapi import Health
from app.web.problems import documented
from app.web.site import Site


def router(site: Site) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["server"])

    @routes.get(
        "/healthz", summary="Whether the server answers", responses=gives("Health", "it does")
    )
    async def healthz() -> Response:
        trouble = site.runs.trouble
        health = Health(status="trouble" if trouble else "ok", trouble=trouble)
        return raw_answer(health.model_dump_json(exclude_none=True))

    @routes.get(
        "/api/catalog",
        summary="What can be chosen, with limits and JSON Schemas",
        responses={
            **gives("Catalog", "the catalog"),
            304: {"description": "the client's copy is still true"},
        },
    )
    async def catalog(request: Request) -> Response:
        offer = await run_in_threadpool(site.choices.now)
        return offer.blob.response(request, ASK_FIRST)

    @routes.post(
        "/api/describe",
        summary="Measure a network before any training; nothing is stored",
        responses={**gives("Description", "layers, memory, step 0"), **WRITES, **documented(503)},
        openapi_extra=takes("RunSpec"),
    )
    async def describe(spec: RunBody) -> Response:
        return raw_answer(await site.describer.describe(spec))

    return routes
