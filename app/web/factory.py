"""Puts the web together: one application from its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic_core import ErrorDetails
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from app import __version__
from app.executors.base import Refused
from app.runs import NotFound, NotKept, NotNow, NotOwner, Unreadable
from app.store.errors import Unavailable
from app.validation import BadField, in_words
from app.web import (
    analyses_api,
    api,
    data_api,
    exports,
    pages,
    runs_api,
    samples_api,
    sockets_api,
    studies_api,
)
from app.web.context import AppContext
from app.web.openapi import ABOUT, Described
from app.web.problems import Problem
from app.web.security import Guard


def create_app(context: AppContext) -> FastAPI:
    """The application with these parts."""
    app = Described(
        title="Depthscope",
        version=__version__,
        summary="Plain and residual networks, trained live, measured at every depth.",
        description=ABOUT,
        docs_url=None,  # FastAPI's pages load their scripts from elsewhere
        redoc_url=None,
        separate_input_output_schemas=False,
        redirect_slashes=False,
        middleware=[Middleware(Guard, settings=context.settings, owners=context.owners)],
        exception_handlers=HANDLERS,
    )
    app.state.pages = pages.Pages(context, app.openapi)
    parts = (
        api,
        data_api,
        samples_api,
        runs_api,
        studies_api,
        analyses_api,
        exports,
        sockets_api,
    )
    for part in parts:  # FastAPI's include_router would make each route a second time
        app.router.routes += part.router(context).routes
    app.router.routes += pages.routes(context, app.state.pages)
    return app


def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


async def _http(request: Request, error: Exception) -> Response:
    """What the router itself refuses: no such address, no such method."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = _methods(request)
        detail = f"This address does not take this method; allowed: {allowed}."
        return Problem(405, detail, headers={"allow": allowed}).response()
    if error.status_code == 404:
        page: Response | None = await run_in_threadpool(request.app.state.pages.missing, request)
        if page is not None:
            return page
    detail = (
        "There is no such address."
        if error.status_code == 404
        else "This request can't be answered."
    )
    return Problem(error.status_code, detail, headers=error.headers).response()


def _methods(request: Request) -> str:
    """All methods of the address; the router itself names those of one route."""
    matching = [
        route
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
    ]
    exact = [route for route in matching if route.path == request.url.path]
    return ", ".join(sorted({name for route in exact or matching for name in route.methods or ()}))


def _invalid(_: Request, error: Exception) -> Response:
    """A parameter of the wrong form."""
    assert isinstance(error, RequestValidationError)
    errors: Sequence[ErrorDetails] = error.errors()
    if any(found["loc"][0] == "path" for found in errors):
        return _missing(_, error)
    # where it stands (query, path) is no part of a parameter's name
    return Problem.of_fields(
        422, in_words(ErrorDetails({**found, "loc": found["loc"][1:]}) for found in errors)
    ).response()


def _missing(_: Request, __: Exception) -> Response:
    return Problem(404, "There is nothing here (any more).").response()


def _told(_: Request, error: Exception) -> Response:
    return Problem(404, str(error)).response()


def _not_owner(_: Request, __: Exception) -> Response:
    return Problem(403, "Only the browser that started it may do this.").response()


def _not_now(_: Request, error: Exception) -> Response:
    return Problem(409, str(error)).response()


def _unavailable(_: Request, error: Exception) -> Response:
    return Problem(503, str(error), headers={"retry-after": "2"}).response()


def _bad_field(_: Request, error: Exception) -> Response:
    """A network that the engine could not build."""
    assert isinstance(error, BadField)
    return Problem.of_fields(
        422, [{"field": error.field, "problem": error.problem, "allowed": error.allowed}]
    ).response()


def _unforeseen(_: Request, __: Exception) -> Response:
    return Problem(500, "Something went wrong in the server; its log says more.").response()


HANDLERS: dict[int | type[Exception], Any] = {
    Problem: _problem,
    HTTPException: _http,
    RequestValidationError: _invalid,
    NotFound: _missing,
    NotKept: _told,
    Unreadable: _told,
    NotOwner: _not_owner,
    NotNow: _not_now,
    Refused: _unavailable,
    Unavailable: _unavailable,
    BadField: _bad_field,
    Exception: _unforeseen,
}
