"""The sockets on which pages follow runs: everything after a cursor, then what comes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from app.executors.base import State
from app.runs import NotFound
from app.store.errors import Unavailable
from app.web.site import Site

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Coroutine

FIRST_WITHIN = 10.0  # seconds for the client's first message
SEND_WITHIN = 20.0  # seconds for a viewer to take one message
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
    place: int | None = Field(description="in the queue, from 1")
    reason: str | None = Field(description="why it stopped or failed")


class RunQuery(BaseModel):
    """What the address of a run's socket may ask."""

    model_config = ConfigDict(extra="forbid")

    after: Cursor = -1
    frames: bool = True


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
        await _first_of(self._pump(socket, messages), _silence(socket), self._until_closing())

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


def router(site: Site) -> APIRouter:
    """The two addresses."""
    routes = APIRouter()

    @routes.websocket("/api/runs/{run_id:id}/live")
    async def run_live(socket: WebSocket, run_id: str) -> None:
        async with site.viewers.one(socket):
            try:
                query = RunQuery.model_validate(dict(socket.query_params))
            except ValidationError as error:
                raise Closed(BAD_REQUEST, "after is a whole number from -1 on") from error
            await _known(site, run=run_id)
            await _follow(site, socket, [run_id], {run_id: query.after}, query.frames)

    @routes.websocket("/api/studies/{study_id:id}/live")
    async def study_live(socket: WebSocket, study_id: str) -> None:
        async with site.viewers.one(socket):
            runs = await _known(site, study=study_id)
            first = await site.viewers.first_message(socket)
            if not set(first.after) <= set(runs):
                raise Closed(BAD_REQUEST, "after names a run that is not the study's")
            await _follow(site, socket, runs, first.after, first.frames)

    return routes


async def _known(site: Site, *, run: str = "", study: str = "") -> list[str]:
    try:
        if study:
            return [one.id for one in (await site.runs.study(study)).runs]
        return [(await site.runs.run(run)).id]
    except NotFound:
        raise Closed(NOT_FOUND, "there is no such run or study") from None


async def _follow(
    site: Site, socket: WebSocket, runs: Sequence[str], after: Mapping[str, int], frames: bool
) -> None:
    await site.viewers.send(socket, site.runs.follow(runs, after, frames))
