"""Types of what addresses may ask: strict, bounded, and described truthfully."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BeforeValidator
from starlette.convertors import Convertor, register_url_convertor

from app.data.imagefile import LARGEST, SMALLEST
from app.executors.base import State
from app.spec.run import MAX_SAMPLES
from app.web.problems import Problem, documented


def boolean(value: Any) -> Any:
    """Only the two words of JSON: not 1, on or yes."""
    return {"true": True, "false": False}.get(value, "neither") if isinstance(value, str) else value


def whole(value: Any) -> Any:
    """Only plain digits: not +1, 1.0 or 1_000."""
    if not isinstance(value, str):
        return value
    digits = value.removeprefix("-")
    return int(value) if digits.isascii() and digits.isdecimal() and len(digits) < 20 else "none"


def api_routes(
    prefix: str = "", tags: Sequence[str] = (), refusals: Sequence[int] = ()
) -> APIRouter:
    """Routes that refuse what they do not document; ``refusals`` may come from any of them."""
    return APIRouter(
        prefix=prefix,
        tags=list(tags),
        dependencies=[Depends(only_known)],
        responses=documented(422, *refusals),
    )


class IdConvertor(Convertor[str]):
    """An id in an address: what has another form matches no route at all."""

    regex = "[a-z2-7]{10}"

    def convert(self, value: str) -> str:
        """From the address."""
        return value

    def to_string(self, value: str) -> str:
        """Into an address."""
        return value


register_url_convertor("id", IdConvertor())

Id = Annotated[
    str, Path(pattern=f"^{IdConvertor.regex}$", description="the id it got when it was created")
]
InStudy = Annotated[
    str | None,
    Query(max_length=64, description="only the runs of this study, or of this kind of study"),
]
InState = Annotated[State | None, Query(description="only those in this state")]
Kind = Annotated[
    Literal["twins", "depth", "sweep"] | None, Query(description="only studies of this kind")
]
Text = Annotated[
    str | None,
    Query(
        max_length=200,
        description="only those whose configuration holds these words; `none` means plain networks",
    ),
]
After = Annotated[
    str | None,
    Query(pattern="^[0-9]{1,18}$", description="the `next` of the page before this one"),
]
# A validator written after the bounds runs before them, and the description keeps the bounds.
Paused = Annotated[
    bool,
    Query(description="hold a run, or twins, before the first step, to be stepped by hand"),
    BeforeValidator(boolean),
]
Limit = Annotated[int, Query(ge=1, le=200, description="how many at most"), BeforeValidator(whole)]
Samples = Annotated[
    int,
    Query(ge=1, le=MAX_SAMPLES, description="how many at most"),
    BeforeValidator(whole),
]
Resize = Annotated[
    int | None,
    Query(ge=SMALLEST, le=LARGEST, description="pixels that your own images are resized to"),
    BeforeValidator(whole),
]
EventsAfter = Annotated[
    int,
    Query(ge=-1, le=2**53, description="the number of the last event that is known"),
    BeforeValidator(whole),
]
EventsLimit = Annotated[
    int, Query(ge=1, le=1000, description="how many events at most"), BeforeValidator(whole)
]
DecimalMark = Annotated[
    Literal["point", "comma"] | None,
    Query(
        alias="decimal",
        description="of CSV: comma for spreadsheets that use it; semicolons then separate columns",
    ),
]
Frames = Annotated[
    bool,
    Query(description="false leaves the frame events out"),
    BeforeValidator(boolean),
]
Format = Annotated[
    Literal["json", "csv", "html"], Query(alias="format", description="what file to make")
]


async def only_known(request: Request) -> None:
    """Refuse what the route does not document: a misspelt filter must not pass for none."""
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = _names(route.dependant)
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise Problem.of_fields(
            422,
            [
                {
                    "field": "query",
                    "problem": "has an unknown parameter",
                    "allowed": f"allowed: {', '.join(sorted(known)) or 'none'}",
                }
            ],
        )
    twice = [name for name in known if len(request.query_params.getlist(name)) > 1]
    if twice:
        raise Problem.of_fields(
            422,
            [
                {"field": name, "problem": "is given twice", "allowed": "allowed: one value"}
                for name in twice
            ],
        )


def _names(dependant: Dependant) -> set[str]:
    names = {str(parameter.alias) for parameter in dependant.query_params}
    return names.union(*map(_names, dependant.dependencies))
