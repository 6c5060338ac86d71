"""A process that fetches a toy set: ``python -m tests.app.data.fetch_toy KIND ADDRESS FOLDER``."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from app.data.download import collect
from app.data.errors import DataError
from tests.app.data import toys


def main(kind: str, address: str, folder: str, largest: str = "") -> None:
    """Fetch; with ``largest``, where no file can grow over so many bytes."""
    entry, _ = getattr(toys, f"toy_{kind}")(address)
    if largest:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest), int(largest)))
    try:
        collect(entry, Path(folder), lambda done, total: None, lambda: False)
    except DataError as error:
        sys.exit(str(error))


main(*sys.argv[1:])
