"""A worker's place in the pool: the process and the thread that attends to it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Thread

from app.executors.messages import News, Order, Setup
from app.executors.process import Process

LEAVE = 2.0  # seconds that a dismissed worker may take to go

log = logging.getLogger(__name__)


class Post:
    """A process, and a thread that starts it, hears it to its end, and says how it went.

    ``heard`` is called with each of its news, then once ``lost`` with how it went, all from that
    thread; what it does not read waits in the process. ``ready`` and ``run`` are the pool's.
    """

    def __init__(
        self,
        setup: Setup,
        heard: Callable[[Post, News], None],
        lost: Callable[[Post, str], None],
    ) -> None:
        self.ready = False
        self.run: str | None = None
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
        self._lost(self, self._process.bury())

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
