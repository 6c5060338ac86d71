"""One file from one address, with an eye on how it comes."""

from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from time import monotonic
from typing import Any

from app.data.errors import Cancelled

TIMEOUT = 15.0  # seconds to answer
SLOW = (20.0, 2**17)  # a mirror that sends fewer bytes than this in so many seconds is given up
LOOK = 0.1  # seconds between two looks
CHUNK = 2**16  # bytes
GZIP = ("gzip", "x-gzip")


class MirrorFailed(Exception):
    """A mirror did not give the file; says why."""


def receive(
    address: str,
    part: Path,
    size: int,
    progress: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> None:
    """Write what the address sends to ``part``; ``size`` bytes are expected.

    Raises:
        Cancelled: ``cancelled`` said so.
        MirrorFailed: it did not answer, refused, broke off, was too slow, or sent too much.
    """
    from pooch import HTTPDownloader  # both take a moment, and most runs download nothing
    from requests import RequestException, Response

    watch = _Watch(part, size, progress, cancelled)

    def answered(response: Response, *args: Any, **kwargs: Any) -> None:
        watch.hear(response)

    download = HTTPDownloader(
        chunk_size=CHUNK,
        timeout=TIMEOUT,
        hooks={"response": answered},
        headers={"Accept-Encoding": "identity"},  # some pack it all the same: see _Watch.hear
    )
    part.unlink(missing_ok=True)
    try:
        with watch.running():
            download(address, str(part), None)
    except (OSError, ValueError) as error:  # what reading a cut connection may raise, and the disk
        watch.judge()
        if isinstance(error, RequestException):
            raise MirrorFailed(_words(error)) from error
        raise
    watch.judge()
    if watch.packed and part.stat().st_size != size:
        _unpack(part, size)


def _unpack(part: Path, size: int) -> None:
    """Unpack what came packed, where it lies; hardly more of it than is expected."""
    try:
        with TemporaryFile(dir=part.parent) as packed:
            with part.open("rb") as came:
                copyfileobj(came, packed)
            packed.seek(0)
            with gzip.open(packed) as content, part.open("wb") as out:
                while out.tell() <= size and (chunk := content.read(CHUNK)):
                    out.write(chunk)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise MirrorFailed("it sent what can't be unpacked") from error


class _Watch:
    """Looks at a growing file from a thread of its own; cuts the connection where it must."""

    def __init__(
        self,
        part: Path,
        size: int,
        progress: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self.response: Any = None  # requests', once there is one
        self.packed = False
        self._part = part
        self._size = size
        self._progress = progress
        self._cancelled = cancelled
        self._done = threading.Event()
        self._verdict: Exception | None = None

    def hear(self, response: Any) -> None:
        """Take an answer; what comes is kept as it is, even if it is said to be packed.

        Of a .gz, many servers say "Content-Encoding: gzip" and mean that it is one: unpacked on
        the way, it would be another file than was published. Whether one was packed once more is
        told by its size.
        """
        self.response = response
        self.packed = response.raw.headers.pop("content-encoding", "").lower() in GZIP

    @contextmanager
    def running(self) -> Iterator[None]:
        """Look while the body of the ``with`` runs."""
        thread = threading.Thread(target=self._look, name="download", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._done.set()
            thread.join()
            if self.response is not None:
                self.response.close()

    def judge(self) -> None:
        """Raise what made the watch cut the connection, if it did."""
        if self._verdict is not None:
            raise self._verdict

    def _look(self) -> None:
        began, before = monotonic(), 0
        while not self._done.wait(LOOK):
            done = self._part.stat().st_size if self._part.exists() else 0
            self._progress(min(done, self._size))
            if self._cancelled():
                self._cut(Cancelled())
                return
            if done > self._size + (self._size // 100 + CHUNK if self.packed else 0):
                self._cut(MirrorFailed(f"it sent more than the {self._size:,} bytes expected"))
                return
            if self.response is None:
                began = monotonic()  # until it answers, its own time limit holds
            elif monotonic() - began > SLOW[0]:
                if done - before < SLOW[1]:
                    self._cut(MirrorFailed(f"too slow: {done:,} bytes came"))
                    return
                began, before = monotonic(), done

    def _cut(self, verdict: Exception) -> None:
        self._verdict = verdict
        while not self._done.is_set():
            if self.response is not None:  # until it answers there is nothing to cut
                with suppress(OSError, ValueError, RuntimeError):  # it ended by itself just now
                    self.response.raw.shutdown()
            self._done.wait(LOOK)


def _words(error: Exception) -> str:
    """What a failed request means."""
    from requests import exceptions as wrong

    match error:
        case wrong.HTTPError(response=response) if response is not None:
            return f"it answered {response.status_code} {response.reason}"
        case wrong.SSLError():
            return "its certificate is not trusted here"
        case wrong.ChunkedEncodingError():
            return "it broke off in the middle"
        case wrong.Timeout():
            return f"no answer within {TIMEOUT:g} seconds"
        case wrong.ConnectionError():
            return "it can't be reached"
        case _:
            return type(error).__name__
