"""/api/analyses: questions to trained networks. What comes of one is a run, at /api/runs."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.runs import Run
from app.web.context import AppContext
from app.web.dependencies import LOCATION, AnalysisBody, Who, takes
from app.web.problems import documented
from app.web.queries import api_routes


def router(context: AppContext) -> APIRouter:
    """The one route."""
    routes = api_routes("/api/analyses", ["runs"], [503])

    @routes.post(
        "",
        summary="Analyse a run's trained network",
        status_code=201,
        response_description="the analysis, waiting: a run like others",
        responses={201: LOCATION, **documented(429)},
        openapi_extra=takes("AnalysisSpec"),
    )
    async def create(asked: AnalysisBody, who: Who, response: Response) -> Run:
        with context.queue_limits.room(who, 1) as created:
            run = await context.runs.create_analysis(asked, who.owner())
            created.append(run.id)
        response.headers["location"] = f"/api/runs/{run.id}"
        return run

    return routes
