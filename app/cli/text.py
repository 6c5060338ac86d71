"""Text that a user brings, in whatever encoding of Unicode it was written."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from app.cli.problems import Usage


def text_of(path: Path) -> str:
    """A file of JSON, or of lines of JSON, as text.

    Raises:
        Usage: it can't be read, or is no text.
    """
    try:
        return _decoded(path.read_bytes(), str(path))
    except OSError as error:
        raise Usage(
            [f"{path}: can't be read ({(error.strerror or str(error)).lower()})"]
        ) from error


def is_file(name: str) -> bool:
    """Whether what was given is a file's name; a link is none, however long."""
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # too long for a name, or in a folder that may not be read
        return False


def standard_input() -> str:
    """What comes on standard input, likewise.

    Raises:
        Usage: it is no text.
    """
    return _decoded(sys.stdin.buffer.read(), "standard input")


def _decoded(content: bytes, name: str) -> str:
    """UTF-8, UTF-16 or UTF-32: by its byte-order mark, or as its first characters tell.

    Windows PowerShell writes UTF-16, and Notepad marks UTF-8.
    """
    try:
        return content.decode(json.detect_encoding(content))
    except ValueError as error:
        raise Usage([f"{name}: is not text in UTF-8 or UTF-16"]) from error
