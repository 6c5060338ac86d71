"""The open sockets on which pages follow runs: admitted, sent to, and closed."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from app.executors.base import State
from app.runs.views import Waits
from app.store.errors import Unavailable
from app.web.queries import boolean, whole

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Coroutine

FIRST_WITHIN = 10.0  # seconds for the client's first message
SEND_WITHIN = 20.0  # seconds for a viewer to take one message
ALIVE_EVERY = 10.0  # seconds: who hears nothing for much longer is listening to nobody
CLOSE_WITHIN = 2.0  # seconds for all sockets to be told that the server goes
MOST = 2000  # sockets a server; measured with all open: some 80 MB
MOST_MACHINE = 1200  # sockets of one address: a class behind a proxy, or one that measures

# Codes of the close frame; from 4000 on they are ours (RFC 6455, section 7.4.2).
ENDED = 1000
GOING_AWAY = 1001
UNWANTED = 1008
TRY_LATER = 1013
BAD_REQUEST = 4400
NOT_FOUND = 4404
TOO_SLOW = 4408

ALIVE = '{"type":"alive"}'
LEAVING = "the server is going away"

T = TypeVar("T")
Cursor = Annotated[int, Field(ge=-1, le=2**53)]


class Follow(BaseModel):
    """A client's first message on a study's socket: where it stands, and what it wants."""

    model_config = ConfigDict(strict=True, extra="forbid")

    after: dict[str, Cursor] = Field(
        {}, description="by run: the number of the last event that the client has"
    )
    frames: bool = Field(True, description="false leaves the frame events out")


class StateMessage(BaseModel):
    """Where a run stands: a message of its own, without a number."""

    type: Literal["state"]
    run: str
    state: State
    step: int = Field(description="training steps done")
    reason: str | None = Field(description="why it stopped, failed or was interrupted")
    waits: Waits | None = Field(description="who is served before it, while it waits")
    ends_in: int | None = Field(
        description="seconds until it is stopped: it is paused, and others wait for its worker"
    )


class RunQuery(BaseModel):
    """What the address of a run's socket may ask."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[Cursor, BeforeValidator(whole)] = -1
    frames: Annotated[bool, BeforeValidator(boolean)] = True


class Closed(Exception):
    """The socket is to be closed with this code, for this reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Viewers:
    """The open sockets: bounded in number, and all closed when the server goes."""

    def __init__(
        self,
        most: int = MOST,
        most_machine: int = MOST_MACHINE,
        send_within: float = SEND_WITHIN,
    ) -> None:
        self._most = most
        self._most_machine = most_machine
        self._closing = asyncio.Event()
        self._open: dict[WebSocket, str] = {}  # and the machines that they lead to
        self.send_within = send_within

    @asynccontextmanager
    async def one(self, socket: WebSocket) -> AsyncIterator[None]:
        """Accept a socket and see it closed in the end, whatever happens to it."""
        await socket.accept()
        code, reason = ENDED, "every run has ended"
        try:
            try:
                self._admit(socket)
                yield
            except Closed as closed:
                code, reason = closed.code, closed.reason
            except Unavailable:
                code, reason = TRY_LATER, "nothing can be read now; try again later"
            except WebSocketDisconnect:
                return
            if socket.application_state is WebSocketState.CONNECTED:
                await _close(socket, code, reason)
        finally:
            self._open.pop(socket, None)

    def _admit(self, socket: WebSocket) -> None:
        machine = socket.scope["visitor"].machine
        if self._closing.is_set():
            raise Closed(GOING_AWAY, LEAVING)
        together, from_there = len(self._open), list(self._open.values()).count(machine)
        if together >= self._most or from_there >= self._most_machine:
            raise Closed(TRY_LATER, "too many viewers; try again later")
        self._open[socket] = machine

    async def first_message(self, socket: WebSocket) -> Follow:
        """What the client says first.

        Raises:
            Closed: it says nothing, or something else; or the server goes.
            WebSocketDisconnect: the client left.
        """
        return await _first_of(_first_message(socket), self._until_closing())

    async def send(self, socket: WebSocket, messages: AsyncGenerator[str, None]) -> None:
        """Send all messages, until they end, the client leaves or speaks, or the server goes.

        Raises:
            Closed: not all was sent; says why.
            WebSocketDisconnect: the client left.
        """
        await _first_of(
            self._pump(socket, messages), _alive(socket), _silence(socket), self._until_closing()
        )

    async def close(self) -> None:
        """Close every socket, and admit no more; returns when nobody need be waited for."""
        self._closing.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_WITHIN):
                while self._open:
                    await asyncio.sleep(0.005)

    async def _until_closing(self) -> NoReturn:
        await self._closing.wait()
        raise Closed(GOING_AWAY, LEAVING)

    async def _pump(self, socket: WebSocket, messages: AsyncGenerator[str, None]) -> None:
        async with aclosing(messages):
            async for message in messages:
                try:
                    async with asyncio.timeout(self.send_within):
                        await socket.send_text(message)
                except TimeoutError:
                    raise Closed(TOO_SLOW, "the viewer does not read") from None


async def _first_of(*acts: Coroutine[Any, Any, T]) -> T:
    """What the first of these to end returns or raises; the others are cancelled."""
    tasks = [asyncio.create_task(act) for act in acts]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task for task in tasks if task.done()).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _said(socket: WebSocket) -> str:
    """The text of the next message; nothing where it is of bytes."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text: str | None = message.get("text")  # None: bytes
    return text or ""


async def _first_message(socket: WebSocket) -> Follow:
    try:
        async with asyncio.timeout(FIRST_WITHIN):
            return Follow.model_validate_json(await _said(socket))
    except TimeoutError:
        raise Closed(BAD_REQUEST, "the first message did not come") from None
    except ValidationError:
        raise Closed(BAD_REQUEST, 'the first message is {"after": {run: number}}') from None


async def _alive(socket: WebSocket) -> NoReturn:
    """Say now and then that somebody is here: a page can't see a socket's own pings."""
    while True:
        await asyncio.sleep(ALIVE_EVERY)
        await socket.send_text(ALIVE)


async def _silence(socket: WebSocket) -> NoReturn:
    """Wait until the client leaves; it has nothing more to say."""
    await _said(socket)
    raise Closed(UNWANTED, "no message was expected")


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    try:
        async with asyncio.timeout(1):  # a viewer that does not read takes no close frame either
            await socket.close(code, reason)
    except (TimeoutError, RuntimeError, WebSocketDisconnect):
        return
