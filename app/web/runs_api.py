"""/api/runs: create, list, look at, control, delete, and read what a run said."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.web.events import event_page
from app.web.kit import (
    CHANGES_ONE,
    READS,
    READS_ONE,
    WRITES,
    ControlBody,
    RunBody,
    Who,
    answer,
    gives,
    raw_answer,
    takes,
)
from app.web.problems import documented
from app.web.queries import (
    After,
    EventsAfter,
    EventsLimit,
    Id,
    InState,
    InStudy,
    Limit,
    Paused,
    Text,
)
from app.web.site import Site


def router(site: Site) -> APIRouter:
    """The routes of runs."""
    routes = APIRouter(prefix="/api/runs", tags=["runs"])
    runs = site.runs

    @routes.post(
        "",
        summary="Train a network",
        status_code=201,
        responses={**gives("Run", "the run, waiting", 201), **WRITES, **documented(429, 503)},
        openapi_extra=takes("RunSpec"),
    )
    async def create(spec: RunBody, who: Who, paused: Paused = False) -> Response:
        with site.waiting.room(who, 1) as created:
            run = await runs.create_run(spec, who.owner(), paused=paused)
            created.append(run.id)
        return answer(run, 201, f"/api/runs/{run.id}")

    @routes.get(
        "",
        summary="List runs, newest first",
        responses={**gives("RunPage", "a page of runs"), **READS},
    )
    async def index(
        who: Who,
        state: InState = None,
        study: InStudy = None,
        text: Text = None,
        after: After = None,
        limit: Limit = 50,
    ) -> Response:
        return answer(
            await runs.runs(
                state=state, study=study, text=text, after=after, limit=limit, viewer=who.known
            )
        )

    @routes.get(
        "/{run_id:id}", summary="Look at a run", responses={**gives("Run", "the run"), **READS_ONE}
    )
    async def one(run_id: Id, who: Who) -> Response:
        return answer(await runs.run(run_id, viewer=who.known))

    @routes.delete(
        "/{run_id:id}",
        summary="Delete a run and all it said; it is stopped",
        status_code=204,
        responses={204: {"description": "it is gone"}, **CHANGES_ONE},
    )
    async def delete(run_id: Id, who: Who) -> Response:
        await runs.delete_run(run_id, who.owner())
        return Response(status_code=204)

    @routes.post(
        "/{run_id:id}/control",
        summary="Pause, resume, step or stop a run",
        responses={**gives("Run", "the run"), **WRITES, **CHANGES_ONE},
        openapi_extra=takes("Control"),
    )
    async def control(run_id: Id, control: ControlBody, who: Who) -> Response:
        return answer(await runs.control_run(run_id, control.action, who.owner()))

    @routes.get(
        "/{run_id:id}/events",
        summary="Read what a run said",
        responses={**gives("EventPage", "events after the cursor"), **READS_ONE},
    )
    async def events(run_id: Id, after: EventsAfter = -1, limit: EventsLimit = 1000) -> Response:
        return raw_answer(await event_page(runs, run_id, after, limit))

    return routes
