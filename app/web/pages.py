"""The pages: templates filled with the words, the catalogue and the figures.

No page holds anything of its visitor, so each is rendered once and kept until a file changes, or
what can be chosen.

A template sees ``page`` (its name), ``words`` (templates/words.json), ``catalog``, ``figures``,
``root`` (the address of the first page), ``static`` (of the static files), ``plotly`` (of Plotly's
script), ``charts`` (whether the page draws any, and so needs data), ``importmap``, ``modules`` (the
addresses of the ES modules that the page's own script imports, for ``modulepreload``), ``groups``
and ``published`` (what the page of networks shows), ``questions``, ``query`` (which makes settings
the query of the Lab's address), and ``reference`` (which makes the text about the HTTP interface).

All addresses in a page are relative to it, so that a proxy may serve the pages below any path.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from app.assets import folder, templates
from app.modules import import_map, imported
from app.studies.questions import QUESTIONS
from app.web.assets import ASK_FIRST, FOR_GOOD, PLOTLY, Blob, plotly_script, stamp_of
from app.web.cards import groups, query
from app.web.problems import Problem
from app.web.protocol import protocol
from app.web.reference import reference
from app.web.security import POLICY, policy
from models.published import PUBLISHED

if TYPE_CHECKING:
    from starlette.requests import Request

    from app.web.context import AppContext

HTML = "text/html; charset=utf-8"
ROOT = "./"  # every page lies beside the first
DEEPEST = 20  # folders of an address at which a page says that it is not there


@dataclass(frozen=True)
class Page:
    """A page of ours: where it is, and whether it draws charts."""

    path: str
    name: str
    charts: bool = True


PAGES = (
    Page("/", "lab"),
    Page("/depth", "depth"),
    Page("/gradients", "gradients"),
    Page("/lesion", "lesion"),
    Page("/paths", "paths"),
    Page("/runs", "runs"),
    Page("/experiments", "experiments", charts=False),
    Page("/networks", "networks", charts=False),
    Page("/questions", "questions", charts=False),
    Page("/api", "api", charts=False),
)

MISSING = Page("", "missing", charts=False)


@cache
def figures() -> dict[str, Any]:
    """Every chart; the first call loads Plotly's Python package."""
    from app.figures import all_figures

    return all_figures()


class Pages:
    """Renders the pages of a server whose HTTP interface ``described`` describes as OpenAPI."""

    def __init__(self, context: AppContext, described: Callable[[], dict[str, Any]]) -> None:
        self._context = context
        self._described = described
        self._root = folder("templates")
        self._environment = templates()
        self._kept: dict[tuple[str, str], tuple[object, Blob]] = {}

    def response(self, page: Page, request: Request) -> Response:
        """The page as of the files and the images that are there now."""
        blob = self._blob(page, ROOT)
        return blob.response(request, ASK_FIRST, {POLICY: policy(self._import_map(ROOT))})

    def missing(self, request: Request) -> Response | None:
        """The page at an address that has none; nothing where no page was asked for."""
        folders = request.scope["raw_path"].count(b"/") - 1
        wanted = "text/html" in request.headers.get("accept", "")
        if request.method not in ("GET", "HEAD") or not wanted or folders > DEEPEST:
            return None
        root = "../" * folders or ROOT
        blob = self._blob(MISSING, root)
        headers = {POLICY: policy(self._import_map(root))}
        return Response(blob.body, 404, headers, HTML)

    def _import_map(self, root: str) -> str:
        assets = self._context.assets
        return json.dumps(import_map(assets.names, root + assets.prefix), separators=(",", ":"))

    def _blob(self, page: Page, root: str) -> Blob:
        assets = self._context.assets
        cached = self._context.catalogs.now()
        stamp = (assets.look(), stamp_of(self._root), cached.stamp)
        kept = self._kept.get((page.name, root))
        if kept is not None and kept[0] == stamp:
            return kept[1]
        text = self._environment.get_template(f"{page.name}.html").render(
            page=page.name,
            shared=self._context.shared or "",
            words=json.loads((self._root / "words.json").read_text(encoding="utf-8")),
            catalog=cached.catalog,
            figures=figures() if page.charts else {},
            root=root,
            static=root + assets.prefix,
            plotly=root + PLOTLY,
            charts=page.charts,
            groups=groups,
            published=PUBLISHED,
            questions=QUESTIONS,
            query=query,
            reference=lambda: reference(protocol(self._described())),
            importmap=self._import_map(root),
            modules=[
                f"{root}{assets.prefix}/{name}"
                for name in imported(f"js/pages/{page.name}.js", assets.source)
            ],
        )
        blob = Blob.text(text.encode(), HTML)
        self._kept[page.name, root] = (stamp, blob)
        return blob


def routes(context: AppContext, pages: Pages) -> list[Route]:
    """Pages, static files, and Plotly."""

    def page_route(page: Page) -> Route:
        async def show(request: Request) -> Response:
            request.scope["visitor"].owner()  # the browser's cookie comes with its first page
            return await run_in_threadpool(pages.response, page, request)

        return Route(page.path, show, name=page.name)

    async def static(request: Request) -> Response:
        version, name = request.path_params["version"], request.path_params["name"]
        response = context.assets.response(request, version, name)
        if response is None:
            raise Problem(404, "There is no such file.")
        return response

    async def plotly(request: Request) -> Response:
        blob = await run_in_threadpool(plotly_script)
        return blob.response(request, FOR_GOOD)

    return [
        *map(page_route, PAGES),
        Route("/static/{version}/{name:path}", static),
        Route(f"/{PLOTLY}", plotly),
    ]


async def warm() -> None:
    """Make ready what the first visitor would wait for."""
    await asyncio.gather(run_in_threadpool(plotly_script), run_in_threadpool(figures))
