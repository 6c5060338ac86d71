"""/api/studies: plan, create, list, look at, control and delete several runs as one."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from app.executors.base import Action
from app.runs import Study, StudyPage
from app.spec import RunSpec
from app.studies.registry import plan as plan_of
from app.web.context import AppContext
from app.web.dependencies import LOCATION, ControlBody, StudyBody, Who, takes
from app.web.problems import documented
from app.web.queries import After, Id, InState, Kind, Limit, Paused, Text, api_routes


class Plan(BaseModel):
    """The runs of a study, in the order in which they train."""

    runs: tuple[RunSpec, ...]


def router(context: AppContext) -> APIRouter:
    """The routes of studies."""
    routes = api_routes("/api/studies", ["studies"], [503])
    runs = context.runs

    @routes.post(
        "",
        summary="Start a study",
        status_code=201,
        response_description="the study, waiting",
        responses={201: LOCATION, **documented(429)},
        openapi_extra=takes("StudySpec"),
    )
    async def create(
        spec: StudyBody, who: Who, response: Response, paused: Paused = False
    ) -> Study:
        with context.queue_limits.room(who, len(plan_of(spec))) as created:
            study = await runs.create_study(spec, who.owner(), paused=paused)
            created += [run.id for run in study.runs]
        response.headers["location"] = f"/api/studies/{study.id}"
        return study

    @routes.post(
        "/plan",
        summary="List the runs a study would train; nothing is stored",
        response_description="the runs, in order",
        openapi_extra=takes("StudySpec"),
    )
    async def plan(spec: StudyBody) -> Plan:
        return Plan(runs=plan_of(spec))

    @routes.get(
        "",
        summary="List studies, newest first",
        response_description="a page of studies",
    )
    async def index(
        who: Who,
        state: InState = None,
        study: Kind = None,
        text: Text = None,
        after: After = None,
        limit: Limit = 50,
    ) -> StudyPage:
        return await runs.studies(
            state=state, study=study, text=text, after=after, limit=limit, viewer=who.known
        )

    @routes.get(
        "/{study_id:id}",
        summary="Look at a study",
        response_description="the study",
        responses=documented(404),
    )
    async def one(study_id: Id, who: Who) -> Study:
        return await runs.study(study_id, viewer=who.known)

    @routes.delete(
        "/{study_id:id}",
        summary="Delete a study, its runs and all they said; they are stopped",
        status_code=204,
        response_description="it is gone",
        responses=documented(403, 404, 409),
    )
    async def delete(study_id: Id, who: Who) -> Response:
        await runs.delete_study(study_id, who.owner())
        return Response(status_code=204)

    @routes.post(
        "/{study_id:id}/control",
        summary="Pause, resume, step, stop or change every run of a study",
        response_description="the study",
        responses=documented(404, 409),
        openapi_extra=takes("Control"),
    )
    async def control(study_id: Id, control: ControlBody, who: Who) -> Study:
        if control.values is not None:
            return await runs.change_study(study_id, control.values, who.owner())
        return await runs.control_study(study_id, Action(control.action), who.owner())

    return routes
