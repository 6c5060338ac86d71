"""The port: taken before anything else is touched, so that a second server changes nothing."""

from __future__ import annotations

import errno
import socket
import sys

from app.settings import Settings

BACKLOG = 2048


class CantListen(Exception):
    """The port can't be had; the message is one line for people."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens already: nobody else can have the port, and clients may connect.

    Raises:
        CantListen: the port is taken or forbidden, or the address is not this machine's.
    """
    listener: socket.socket | None = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        if sys.platform != "win32":  # there it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        if listener is not None:
            listener.close()
        raise CantListen(_words(host, port, error)) from error
    return listener


def _words(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use; choose another (PORT, DEPTHSCOPE_PORT)"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights; choose one above 1023 (PORT, DEPTHSCOPE_PORT)"
    return f"can't listen on {host}: {error.strerror}"


def address(listener: socket.socket) -> tuple[str, int]:
    """The address and port a socket is bound to."""
    host, port = listener.getsockname()[:2]
    return host, port


def lan_host() -> str:
    """This machine's address in its network: what others open.

    Asking for a route sends nothing; 192.0.2.1 is nobody's (RFC 5737).
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:  # no network at all
            return "127.0.0.1"
        host: str = probe.getsockname()[0]
        return host


def shared_address(settings: Settings, listener: socket.socket) -> str | None:
    """The address by which other machines open the pages; None where there is none, or unknown."""
    host, port = address(listener)
    if settings.public_address is None and host in ("0.0.0.0", "::") and not settings.container:
        return url(lan_host(), port)
    return settings.public_address


def url(host: str, port: int) -> str:
    """What is opened to reach a port of a host."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}" if port != 80 else f"http://{shown}"
