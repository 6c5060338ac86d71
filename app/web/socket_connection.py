"""What one socket may cost: its client may say little, and must read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from app.web.connection import LINGER, written
from app.web.problems import Problem

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

MOST_FRAMES = 100  # that a client may send in PERIOD; a page sends one, and answers to pings
PERIOD = 10.0  # seconds
SLICE = 2048  # bytes that are parsed before frames are counted again: some 300 at the most
LAST_BYTES = 5.0  # seconds for a closing socket to take what was written for it
LAST_MOMENT = 0.5  # the same, when the server is told to stop
FLOOD = 1008
NOT_TEXT = 1007


class SocketConnection(WebSocketsSansIOProtocol):
    """A socket whose client may say little, and is let go when it does not read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._frames = 0  # since this period began
        self._since = self.loop.time()
        self._deaf = False

    def data_received(self, data: bytes) -> None:
        """Called with whatever came; a little of it at a time, so that a flood is noticed."""
        for start in range(0, len(data), SLICE):
            if self._deaf or self.transport.is_closing():
                return
            super().data_received(data[start : start + SLICE])
        if not self.handshake_initiated:  # all of the request is here, and its parser wants none
            self.transport.write(written(Problem(400, "This is not a WebSocket handshake.")))
            self.transport.close()

    def handle_events(self) -> None:
        """Called when frames were parsed."""
        now = self.loop.time()
        if now - self._since > PERIOD:
            self._frames, self._since = 0, now
        self._frames += len(self.conn.events)
        if self._frames > MOST_FRAMES:
            self._fail(FLOOD, f"more than {MOST_FRAMES} frames in {PERIOD:.0f} seconds")
        else:
            super().handle_events()

    def send_receive_event_to_app(self) -> None:
        """Called when a message is whole."""
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self._fail(NOT_TEXT, "text that is not UTF-8")
                return
        super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """Called when frames are not as they should be."""
        assert self.conn.close_sent is not None
        self._fail(self.conn.close_sent.code, self.conn.close_sent.reason)

    async def send(self, message: ASGISendEvent) -> None:
        """What the application says; nothing is said after the end."""
        await self.writable.wait()
        if self.close_sent:
            raise ClientDisconnected
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # it was refused, and that is an end too

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Called when the application is done with the socket."""
        super().on_task_complete(task)
        if not self.disconnected:
            self.loop.call_later(LAST_BYTES, self.transport.abort)

    def shutdown(self) -> None:
        """Called when the server goes: nobody is waited for who does not read."""
        super().shutdown()
        self.loop.call_later(LAST_MOMENT, self.transport.abort)

    def _fail(self, code: int, reason: str) -> None:
        """Close for a fault of the client, and read no more."""
        self._deaf = True
        if not self.close_sent:
            self.conn.fail(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            if self.transport.can_write_eof():
                self.transport.write_eof()
            self.close_sent = True
            self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        if not self.read_paused:
            self.transport.pause_reading()
        self.read_paused = False  # or the application's next look would read on
        if self.close_timer is not None:
            self.close_timer.cancel()
        self.close_timer = self.loop.call_later(LINGER, self.transport.abort)
