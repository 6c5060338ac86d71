"""What a worker's parent has ordered."""

from __future__ import annotations

import os
from queue import SimpleQueue
from threading import Thread

from app.executors.channel import Channel
from app.executors.messages import Order


class Inbox:
    """Orders, received by a thread of its own, so that looking for one costs next to nothing.

    That thread also ends the process as soon as the parent has hung up or is gone, however it
    went: the system closes a dead process's pipes. Whatever training does meanwhile, it releases
    the interpreter while it computes, so the end comes at once.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._orders: SimpleQueue[Order] = SimpleQueue()
        Thread(target=self._listen, name="inbox", daemon=True).start()

    @property
    def empty(self) -> bool:
        """Whether nothing waits to be taken."""
        return self._orders.empty()

    def take(self) -> Order:
        """The next order; waits for it."""
        return self._orders.get()

    def _listen(self) -> None:
        try:
            while True:
                self._orders.put(self._channel.receive())
        finally:
            os._exit(0)
