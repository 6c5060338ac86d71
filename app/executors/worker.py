"""A worker process: ``python -m app.executors.worker``, started by its parent.

Orders come in by standard input, news goes out by standard output; what anything prints goes to
standard error.
"""

from __future__ import annotations

import os
import signal

from app.executors.channel import Channel


def main() -> None:
    """Serve the parent until it hangs up or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    channel = _channel()
    from app.executors.service import serve  # takes a while: not before Ctrl-C is dealt with

    serve(channel)
    os._exit(1)  # what cannot go on is not asked to clean up


def _channel() -> Channel:
    """The pipes to the parent, out of the way of whatever reads or prints."""
    incoming = os.fdopen(os.dup(0), "rb")
    outgoing = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return Channel(incoming, outgoing)


if __name__ == "__main__":
    main()
