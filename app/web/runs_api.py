"""/api/runs: create, list, look at, control, delete, and read what a run said."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from app.executors.base import Action
from app.runs import Run, RunPage
from app.web.context import AppContext
from app.web.dependencies import JSON, LOCATION, ControlBody, RunBody, Who, takes
from app.web.events import EventPage, event_page
from app.web.problems import documented
from app.web.queries import (
    After,
    EventsAfter,
    EventsLimit,
    Frames,
    Id,
    InState,
    InStudy,
    Limit,
    Paused,
    Text,
    api_routes,
)

SAFETENSORS = "application/octet-stream"
NETWORK = {
    "description": "the file, as an attachment",
    "content": {SAFETENSORS: {"schema": {"type": "string", "format": "binary"}}},
}


def router(context: AppContext) -> APIRouter:
    """The routes of runs."""
    routes = api_routes("/api/runs", ["runs"], [503])
    runs = context.runs

    @routes.post(
        "",
        summary="Train a network",
        status_code=201,
        response_description="the run, waiting",
        responses={201: LOCATION, **documented(429)},
        openapi_extra=takes("RunSpec"),
    )
    async def create(spec: RunBody, who: Who, response: Response, paused: Paused = False) -> Run:
        with context.queue_limits.room(who, 1) as created:
            run = await runs.create_run(spec, who.owner(), paused=paused)
            created.append(run.id)
        response.headers["location"] = f"/api/runs/{run.id}"
        return run

    @routes.get(
        "",
        summary="List runs, newest first",
        response_description="a page of runs",
    )
    async def index(
        who: Who,
        state: InState = None,
        study: InStudy = None,
        text: Text = None,
        after: After = None,
        limit: Limit = 50,
    ) -> RunPage:
        return await runs.runs(
            state=state, study=study, text=text, after=after, limit=limit, viewer=who.known
        )

    @routes.get(
        "/{run_id:id}",
        summary="Look at a run",
        response_description="the run",
        responses=documented(404),
    )
    async def one(run_id: Id, who: Who) -> Run:
        return await runs.run(run_id, viewer=who.known)

    @routes.delete(
        "/{run_id:id}",
        summary="Delete a run and all it said; it is stopped",
        status_code=204,
        response_description="it is gone",
        responses=documented(403, 404, 409),
    )
    async def delete(run_id: Id, who: Who) -> Response:
        await runs.delete_run(run_id, who.owner())
        return Response(status_code=204)

    @routes.post(
        "/{run_id:id}/control",
        summary="Pause, resume, step, stop or change a run",
        response_description="the run",
        responses=documented(404, 409),
        openapi_extra=takes("Control"),
    )
    async def control(run_id: Id, control: ControlBody, who: Who) -> Run:
        if control.values is not None:
            return await runs.change_run(run_id, control.values, who.owner())
        return await runs.control_run(run_id, Action(control.action), who.owner())

    @routes.get(
        "/{run_id:id}/network",
        summary="Take a run's trained network home, as safetensors",
        response_class=FileResponse,
        responses={200: NETWORK, **documented(404)},
    )
    async def network(run_id: Id) -> FileResponse:
        path = await runs.network(run_id)
        return FileResponse(path, media_type=SAFETENSORS, filename=f"depthscope-{path.name}")

    @routes.get(
        "/{run_id:id}/events",
        summary="Read what a run said",
        response_model=EventPage,
        response_description="events after the cursor",
        responses=documented(404),
    )
    async def events(
        run_id: Id, after: EventsAfter = -1, limit: EventsLimit = 1000, frames: Frames = True
    ) -> Response:
        return Response(await event_page(runs, run_id, after, limit, frames), media_type=JSON)

    return routes
