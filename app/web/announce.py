"""What the terminal shows once the server listens: the address, and for a class a QR code."""

from __future__ import annotations

import socket
import sys
from io import StringIO

from app.settings import Settings
from app.web.listening import address, shared_address, url

WHITE_ON_BLACK, PLAIN = "\033[97;40m", "\033[0m"


def announce(settings: Settings, listener: socket.socket, *, classroom: bool) -> None:
    """Print where to open the pages, here and from other machines."""
    host, port = address(listener)
    anywhere = host in ("0.0.0.0", "::")
    here = url("127.0.0.1" if anywhere else host, port)
    there = shared_address(settings, listener)
    if not classroom:
        print(f"Depthscope is ready: open {here}")
        if there is not None:
            print(f"From other machines: {there}")
    else:
        if there is not None or not anywhere:
            there = there or here
            if sys.stdout.isatty():
                _draw(there)
            print(f"Students open:  {there}")
        print(f"You open:       {here}")
        if not anywhere and settings.loopback:
            print("Only this machine can reach it: bind to 0.0.0.0 to open it to the class.")
    if anywhere and there is None:
        print("For the address that others open, set DEPTHSCOPE_PUBLIC_ADDRESS.")
    print(f"Runs and data sets are kept in {settings.data.absolute()}")
    print("Stop with Ctrl+C.", flush=True)


def _draw(url: str) -> None:
    """Draw the code in black and white, whatever the terminal's own colours are."""
    import segno

    drawn = StringIO()
    segno.make(url, micro=False).terminal(drawn, compact=True, border=2)
    try:
        for line in drawn.getvalue().splitlines():
            print(f"{WHITE_ON_BLACK}{line}{PLAIN}")
    except UnicodeEncodeError:
        print("(This terminal can't show the QR code.)")
