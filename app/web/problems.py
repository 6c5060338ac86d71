"""What an error looks like over HTTP: RFC 9457, naming the field, never echoing the input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.openapi.constants import REF_PREFIX
from pydantic import BaseModel, Field
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One field that can't be accepted."""

    field: str = Field(description="dotted path of the field; empty for the body as a whole")
    problem: str = Field(description="what is wrong")
    allowed: str = Field(description="what is allowed")


class ProblemBody(BaseModel):
    """An error after RFC 9457."""

    type: str = "about:blank"
    title: str = Field(description="the status in words")
    status: int
    detail: str = Field(description="what happened, for people")
    problems: list[FieldProblem] = Field([], description="the fields to blame, if any")


class Problem(Exception):
    """An answer that is an error; raised anywhere on the way to a response."""

    def __init__(
        self,
        status: int,
        detail: str,
        problems: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.problems = [FieldProblem(**problem) for problem in problems]
        self.headers = dict(headers or {})

    @classmethod
    def of_fields(cls, status: int, problems: Sequence[Mapping[str, str]]) -> Problem:
        """A problem whose detail sums up its fields."""
        first = problems[0]
        name = f"{first['field']} " if first["field"] else ""
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return cls(status, f"{name}{first['problem']}; {first['allowed']}{more}", problems)

    @property
    def title(self) -> str:
        """The status in words."""
        return HTTPStatus(self.status).phrase

    def response(self) -> Response:
        """The problem as an HTTP response."""
        body = ProblemBody(
            title=self.title,
            status=self.status,
            detail=self.detail,
            problems=self.problems,
        )
        return Response(
            body.model_dump_json(), self.status, media_type=MEDIA_TYPE, headers=self.headers
        )


ABOUT = {
    400: "The body is not JSON, or the address or the request is malformed.",
    403: "Somebody else's run or download, or a request from a page of another site; "
    "`DEPTHSCOPE_ORIGINS` adds one that is ours.",
    404: "Not found.",
    405: "This address does not take this method.",
    408: "The request did not come in time.",
    409: "It can't be done in the present state.",
    413: "The body is larger than 64 KB.",
    414: "The address is too long.",
    415: "The body is not application/json.",
    421: "The address's host is not a name of this server; `DEPTHSCOPE_ORIGINS` adds one.",
    422: "A value is not allowed; `problems` names each field.",
    429: "Too much is waiting or running already.",
    431: "Too many headers, or too large ones.",
    503: "The engine or the store can't answer now.",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These problems, for the description of the interface."""
    schema = {"$ref": REF_PREFIX + "ProblemBody"}
    return {
        str(status): {"description": ABOUT[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }
