"""The description of the HTTP interface: FastAPI's own, and what it can't know."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.constants import REF_TEMPLATE
from pydantic import TypeAdapter

from app.analyses.spec import ANALYSIS_SPEC
from app.spec import RunSpec
from app.studies.spec import STUDY_SPEC
from app.web.dependencies import Control
from app.web.problems import ProblemBody
from app.web.sockets import Follow, StateMessage

ABOUT = (
    "Everything the pages do, they do through this interface. A browser is known by a signed "
    "cookie, and only who started a run may control or delete it, and only who began a download "
    "may cancel it: with curl, keep the cookie (`-c jar -b jar`). Errors follow RFC 9457."
)

# Bodies are read by ourselves, problems raised, and sockets are no part of OpenAPI.
BESIDE: dict[str, TypeAdapter[Any]] = {
    "RunSpec": TypeAdapter(RunSpec),
    "StudySpec": STUDY_SPEC,
    "AnalysisSpec": ANALYSIS_SPEC,
    **{
        model.__name__: TypeAdapter(model) for model in (Control, ProblemBody, Follow, StateMessage)
    },
}


class Described(FastAPI):
    """An application that describes all of its interface."""

    def openapi(self) -> dict[str, Any]:
        """The whole description (OpenAPI 3.1)."""
        if self.openapi_schema is not None:
            return self.openapi_schema
        described = super().openapi()
        by_key, together = TypeAdapter.json_schemas(
            [(name, "validation", adapter) for name, adapter in BESIDE.items()],
            ref_template=REF_TEMPLATE,
        )
        named = {name: schema for (name, _), schema in by_key.items() if "$ref" not in schema}
        schemas = described["components"]["schemas"] | together["$defs"] | named
        described["components"]["schemas"] = dict(sorted(schemas.items()))
        return described
