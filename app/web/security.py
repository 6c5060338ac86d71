"""The guard before everything: Host, Origin, security headers and the visitor's cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders

from app.settings import Settings
from app.web.owners import Owners, Visitor, machine_of
from app.web.problems import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
PORTS = {"http": "80", "https": "443"}


def authority(netloc: str, scheme: str) -> str:
    """Host and port in lower case, without the scheme's own port."""
    return netloc.lower().removesuffix(f":{PORTS[scheme]}")


class Guard:
    """ASGI middleware around the whole application.

    - Where only this machine can reach the server, the Host must be this machine: a page of
      another site whose name was pointed at 127.0.0.1 gets nothing (DNS rebinding).
    - Writes and sockets must come from our own pages, or from no page at all: browsers always
      send an Origin with them, other programs send none and hold nobody's cookie.
    """

    def __init__(self, app: ASGIApp, settings: Settings, owners: Owners) -> None:
        self._app = app
        self._origins = frozenset(settings.origins)
        self._owners = owners
        self._hosts: set[str | None] | None = None
        if settings.loopback:
            self._hosts = {"localhost", "127.0.0.1", "::1", settings.host}
            self._hosts |= {urlsplit(origin).hostname for origin in settings.origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        visitor = Visitor(
            self._owners.read(headers.get("cookie", "")), machine_of(scope.get("client"))
        )
        scope["visitor"] = visitor

        async def send_guarded(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                out = MutableHeaders(scope=message)
                out.update(HEADERS)
                if visitor.minted is not None:
                    secure = scope["scheme"] in ("https", "wss")
                    out.append("set-cookie", self._owners.cookie(visitor.minted, secure=secure))
            await send(message)

        problem = self._refusal(scope, headers)
        if problem is not None:
            await problem.response()(scope, receive, send_guarded)
        else:
            await self._app(scope, receive, send_guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> Problem | None:
        host = headers.get("host", "")
        if self._hosts is not None and _hostname(host) not in self._hosts:
            return Problem(421, "This server answers only to this machine's own name.")
        if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
            return None
        origin = headers.get("origin")
        if origin is None:
            foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        else:
            foreign = not self._ours(origin.lower(), scope, host)
        if foreign:
            return Problem(403, "Pages of other sites may not write here or follow runs.")
        return None

    def _ours(self, origin: str, scope: Any, host: str) -> bool:
        if origin in self._origins:
            return True
        scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
        found, separator, netloc = origin.partition("://")
        if not separator or found != scheme:
            return False
        return authority(netloc, scheme) == authority(host, scheme)


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
