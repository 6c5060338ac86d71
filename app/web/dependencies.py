"""What the routes of the JSON interface depend on: who asks, and bodies, with their description."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Depends, Request
from fastapi.openapi.constants import REF_PREFIX
from pydantic import Field, model_validator

from app.analyses.spec import ANALYSIS_SPEC, AnalysisSpec
from app.spec import RunSpec
from app.spec.model import Model
from app.studies.spec import STUDY_SPEC, DepthSpec, SweepSpec, TwinsSpec
from app.validation import BadField
from app.web.bodies import body_of, parsed
from app.web.owners import Visitor
from app.web.problems import documented

JSON = "application/json"
AnyStudySpec = TwinsSpec | DepthSpec | SweepSpec
T = TypeVar("T")


class Control(Model):
    """What to do to a run, or to all runs of a study.

    `set` gives live settings other `values` from the next step on, by their paths; twins change at
    one and the same step. `net.skip.strength` is what each shortcut gives is multiplied by, from 0
    to 1, and `net.skip.strength.block3` the same of one block.
    """

    action: Literal["pause", "resume", "step", "stop", "set"]
    values: dict[str, float] | None = Field(None, min_length=1, max_length=20)

    @model_validator(mode="after")
    def _values_belong_to_set(self) -> Control:
        if self.action == "set" and self.values is None:
            raise BadField("values", "is missing", "a value is required")
        if self.action != "set" and self.values is not None:
            raise BadField("values", f"can't go with {self.action}", "allowed with set")
        return self


def body(validate: Callable[[bytes], T]) -> Callable[[Request], Coroutine[Any, Any, T]]:
    """A dependency that reads and checks the body."""

    async def read(request: Request) -> T:
        return parsed(validate, await body_of(request))

    return read


async def visitor_of(request: Request) -> Visitor:
    """Who asks."""
    visitor: Visitor = request.scope["visitor"]
    return visitor


RunBody = Annotated[RunSpec, Depends(body(RunSpec.model_validate_json))]
StudyBody = Annotated[AnyStudySpec, Depends(body(STUDY_SPEC.validate_json))]
AnalysisBody = Annotated[AnalysisSpec, Depends(body(ANALYSIS_SPEC.validate_json))]
ControlBody = Annotated[Control, Depends(body(Control.model_validate_json))]
Who = Annotated[Visitor, Depends(visitor_of)]

EXAMPLES: dict[str, Any] = {
    "RunSpec": {"net": {"depth": 20, "skip": "identity"}, "steps": 100},
    "StudySpec": {"study": "twins", "base": {"net": {"depth": 20}, "steps": 100}},
    "AnalysisSpec": {"analysis": "lesion", "of": "abcdefghij"},
    "Control": {"action": "pause"},
}


# Of what was created.
LOCATION: dict[str, Any] = {
    "headers": {"Location": {"description": "where it is", "schema": {"type": "string"}}}
}


def takes(schema: str) -> dict[str, Any]:
    """The description of a JSON body, and of what may be wrong with it."""
    content = {"schema": {"$ref": REF_PREFIX + schema}, "example": EXAMPLES[schema]}
    return {
        "requestBody": {"required": True, "content": {JSON: content}},
        "responses": documented(400, 403, 408, 413, 415),
    }
