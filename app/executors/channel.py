"""Messages between a worker and its parent, over two pipes."""

from __future__ import annotations

import pickle
from contextlib import suppress
from threading import Lock
from typing import IO, Any


class Channel:
    """Python objects, one after the other. Sending is thread-safe; receiving is for one thread."""

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._sending = Lock()

    def send(self, message: object) -> None:
        """Write the message; waits while the other side's pipe is full.

        Raises:
            OSError: the other side is gone.
            ValueError: this side was hung up.
        """
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        with self._sending:
            self._outgoing.write(data)
            self._outgoing.flush()

    def receive(self) -> Any:
        """The next message; waits for it.

        Raises:
            EOFError: the other side is gone, be it in the middle of a message.
        """
        try:
            return pickle.load(self._incoming)
        except (pickle.UnpicklingError, OSError, ValueError) as error:
            raise EOFError from error

    def hang_up(self) -> None:
        """Close the outgoing pipe: the other side receives what was sent, then ``EOFError``."""
        with self._sending, suppress(OSError):  # what was still to be sent: the other is gone
            self._outgoing.close()
