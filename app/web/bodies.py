"""Reading what a request brings: small, typed as JSON, and strictly what the schema says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.requests import Request

from app.spec import problems
from app.web.problems import Problem

MAX_BODY = 64 * 1024

T = TypeVar("T")


async def body_of(request: Request) -> bytes:
    """The raw body.

    Raises:
        Problem: 415 where it is not declared as JSON, 413 beyond 64 KB (declared or counted).
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
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise too_large
    return bytes(body)


def parsed(validate: Callable[[bytes], T], body: bytes) -> T:
    """The body as what ``validate`` makes of JSON.

    Raises:
        Problem: 400 where it is not JSON, 422 where it is not allowed; names the fields.
    """
    try:
        return validate(body)
    except ValidationError as error:
        found = problems(error)
        if any(detail["type"] == "json_invalid" for detail in error.errors(include_input=False)):
            raise Problem.of_fields(400, [_half_character(body) or found[0]]) from error
        raise Problem.of_fields(422, found) from error


def _half_character(body: bytes) -> dict[str, str] | None:
    """Which field holds half a surrogate pair, the one thing that spoils JSON inside a value."""
    try:
        path = _lone_surrogate(json.loads(body), ())
    except (ValueError, RecursionError):
        return None
    if path is None:
        return None
    return {
        "field": ".".join(path),
        "problem": "holds half a surrogate pair",
        "allowed": "allowed: whole Unicode characters",
    }


def _lone_surrogate(value: Any, path: tuple[str, ...]) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return path if any("\ud800" <= character <= "\udfff" for character in value) else None
    if isinstance(value, dict):
        if any(_lone_surrogate(key, path) is not None for key in value):
            return path  # the name itself can't be repeated
        items = ((str(key), inner) for key, inner in value.items())
    elif isinstance(value, list):
        items = ((str(index), inner) for index, inner in enumerate(value))
    else:
        return None
    return next(
        (
            found
            for name, inner in items
            if (found := _lone_surrogate(inner, (*path, name))) is not None
        ),
        None,
    )
