"""What the routes of the JSON interface share: bodies in, answers out, and their description."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from app.executors.base import Action
from app.spec import RunSpec
from app.studies.spec import STUDY_SPEC, DepthSpec, SweepSpec, TwinsSpec
from app.web.bodies import body_of, parsed
from app.web.owners import Visitor
from app.web.problems import documented

JSON = "application/json"
AnyStudySpec = TwinsSpec | DepthSpec | SweepSpec
T = TypeVar("T")


class Control(BaseModel):
    """What to do to a run, or to all runs of a study."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: Action


def body(validate: Callable[[bytes], T]) -> Callable[[Request], Coroutine[Any, Any, T]]:
    """A dependency that reads and checks the body."""

    async def read(request: Request) -> T:
        return parsed(validate, await body_of(request))

    return read


def visitor_of(request: Request) -> Visitor:
    """Who asks."""
    visitor: Visitor = request.scope["visitor"]
    return visitor


RunBody = Annotated[RunSpec, Depends(body(RunSpec.model_validate_json))]
StudyBody = Annotated[AnyStudySpec, Depends(body(STUDY_SPEC.validate_json))]
ControlBody = Annotated[Control, Depends(body(Control.model_validate_json))]
Who = Annotated[Visitor, Depends(visitor_of)]

WRITES = documented(400, 403, 413, 415, 422)
READS = documented(422, 503)
READS_ONE = documented(404, 422, 503)
CHANGES_ONE = documented(403, 404, 409, 422, 503)


def _content(schema: str) -> dict[str, Any]:
    return {JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


EXAMPLES: dict[str, Any] = {
    "RunSpec": {"net": {"depth": 20, "skip": "identity"}, "steps": 100},
    "StudySpec": {"study": "twins", "base": {"net": {"depth": 20}, "steps": 100}},
    "Control": {"action": "pause"},
}


def takes(schema: str) -> dict[str, Any]:
    """The description of a JSON body."""
    content = _content(schema)
    content[JSON]["example"] = EXAMPLES[schema]
    return {"requestBody": {"required": True, "content": content}}


def gives(schema: str, about: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """The description of a JSON answer."""
    description: dict[str, Any] = {"description": about, "content": _content(schema)}
    if status == 201:
        description["headers"] = {
            "Location": {"description": "where it is", "schema": {"type": "string"}}
        }
    return {status: description}


def answer(value: BaseModel, status: int = 200, location: str | None = None) -> Response:
    """A model as a JSON response."""
    return raw_answer(value.model_dump_json(), status, location)


def raw_answer(text: str | bytes, status: int = 200, location: str | None = None) -> Response:
    """JSON that is written already, as a response."""
    headers = {"cache-control": "no-store"}
    if location is not None:
        headers["location"] = location
    return Response(text, status, media_type=JSON, headers=headers)
