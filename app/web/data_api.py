"""/api/data: which data sets there are, how much of each is here, and downloads of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.data.entry import DataEntry
from app.data.registry import DATASETS
from app.web.context import AppContext
from app.web.dependencies import Who
from app.web.downloads import DataSet, DataSets
from app.web.problems import Problem, documented
from app.web.queries import api_routes

LEAVE = 3.0  # seconds that a cancelled download has to be gone before that is answered


async def entry_of(
    name: Annotated[str, Path(description="a data set's name, as /api/data lists it")],
) -> DataEntry:
    """The data set that an address names.

    Raises:
        Problem: 404, there is none.
    """
    entry = DATASETS.get(name)
    if entry is None:
        raise Problem(404, f"There is no data set of this name; allowed: {', '.join(DATASETS)}.")
    return entry


Named = Annotated[DataEntry, Depends(entry_of)]


def router(context: AppContext) -> APIRouter:
    """The routes of data sets."""
    routes = api_routes("/api/data", ["data"])
    downloads = context.downloads

    @routes.get(
        "",
        summary="List the data sets: what is on this machine, and what is being downloaded",
        response_description="all of them, in the order of the catalog",
    )
    async def index(who: Who) -> DataSets:
        return await run_in_threadpool(downloads.sets, who.known)

    @routes.post(
        "/{name}/download",
        summary="Download a data set, or join the one under way",
        status_code=202,
        response_description="it is being downloaded: ask /api/data how far it is",
        responses={
            200: {"model": DataSet, "description": "it is there already"},
            **documented(403, 404, 409, 429),
        },
    )
    async def download(entry: Named, who: Who, response: Response) -> DataSet:
        if not downloads.begin(entry, who.owner()):
            response.status_code = 200
        return await run_in_threadpool(downloads.look, entry, who.owner())

    @routes.delete(
        "/{name}/download",
        summary="Cancel a download; nothing half-written is left",
        status_code=204,
        response_description="it is cancelled",
        responses=documented(403, 404, 409),
    )
    async def cancel(entry: Named, who: Who) -> Response:
        thread = downloads.cancel(entry, who.owner())
        await run_in_threadpool(thread.join, LEAVE)
        return Response(status_code=204)

    return routes
