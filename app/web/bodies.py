"""Reading what a request brings: small, typed as JSON, and strictly what the schema says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.requests import Request

from app.spec.fields import run_fields
from app.validation import problems
from app.web.problems import Problem

MAX_BODY = 64 * 1024
BODY_WITHIN = 30.0  # seconds for it to come

T = TypeVar("T")


async def body_of(request: Request) -> bytes:
    """The raw body.

    Raises:
        Problem: 415 where it is not declared as JSON, 413 beyond 64 KB (declared or counted), 408
            where it does not come in time.
    """
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if media_type.strip().lower() != "application/json" or charset not in ("", "charset=utf-8"):
        raise Problem(415, "The body must be sent with the content type application/json.")
    too_large = Problem(413, f"The body is larger than {MAX_BODY:,} bytes.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MAX_BODY:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_WITHIN):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    raise too_large
    except TimeoutError:
        late = f"The body took longer than {BODY_WITHIN:.0f} seconds."
        raise Problem(408, late, headers={"connection": "close"}) from None
    return bytes(body)


def parsed(validate: Callable[[bytes], T], body: bytes) -> T:
    """The body as what ``validate`` makes of JSON.

    Raises:
        Problem: 400 where it is not JSON, 422 where it is not allowed; names the fields.
    """
    try:
        return validate(body)
    except ValidationError as error:
        found = problems(error, [field.path for field in run_fields()])
        if any(detail["type"] == "json_invalid" for detail in error.errors(include_input=False)):
            raise Problem.of_fields(400, [_spoilt(body) or found[0]]) from error
        raise Problem.of_fields(422, found) from error


MOST_DIGITS = 4000  # beyond about so many no JSON reader takes a whole number


class _TooLong:
    """Stands for a number of too many digits."""


def _spoilt(body: bytes) -> dict[str, str] | None:
    """The field with a value that spoils the whole: half a surrogate pair, a number without end."""
    try:
        value = json.loads(body, parse_int=_whole)
        path, problem, allowed = next(_spoilt_parts(value, ()))
    except (ValueError, RecursionError, StopIteration):
        return None
    return {"field": ".".join(path), "problem": problem, "allowed": allowed}


def _whole(digits: str) -> Any:
    return int(digits) if len(digits) <= MOST_DIGITS else _TooLong()


def _spoilt_parts(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        yield path, "holds half a surrogate pair", "allowed: whole Unicode characters"
    elif isinstance(value, _TooLong):
        yield path, "has too many digits", f"allowed: at most {MOST_DIGITS:,} digits"
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _spoilt_parts(name, path)  # a spoilt name can't be repeated
            yield from _spoilt_parts(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _spoilt_parts(inner, (*path, str(index)))
