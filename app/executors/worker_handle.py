"""A worker process as the pool holds it, with the thread that reads its messages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Thread
from time import monotonic

from app.executors.messages import News, Order, Setup
from app.executors.process import Process

LEAVE = 2.0  # seconds that a dismissed worker may take to go

log = logging.getLogger(__name__)


class WorkerHandle:
    """A worker process, and a thread that starts it and reads its messages until it ends.

    The thread calls ``heard`` with each message, and ``lost`` once with how the process ended.
    Messages that are not read yet wait in the process. ``ready``, ``run`` and since when it has
    none (``idle_since``) are the pool's.
    """

    def __init__(
        self,
        setup: Setup,
        heard: Callable[[WorkerHandle, News], None],
        lost: Callable[[WorkerHandle, str], None],
    ) -> None:
        self.ready = False
        self.run: str | None = None
        self.idle_since = monotonic()
        self.dismissed = False
        self._setup = setup
        self._heard = heard
        self._lost = lost
        self._process: Process | None = None
        self._thread = Thread(target=self._attend, name="worker", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The process's number, once it has one."""
        return self._process.pid if self._process else None

    def order(self, order: Order) -> None:
        """Tell the process, which is ready."""
        assert self._process
        self._process.order(order)

    def kill(self) -> None:
        """End the process at once."""
        assert self._process
        self._process.kill()

    def dismiss(self) -> None:
        """Let the process go: it trains nothing."""
        self.dismissed = True
        if self._process and self.ready:
            self._process.dismiss()
        elif self._process:
            self._process.kill()  # while it loads it hears nothing

    def join(self) -> None:
        """Wait until the process is gone and ``lost`` was called."""
        self._thread.join(LEAVE if self.dismissed else None)
        if self._thread.is_alive() and self.dismissed and self._process:
            self._process.kill()
        self._thread.join()

    def _attend(self) -> None:
        try:
            self._process = Process(self._setup)
        except OSError as error:
            self._lost(self, str(error))
            return
        if self.dismissed:  # meanwhile
            self._process.kill()
        self._listen(self._process)
        self._lost(self, self._process.reap())

    def _listen(self, process: Process) -> None:
        while True:
            try:
                news = process.hear()
            except EOFError:
                return
            try:
                self._heard(self, news)
            except Exception:
                log.exception("what a worker said could not be taken; it is ended")
                process.kill()
                return
