"""The guard before everything: Host, Origin, security headers and the visitor's cookie."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from starlette.datastructures import Headers, MutableHeaders

from app.modules import digest
from app.settings import Settings
from app.web.owners import Owners, Visitor, machine_of
from app.web.problems import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "content-security-policy"


def policy(*inline: str) -> str:
    """The content security policy of a page in which these scripts, and no others, stand inline."""
    scripts = " ".join(("'self'", *map(digest, inline)))
    return (
        f"default-src 'self'; script-src {scripts}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


HEADERS = {
    POLICY: policy(),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",  # of what does not say otherwise
}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
PORTS = {"http": "80", "https": "443"}


def authority(netloc: str, scheme: str) -> str:
    """Host and port in lower case, without the scheme's own port."""
    return netloc.lower().removesuffix(f":{PORTS[scheme]}")


class Guard:
    """ASGI middleware around the whole application.

    - The Host must be a name of this machine, or an address: a page of another site whose name
      was pointed here gets nothing (DNS rebinding), and an address can't be pointed elsewhere.
    - Writes and sockets must come from our own pages, or from no page at all: browsers always
      send an Origin with them, other programs send none and hold nobody's cookie.
    """

    def __init__(self, app: ASGIApp, settings: Settings, owners: Owners) -> None:
        self._app = app
        self._origins = settings.pages
        self._owners = owners
        name = socket.gethostname().lower()
        short = name.partition(".")[0]
        self._hosts = {"localhost", name, short, f"{short}.local", settings.host.lower()}
        self._hosts |= {urlsplit(origin).hostname or "" for origin in self._origins}

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
                for name, value in HEADERS.items():
                    out.setdefault(name, value)
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
        if not self._answers_to(_hostname(host)):
            return Problem(
                421,
                "This server does not answer to this name. Open it by the machine's own name or "
                "address, or add the name to its setting DEPTHSCOPE_ORIGINS (http://name:port).",
            )
        if not all(map(_is_text, (scope.get("raw_path") or b"", scope["query_string"]))):
            return Problem(400, "The address holds bytes that are not UTF-8.")
        if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
            return None
        origin = headers.get("origin")
        if origin is None:
            foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        else:
            foreign = not self._ours(origin.lower(), scope, host)
        if foreign:
            return Problem(
                403,
                "Pages of other sites may not write here or follow runs. If this page is the "
                "server's own under another address, add its origin to the server's setting "
                "DEPTHSCOPE_ORIGINS (http://name:port).",
            )
        return None

    def _answers_to(self, name: str) -> bool:
        if name in self._hosts:
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True

    def _ours(self, origin: str, scope: Any, host: str) -> bool:
        if origin in self._origins:
            return True
        scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
        found, separator, netloc = origin.partition("://")
        if not separator or found != scheme:
            return False
        return authority(netloc, scheme) == authority(host, scheme)


def _is_text(part: bytes) -> bool:
    """Whether part of an address is UTF-8, once it is unquoted."""
    try:
        unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        return False
    return True


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
