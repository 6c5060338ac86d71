"""Who makes a request: each browser gets an id in a signed cookie, and no account.

A cookie says whose a run is. It bounds nobody, since whoever sends none is somebody new each time:
what must be bounded is counted by the address that a request comes from as well.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from http.cookies import SimpleCookie
from ipaddress import IPv6Address, ip_address
from pathlib import Path

from itsdangerous import BadSignature, Signer
from starlette.requests import cookie_parser

YEAR = 365 * 24 * 3600


def secret_of(folder: Path) -> bytes:
    """The data folder's secret, made at the first call; only its owner can read the file."""
    path = folder / "secret"
    if not path.exists():
        # mkstemp makes files that only the owner can read; replacing leaves no half-written one
        handle, name = tempfile.mkstemp(prefix=".secret-", dir=folder)
        os.write(handle, secrets.token_urlsafe(32).encode())
        os.fsync(handle)
        os.close(handle)
        Path(name).replace(path)
    path.chmod(0o600)
    return path.read_bytes()


class Owners:
    """Signs and reads the cookies of one data folder."""

    def __init__(self, secret: bytes) -> None:
        self._signer = Signer(secret, salt="owner", digest_method=hashlib.sha256)
        # cookies do not tell ports apart: two servers on one machine must not share a name
        self.name = f"depthscope-{hashlib.sha256(secret).hexdigest()[:8]}"

    def read(self, cookies: str) -> str | None:
        """The owner id in a Cookie header; None where there is none that we signed."""
        value = cookie_parser(cookies).get(self.name)
        if value is None:
            return None
        try:
            return self._signer.unsign(value.encode()).decode()
        except (BadSignature, UnicodeError):
            return None

    def cookie(self, owner: str, *, secure: bool) -> str:
        """The Set-Cookie header that makes a browser this owner."""
        cookie: SimpleCookie = SimpleCookie()
        cookie[self.name] = self._signer.sign(owner.encode()).decode()
        wanted = {"path": "/", "max-age": str(YEAR), "httponly": True, "samesite": "Lax"}
        for attribute, value in {**wanted, "secure": secure}.items():
            cookie[self.name][attribute] = value
        return cookie[self.name].OutputString()


def machine_of(client: tuple[str, int] | None) -> str:
    """The machine at the other end of a connection; this one is one, by whichever address."""
    try:
        address = ip_address(client[0]) if client else None
    except ValueError:  # a socket of another kind
        return client[0] if client else ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return "" if address is None else "loopback" if address.is_loopback else str(address)


class Visitor:
    """Who makes the request at hand: from which machine, and as whom."""

    def __init__(self, known: str | None, machine: str) -> None:
        self.known = known
        self.machine = machine
        self.minted: str | None = None

    def owner(self) -> str:
        """The visitor's id; a new one, that the response will bring as a cookie, where needed."""
        if self.known is None:
            self.known = self.minted = secrets.token_urlsafe(12)
        return self.known
