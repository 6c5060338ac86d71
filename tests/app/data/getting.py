"""Downloads as tests ask for them: here, or by a process of its own."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

from app.data.download import collect
from app.data.entry import DataEntry

ROOT = Path(__file__).parents[3]
FETCH = [sys.executable, "-m", "tests.app.data.fetch_toy"]


def get(entry: DataEntry, folder: Path, **how: Any) -> None:
    collect(
        entry, folder, how.get("progress", lambda d, t: None), how.get("cancelled", lambda: False)
    )


def whole(folder: Path, contents: dict[str, bytes]) -> bool:
    """Whether these files are there and nothing else is, but for the lock."""
    found = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "locks"
    }
    return found == contents


def nothing(folder: Path) -> bool:
    return whole(folder, {})


def closed_port() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}/"
