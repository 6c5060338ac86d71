"""The pages: templates filled with the words, the catalog and the figures.

No page holds anything of its visitor, so each is rendered once and kept until a file changes, or
what can be chosen.

A template sees ``page`` (its name), ``words`` (templates/words.json), ``catalog``, ``figures``,
``static`` (the address of the static files), ``plotly`` (the address of Plotly's script),
``charts`` (whether the page draws any) and ``modules`` (the addresses of the ES modules that the
page's own script imports, for ``modulepreload``).
"""

from __future__ import annotations

import asyncio
import json
import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from app.web.assets import ASK_FIRST, FOR_GOOD, Blob, folder, stamp_of
from app.web.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from app.web.site import Site

HTML = "text/html; charset=utf-8"
JSON = "application/json"
IMPORT = re.compile(rb"""^\s*(?:import|export)\b[^;'"]*?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


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
    Page("/runs", "runs"),
    Page("/api", "api", charts=False),
)


@lru_cache(maxsize=1)
def figures() -> dict[str, Any]:
    """Every chart; the first call loads Plotly's Python package."""
    from app.figures import all_figures

    return all_figures()


@lru_cache(maxsize=1)
def figures_blob() -> Blob:
    """The figures as served."""
    return Blob.text(json.dumps(figures(), allow_nan=False).encode(), JSON)


class Pages:
    """Renders the pages of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._root = folder("templates")
        self._environment = Environment(
            loader=FileSystemLoader(self._root), autoescape=True, undefined=StrictUndefined
        )
        self._environment.policies["json.dumps_kwargs"] = {
            "allow_nan": False,
            "separators": (",", ":"),
        }
        self._kept: dict[str, tuple[object, Blob]] = {}

    def blob(self, page: Page) -> Blob:
        """The page as of the files and the images that are there now."""
        assets = self._site.assets
        offer = self._site.choices.now()
        stamp = (assets.look(), stamp_of(self._root), offer.stamp)
        kept = self._kept.get(page.name)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        text = self._environment.get_template(f"{page.name}.html").render(
            page=page.name,
            shared=self._site.shared or "",
            words=json.loads((self._root / "words.json").read_text(encoding="utf-8")),
            catalog=offer.catalog,
            figures=figures() if page.charts else {},
            static=assets.prefix,
            plotly=self._site.plotly.url,
            charts=page.charts,
            modules=self._modules(f"js/pages/{page.name}.js"),
        )
        blob = Blob.text(text.encode(), HTML)
        self._kept[page.name] = (stamp, blob)
        return blob

    def _modules(self, entry: str) -> list[str]:
        """The addresses of a module and all it imports, itself first."""
        found: dict[str, None] = {}
        queue = [entry]
        while queue:
            name = queue.pop(0)
            source = self._site.assets.source(name)
            if name in found or source is None:
                continue
            found[name] = None
            queue += [
                posixpath.normpath(posixpath.join(posixpath.dirname(name), target.decode()))
                for target in IMPORT.findall(source)
            ]
        return [f"{self._site.assets.prefix}/{name}" for name in found]


def routes(site: Site) -> list[Route]:
    """Pages, static files, Plotly, and the figures."""
    pages = Pages(site)

    def page_route(page: Page) -> Route:
        async def show(request: Request) -> Response:
            request.scope["visitor"].owner()  # the browser's cookie comes with its first page
            blob = await run_in_threadpool(pages.blob, page)
            return blob.response(request, ASK_FIRST)

        return Route(page.path, show, name=page.name)

    async def static(request: Request) -> Response:
        version, name = request.path_params["version"], request.path_params["name"]
        response = site.assets.response(request, version, name)
        if response is None:
            raise Problem(404, "There is no such file.")
        return response

    async def plotly(request: Request) -> Response:
        blob = await run_in_threadpool(lambda: site.plotly.blob)
        return blob.response(request, FOR_GOOD)

    async def figures_json(request: Request) -> Response:
        blob = await run_in_threadpool(figures_blob)
        return blob.response(request, ASK_FIRST)

    return [
        *map(page_route, PAGES),
        Route("/static/{version}/{name:path}", static),
        Route(site.plotly.url, plotly),
        Route("/figures.json", figures_json),
    ]


async def warm(site: Site) -> None:
    """Make ready what the first visitor would wait for."""
    await asyncio.gather(
        run_in_threadpool(lambda: site.plotly.blob),
        run_in_threadpool(figures_blob),
    )
