"""What one connection may cost: bounds on the size of a request's head and on the time it takes.

The parser is named, not found: its bounds are these, wherever the server runs. What breaks a
bound is refused in words and let go, and costs the others no more than reading that much.
"""

from __future__ import annotations

import asyncio

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.web.problems import Problem
from app.web.security import HEADERS

MOST = 3000  # connections: every viewer that is admitted, and room for requests
MOST_MACHINE = 2000  # of one address: a class behind a proxy, and still room for others
MOST_HEADERS = 100
MAX_LINE = 8000  # bytes of an address, and of one header; a socket's parser takes 8,192
MAX_HEAD = 32 * 1024  # bytes of all headers together
MOST_PIPELINED = 8  # requests that wait behind the one that is being answered

HEAD_WITHIN = 10.0  # seconds for a request's head to come, from the connection or the answer before
TAKE_WITHIN = 60.0  # seconds for a reader to make room for more of an answer
LINGER = 1.0  # seconds for a refusal to be read


class Refused(Exception):
    """A request that is not to be read any further."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.problem = Problem(status, detail)


class Connection(HttpToolsProtocol):
    """A connection whose requests have bounds in size and time."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called first; an address that has too many connections already gets no further."""
        self._refused = False
        self._moved = False  # whether the parser got on with what was received last
        self._unread = 0  # bytes since it last did
        self._count = self._size = 0  # of the headers at hand
        self._begun = False  # whether a request began that has not come to its end
        self._timer: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        if [_machine(other) for other in self.connections].count(_machine(self)) > MOST_MACHINE:
            self._refuse(Problem(503, "Too many connections from one address."))
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called last."""
        self._cancel()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Called with whatever came."""
        if self._refused:
            return
        self._unset_keepalive_if_required()
        self._moved = False
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
            return
        except httptools.HttpParserError as error:
            why = error.__context__
            self._refuse(
                why.problem if isinstance(why, Refused) else Problem(400, "This is not HTTP/1.1.")
            )
            return
        self._unread = 0 if self._moved else self._unread + len(data)
        if self._unread > MAX_HEAD:
            self._refuse(_too_large().problem)

    def on_message_begin(self) -> None:
        """Called at a request's first byte."""
        if len(self.pipeline) >= MOST_PIPELINED:
            raise Refused(429, f"At most {MOST_PIPELINED} requests may wait behind another.")
        self._moved = self._begun = True
        self._count = self._size = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Called with a part of the address."""
        super().on_url(url)
        if len(self.url) > MAX_LINE:
            raise Refused(414, f"The address is longer than {MAX_LINE:,} bytes.")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called with a whole header; also with those that follow a body."""
        line = len(name) + len(value)
        self._count += 1
        self._size += line
        if line > MAX_LINE or self._count > MOST_HEADERS or self._size > MAX_HEAD:
            raise _too_large()
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Called when a request can be answered."""
        self._moved = True
        self._cancel()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Called with a part of the body."""
        self._moved = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Called at a request's last byte."""
        self._begun = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Called when an answer is written: the next request may come, but not for ever."""
        super().on_response_complete()
        if not self.pipeline and not self.transport.is_closing():
            self._await_head()

    def pause_writing(self) -> None:
        """Called when the client does not read as fast as it is told."""
        super().pause_writing()
        if self._stalled is None:
            self._stalled = self.loop.call_later(TAKE_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """Called when it reads again."""
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _await_head(self) -> None:
        self._cancel()
        self._timer = self.loop.call_later(HEAD_WITHIN, self._too_late)

    def _too_late(self) -> None:
        if not self._begun:  # browsers open connections that they may never use
            self.transport.close()
        else:
            self._refuse(Problem(408, f"The request took longer than {HEAD_WITHIN:.0f} seconds."))

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, problem: Problem) -> None:
        """Say why and read no more; a moment later the connection is gone."""
        self._refused = True
        self._cancel()
        if self.transport.is_closing():
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.close()  # words would stand in the midst of another answer
            return
        self.flow.pause_reading()
        self.transport.write(written(problem))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER, self.transport.abort)


def _machine(connection: object) -> str | None:
    """The address at the other end."""
    client: tuple[str, int] | None = getattr(connection, "client", None)
    return client and client[0]


def _too_large() -> Refused:
    return Refused(
        431,
        f"A request may have {MOST_HEADERS} headers, each of {MAX_LINE:,} bytes, "
        f"and {MAX_HEAD:,} bytes of them together.",
    )


def written(problem: Problem) -> bytes:
    """A whole answer, for what the application never hears of."""
    answer = problem.response()
    answer.headers.update({**HEADERS, "connection": "close"})
    lines = [f"HTTP/1.1 {problem.status} {problem.title}".encode()]
    lines += [name + b": " + value for name, value in answer.raw_headers]
    return b"\r\n".join([*lines, b"", bytes(answer.body)])
