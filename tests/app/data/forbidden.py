"""Folders that may not be read, for whoever runs the tests: root may read all, so it steps down."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

NOBODY = 65534

posix = pytest.mark.skipif(os.name != "posix", reason="rights are others there")


@contextmanager
def open_to_all() -> Iterator[Path]:
    """A folder that every user may read and write; pytest's own are the user's alone."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


@contextmanager
def forbidden(place: Path) -> Iterator[None]:
    """Nobody but root may read the place meanwhile, and who looks is not root."""
    before = place.stat().st_mode
    place.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        place.chmod(before)
