"""The files of the front end, as they are served.

Everything is served under an address that names its version and so may be cached for good: our
own files under a digest of them all, Plotly's JavaScript under Plotly's version.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response

from app.assets import folder, plotly

if TYPE_CHECKING:
    from starlette.requests import Request

FOR_GOOD = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"  # keep it, but ask whether it is still true

# Plotly's bundle is one function around everything. Left to themselves, browsers compile it twice:
# roughly while it loads, and again, while the page hangs, once it runs. Told that all of it will be
# called, Chromium compiles it once, beside the page; for others this is a comment
# (explicit compile hints, https://v8.dev/blog/explicit-compile-hints).
COMPILE_AHEAD = b"//# allFunctionsCalledOnLoad\n"

PLOTLY = f"plotly-{version_of('plotly')}.js"  # where its script is served, from the pages

MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
PACKED = {".png", ".woff2"}  # compressed already


@dataclass(frozen=True)
class Blob:
    """Bytes ready to serve, compressed once where that helps."""

    body: bytes = field(repr=False)
    media_type: str
    packed: bytes | None = field(repr=False, default=None)

    @classmethod
    def text(cls, body: bytes, media_type: str) -> Blob:
        """A blob worth compressing."""
        return cls(body, media_type, gzip.compress(body, 9, mtime=0))

    @cached_property
    def digest(self) -> str:
        """Names the content."""
        return hashlib.sha256(self.body).hexdigest()[:16]

    def response(
        self, request: Request, cache: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """The blob with these headers beside its own, or 304 where the client has it."""
        packed = self.packed is not None and _takes_gzip(request)
        etag = f'"{self.digest}{"-gzip" if packed else ""}"'
        headers = {**(headers or {}), "etag": etag, "cache-control": cache}
        if self.packed is not None:
            headers["vary"] = "accept-encoding"
        if _matches(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        if packed:
            headers["content-encoding"] = "gzip"
        body = self.packed if packed else self.body
        return Response(body, media_type=self.media_type, headers=headers)


def _takes_gzip(request: Request) -> bool:
    for part in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, quality = part.partition(";")
        if coding.strip() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _matches(condition: str, etag: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in condition.split(",")}
    return "*" in tags or etag in tags


class Assets:
    """The static files, read anew when they changed on disk, so that no restart is needed.

    They are looked at when a page is asked for, or an address of another version: the dozens of
    files that the page then loads are served from memory.
    """

    def __init__(self, root: Path | None = None) -> None:
        self._root = root or folder("static")
        self._stamp: tuple[int, int] | None = None
        self._blobs: dict[str, Blob] = {}
        self._version = ""

    def look(self) -> str:
        """Read anew what changed; returns the version, which one changed byte makes another."""
        stamp = stamp_of(self._root)
        if stamp != self._stamp:
            blobs = {}
            whole = hashlib.sha256()
            for path in _files(self._root):
                name = path.relative_to(self._root).as_posix()
                blobs[name] = _blob(path)
                whole.update(f"{name}\0{blobs[name].digest}\0".encode())
            self._blobs, self._version, self._stamp = blobs, whole.hexdigest()[:12], stamp
        return self._version

    @property
    def prefix(self) -> str:
        """Where the files are served, from the pages: relative, as all their addresses are."""
        return f"static/{self._version or self.look()}"

    @property
    def names(self) -> list[str]:
        """All files, as paths below static/."""
        return list(self._blobs)

    def source(self, name: str) -> bytes | None:
        """What a file holds; None where there is no such file."""
        blob = self._blobs.get(name)
        return None if blob is None else blob.body

    def response(self, request: Request, version: str, name: str) -> Response | None:
        """The file, for good under its version; None where there is no such file."""
        known = version == self._version or version == self.look()
        cache = FOR_GOOD if known else ASK_FIRST
        blob = self._blobs.get(name)
        return None if blob is None else blob.response(request, cache)


def stamp_of(root: Path) -> tuple[int, int]:
    """Changes whenever a file below ``root`` does: how many there are, and the newest change."""
    times = [path.stat().st_mtime_ns for path in _files(root)]
    return len(times), max(times, default=0)


def _files(root: Path) -> list[Path]:
    return sorted(
        path
        for path in root.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.parts[-2:])
    )


def _blob(path: Path) -> Blob:
    media_type = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
    body = path.read_bytes()
    return Blob(body, media_type) if path.suffix in PACKED else Blob.text(body, media_type)


@cache
def plotly_script() -> Blob:
    """Plotly's JavaScript from the installed Python package; the first call compresses it."""
    return Blob.text(COMPILE_AHEAD + plotly().read_bytes(), MEDIA_TYPES[".js"])
