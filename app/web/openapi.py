"""The description of the HTTP interface, made from the code's own types."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from fastapi import FastAPI
from pydantic import BaseModel, Field, TypeAdapter
from starlette.routing import Route

from app.events import EVENT
from app.runs import Run, Study
from app.spec import RunSpec
from app.studies.spec import STUDY_SPEC
from app.web.assets import ASK_FIRST, Blob
from app.web.downloads import DataSet, DataSets
from app.web.kit import Control
from app.web.problems import ABOUT as PROBLEMS
from app.web.problems import MEDIA_TYPE, ProblemBody
from app.web.sockets import Follow, StateMessage

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

ABOUT = (
    "Everything the pages do, they do through this interface. A browser is known by a signed "
    "cookie, and only who started a run may control or delete it, and only who began a download "
    "may cancel it: with curl, keep the cookie (`-c jar -b jar`). Errors follow RFC 9457."
)


class Health(BaseModel):
    """The server answers. ``trouble``: why what was to be kept last could not be written."""

    status: Literal["ok", "trouble"]
    trouble: str | None = None


class RunPage(BaseModel):
    """Runs, newest first. ``next`` is the ``after`` of the next page; null on the last."""

    items: list[Run]
    next: str | None


class StudyPage(BaseModel):
    """Studies, newest first. ``next`` is the ``after`` of the next page; null on the last.

    A page is shorter than its limit where its studies have many runs.
    """

    items: list[Study]
    next: str | None


class Plan(BaseModel):
    """The runs of a study, in the order in which they train."""

    runs: list[RunSpec]


class Memory(BaseModel):
    """Bytes that training needs, estimated, and bytes that there are."""

    needed: int
    available: int


class Measured(BaseModel):
    """The first batch before any update; a number that is not finite is null.

    ``error`` is absent where the task has none.
    """

    loss: float | None
    error: float | None = Field(None, ge=0, le=1)
    flow_norm: list[float | None]
    grad_norm: list[float | None]


class Description(BaseModel):
    """A network before any training.

    ``measured`` is null where one batch would take too long, and where the data set has still to
    be downloaded: asking downloads nothing.
    """

    spec: RunSpec
    layers: list[dict[str, Any]]
    projections: list[dict[str, Any]]
    points: list[dict[str, Any]]
    params: int
    memory: Memory
    steps_per_epoch: int
    device: str
    measured: Measured | None


class Backdrop(BaseModel):
    """Some training points in the plane, and their classes."""

    points: list[list[float]]
    truth: list[int]


class Samples(BaseModel):
    """Test examples to be shown: those that `predicted` events of a run on this set tell of.

    `examples` are their places in the test set, `truth` their classes, `classes` what all classes
    are called; both are null of a regression. Of images, `images` are data URLs of PNGs; of points,
    `points` are what a network sees, and `backdrop` what lies around them in the plane.
    """

    data: str
    kind: str
    shape: list[int]
    examples: list[int]
    truth: list[int] | None
    classes: list[str] | None
    images: list[str] | None
    points: list[list[float]] | None
    backdrop: Backdrop | None


class Catalog(BaseModel):
    """What can be chosen, in words and numbers."""

    version: str
    families: list[dict[str, Any]]
    skips: list[dict[str, Any]]
    downsamples: list[dict[str, Any]]
    blocks: list[dict[str, Any]]
    norms: list[dict[str, Any]]
    activations: list[dict[str, Any]]
    inits: list[dict[str, Any]]
    data: list[dict[str, Any]]
    unusable: list[dict[str, str]] = Field(description="folders of images, and what is wrong")
    optimizers: list[dict[str, Any]]
    studies: list[dict[str, Any]]
    presets: list[dict[str, Any]]
    sweepable: list[str]
    limits: dict[str, int]
    schemas: dict[str, Any] = Field(alias="schema")


class EventPage(BaseModel):
    """Events after a cursor. ``next`` is the ``after`` of the next page; null at the end."""

    events: list[dict[str, Any]] = Field(description="see docs/protocol.md, and schema Event")
    next: int | None


SCHEMAS: dict[str, TypeAdapter[Any]] = {
    **{
        model.__name__: TypeAdapter(model)
        for model in (
            RunSpec,
            Control,
            Health,
            Catalog,
            DataSet,
            DataSets,
            Plan,
            Description,
            Samples,
            Run,
            RunPage,
            Study,
            StudyPage,
            EventPage,
            Follow,
            StateMessage,
            ProblemBody,
        )
    },
    "StudySpec": STUDY_SPEC,
    "Event": EVENT,
}


@cache
def schemas() -> dict[str, Any]:
    """Every named type of the interface as JSON Schema, by name."""
    by_key, together = TypeAdapter.json_schemas(
        [(name, "validation", adapter) for name, adapter in SCHEMAS.items()],
        ref_template="#/components/schemas/{model}",
    )
    found: dict[str, Any] = dict(together.get("$defs", {}))
    for (name, _), schema in by_key.items():
        if schema.get("$ref") != f"#/components/schemas/{name}":
            found[name] = schema
    return dict(sorted(found.items()))


def document(app: FastAPI) -> dict[str, Any]:
    """The whole description (OpenAPI 3.1)."""
    described = app.openapi()
    described["components"] = {"schemas": schemas()}
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    for operations in described["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                parameter["schema"] = _without_null(parameter["schema"])
            # unknown parameters are refused everywhere
            operation["responses"].setdefault(
                "422", {"description": PROBLEMS[422], "content": problem}
            )
    return described


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter may be left out, but an address has no way to say null."""
    options = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    if len(options) != 1:
        return schema
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return {**options[0], **rest}


def route(app: FastAPI) -> Route:
    """Where the description is served."""
    kept: list[Blob] = []

    async def show(request: Request) -> Response:
        if not kept:
            text = json.dumps(document(app), allow_nan=False).encode()
            kept.append(Blob.text(text, "application/json"))
        return kept[0].response(request, ASK_FIRST)

    return Route("/openapi.json", show)
