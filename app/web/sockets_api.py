"""The addresses of the sockets: everything after a cursor, then what comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.websockets import WebSocket

from app.runs import NotFound
from app.web.context import AppContext
from app.web.sockets import BAD_REQUEST, NOT_FOUND, Closed, RunQuery


def router(context: AppContext) -> APIRouter:
    """The two addresses."""
    routes = APIRouter()

    @routes.websocket("/api/runs/{run_id:id}/live")
    async def run_live(socket: WebSocket, run_id: str) -> None:
        async with context.viewers.one(socket):
            query = _query(socket)
            await _known(context, run=run_id)
            await _follow(context, socket, [run_id], {run_id: query.after}, query.frames)

    @routes.websocket("/api/studies/{study_id:id}/live")
    async def study_live(socket: WebSocket, study_id: str) -> None:
        async with context.viewers.one(socket):
            if socket.query_params:
                raise Closed(BAD_REQUEST, "a study's address says nothing; its first message does")
            runs = await _known(context, study=study_id)
            first = await context.viewers.first_message(socket)
            if not set(first.after) <= set(runs):
                raise Closed(BAD_REQUEST, "after names a run that is not the study's")
            await _follow(context, socket, runs, first.after, first.frames)

    return routes


async def _known(context: AppContext, *, run: str = "", study: str = "") -> list[str]:
    try:
        if study:
            return [one.id for one in (await context.runs.study(study)).runs]
        return [(await context.runs.run(run)).id]
    except NotFound:
        raise Closed(NOT_FOUND, "there is no such run or study") from None


async def _follow(
    context: AppContext,
    socket: WebSocket,
    runs: Sequence[str],
    after: Mapping[str, int],
    frames: bool,
) -> None:
    await context.viewers.send(socket, context.runs.follow(runs, after, frames))


def _query(socket: WebSocket) -> RunQuery:
    asked = socket.query_params.multi_items()
    names = [name for name, _ in asked]
    twice = next((name for name in RunQuery.model_fields if names.count(name) > 1), None)
    if twice:
        raise Closed(BAD_REQUEST, f"{twice} is given twice")
    try:
        return RunQuery.model_validate(dict(asked))
    except ValidationError as error:
        raise Closed(
            BAD_REQUEST, "only after (a whole number from -1 on) and frames (true or false)"
        ) from error
