"""/api/studies: plan, create, list, look at, control and delete several runs as one."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.studies.registry import plan as plan_of
from app.web.kit import (
    CHANGES_ONE,
    READS,
    READS_ONE,
    WRITES,
    ControlBody,
    StudyBody,
    Who,
    answer,
    gives,
    raw_answer,
    takes,
)
from app.web.problems import documented
from app.web.queries import After, Id, InState, Kind, Limit, Paused, Text
from app.web.site import Site


def router(site: Site) -> APIRouter:
    """The routes of studies."""
    routes = APIRouter(prefix="/api/studies", tags=["studies"])
    runs = site.runs

    @routes.post(
        "",
        summary="Start a study",
        status_code=201,
        responses={**gives("Study", "the study, waiting", 201), **WRITES, **documented(429, 503)},
        openapi_extra=takes("StudySpec"),
    )
    async def create(spec: StudyBody, who: Who, paused: Paused = False) -> Response:
        with site.waiting.room(who, len(plan_of(spec))) as created:
            study = await runs.create_study(spec, who.owner(), paused=paused)
            created += [run.id for run in study.runs]
        return answer(study, 201, f"/api/studies/{study.id}")

    @routes.post(
        "/plan",
        summary="List the runs a study would train; nothing is stored",
        responses={**gives("Plan", "the runs, in order"), **WRITES},
        openapi_extra=takes("StudySpec"),
    )
    async def plan(spec: StudyBody) -> Response:
        runs_json = ",".join(run.model_dump_json() for run in plan_of(spec))
        return raw_answer(f'{{"runs":[{runs_json}]}}')

    @routes.get(
        "",
        summary="List studies, newest first",
        responses={**gives("StudyPage", "a page of studies"), **READS},
    )
    async def index(
        who: Who,
        state: InState = None,
        study: Kind = None,
        text: Text = None,
        after: After = None,
        limit: Limit = 50,
    ) -> Response:
        return answer(
            await runs.studies(
                state=state, study=study, text=text, after=after, limit=limit, viewer=who.known
            )
        )

    @routes.get(
        "/{study_id:id}",
        summary="Look at a study",
        responses={**gives("Study", "the study"), **READS_ONE},
    )
    async def one(study_id: Id, who: Who) -> Response:
        return answer(await runs.study(study_id, viewer=who.known))

    @routes.delete(
        "/{study_id:id}",
        summary="Delete a study, its runs and all they said; they are stopped",
        status_code=204,
        responses={204: {"description": "it is gone"}, **CHANGES_ONE},
    )
    async def delete(study_id: Id, who: Who) -> Response:
        await runs.delete_study(study_id, who.owner())
        return Response(status_code=204)

    @routes.post(
        "/{study_id:id}/control",
        summary="Pause, resume, step or stop every run of a study",
        responses={**gives("Study", "the study"), **WRITES, **CHANGES_ONE},
        openapi_extra=takes("Control"),
    )
    async def control(study_id: Id, control: ControlBody, who: Who) -> Response:
        return answer(await runs.control_study(study_id, control.action, who.owner()))

    return routes
