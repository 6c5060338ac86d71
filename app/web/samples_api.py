"""/api/data/{name}/samples: the test examples that a run asks, to be shown."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.data.images import named
from app.data.registry import DATASETS
from app.spec import RunSpec
from app.validation import BadField
from app.web.assets import Blob
from app.web.context import AppContext
from app.web.dependencies import JSON
from app.web.problems import Problem, documented
from app.web.queries import Resize, Samples, api_routes
from app.web.shapes import Samples as Examples

DEFAULT = RunSpec().samples
KEEP = "private, max-age=3600"  # a registered set stays the same; another version may choose anew

Name = Annotated[str, Path(description="a data set of the catalog, or folder:NAME")]


def router(context: AppContext) -> APIRouter:
    """The route."""
    routes = api_routes(tags=["data"])

    @routes.get(
        "/api/data/{name}/samples",
        summary="Show the test examples that a run asks again and again",
        response_model=Examples,
        response_description="the examples, with their classes",
        responses={
            304: {"description": "the client's copy is still true"},
            **documented(404, 409, 503),
        },
    )
    async def samples(
        request: Request, name: Name, count: Samples = DEFAULT, resize: Resize = None
    ) -> Response:
        if name not in DATASETS and not named(name):
            raise Problem(404, f"There is no such data set; allowed: {', '.join(DATASETS)}.")
        try:
            found = await context.describer.samples(name, count, resize)
        except BadField as error:
            what = {"field": error.field, "problem": error.problem, "allowed": error.allowed}
            raise Problem(409, f"{error.problem}; {error.allowed}", [what]) from error
        if name not in DATASETS:
            return Response(found, media_type=JSON)
        return Blob.text(found, JSON).response(request, KEEP)

    return routes
