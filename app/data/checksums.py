"""Whether a published file is the one that was published."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from app.data.entry import File
from app.data.errors import DataError
from app.data.folders import shelves
from app.data.variants import Found, find


def mismatch(found: Found) -> str:
    """What tells a file from the published one, in words; empty where nothing does."""
    try:
        _content(found)
    except ValueError as error:
        return str(error)
    return ""


def verified(name: str, file: File, folder: Path) -> bytes:
    """What is published as a file of the data set ``name``, whichever variant lies there.

    Raises:
        DataError: what lies there is not the file that was published.
    """
    found = find(file, shelves(folder))
    assert found, "looked for before"
    try:
        return _content(found)
    except ValueError as error:
        raise DataError(
            f"{found.path} is not the published file: it {error}",
            f"get it again with: depthscope data get {name}",
        ) from error


def _content(found: Found) -> bytes:
    """What is published, once it is known to be that.

    Raises:
        ValueError: it is not; the message goes on from "it".
    """
    variant = found.variant
    if found.damaged:
        raise ValueError(f"has {found.size:,} bytes, not {variant.size:,}")
    try:
        content = found.content()
    except OSError as error:
        raise ValueError(f"can't be read ({(error.strerror or str(error)).lower()})") from error
    if sha256(content).hexdigest() != variant.sha256:
        raise ValueError("does not have the published checksum")
    return content
