"""The worker that answers questions and never trains."""

from __future__ import annotations

import logging
from threading import Event, Lock, Thread, Timer
from time import monotonic
from typing import Any

from app.executors.base import Refused
from app.executors.messages import Answered, Ask, News, Ready, Setup, Unable, Unfit
from app.executors.process import Process
from app.validation import BadField

START = 120.0  # seconds a worker may take to be ready

log = logging.getLogger(__name__)


class Describer:
    """Answers one question at a time.

    A worker that is lost over a question, or takes more than ``patience`` seconds over it, is
    replaced; the one who asked is told.
    """

    def __init__(self, setup: Setup, *, patience: float) -> None:
        self._setup = setup
        self._patience = patience
        self._asking = Lock()
        self._process: Process | None = None
        self._closed = Event()
        self._prepare()

    @property
    def pids(self) -> list[int]:
        """The worker's process, if there is one."""
        process = self._process
        return [process.pid] if process else []

    def ask(self, code: str, *arguments: Any) -> dict[str, Any]:
        """What ``module:attribute`` gives of these, called in the worker.

        Waits until those who asked before have their answers.

        Raises:
            BadField: what was asked can't be, as the code says.
            Refused: the worker can't start, was lost over it, took too long, or was closed.
        """
        with self._asking:
            process = self._ready()
            process.order(Ask(code, arguments))
            answer = self._hear(process, self._patience)
        match answer:
            case Answered(answer=found):
                return found
            case Unfit(field=field, problem=problem, allowed=allowed):
                raise BadField(field, problem, allowed)
            case Unable(reason=reason):
                raise Refused(reason)
        self._prepare()
        raise Refused(answer)

    def close(self) -> None:
        """End the worker; whoever waits for an answer is refused."""
        self._closed.set()
        if process := self._process:
            process.kill()
        with self._asking:
            if self._process:
                self._reap(self._process)

    def _prepare(self) -> None:
        """Have a worker ready for the next question, in the background."""
        Thread(target=self._try_ready, name="describer", daemon=True).start()

    def _try_ready(self) -> None:
        try:
            with self._asking:
                self._ready()
        except Refused as why:
            if not self._closed.is_set():
                log.warning("%s", why)

    def _ready(self) -> Process:
        """The worker; a new one where there is none."""
        if self._closed.is_set():
            raise Refused("the engine is closing")
        if self._process and not self._process.gone:
            return self._process
        if self._process:
            self._reap(self._process)
        try:
            self._process = process = Process(self._setup)
        except OSError as error:
            raise Refused(
                f"the worker that measures untrained networks can't start: {error}"
            ) from error
        if self._closed.is_set():  # meanwhile
            process.kill()
        match self._hear(process, START):
            case Ready():
                return process
            case Unable(reason=reason):
                self._reap(process)
            case reason:
                pass
        raise Refused(f"the worker that measures untrained networks can't start: {reason}")

    def _hear(self, process: Process, patience: float) -> News | str:
        """What the worker says next; or, in words, how it was lost."""
        since = monotonic()
        deadline = Timer(patience, process.kill)
        deadline.daemon = True
        deadline.start()
        try:
            return process.hear()
        except EOFError:
            how = self._reap(process)
        finally:
            deadline.cancel()
        if self._closed.is_set():
            return "the engine is closing"
        if monotonic() - since >= patience:
            return f"no answer within {patience:g} seconds"
        return f"the worker that measures untrained networks ended unexpectedly ({how})"

    def _reap(self, process: Process) -> str:
        self._process = None
        return process.reap()
