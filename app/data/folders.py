"""Where data sets lie."""

from __future__ import annotations

import os
import re
from pathlib import Path

from platformdirs import user_data_path

VARIABLE = "DEPTHSCOPE_DATA"
BAKED = "DEPTHSCOPE_BAKED"


def data_folder() -> Path:
    """The folder that DEPTHSCOPE_DATA names, by default the user's own for this program.

    An environment variable, because processes that train inherit it from the one that started
    them; the server's settings have the same default.
    """
    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_data_path("depthscope")


def shelves(folder: Path) -> tuple[Path, ...]:
    """Where to look for files, in this order: the data folder, and the one of DEPTHSCOPE_BAKED.

    The second has the same layout and is only read: what an image was built with stays there
    whatever volume lies over the data folder.
    """
    baked = os.environ.get(BAKED)
    return (folder, Path(baked)) if baked else (folder,)


def located(path: str, folder: Path) -> Path:
    """A file or folder on the first shelf that has it; where none has, its place on the first."""
    return next(
        (there for shelf in shelves(folder) if _exists(there := shelf / path)), folder / path
    )


def _exists(path: Path) -> bool:
    """Whether it is there and may be looked at."""
    try:
        path.stat()
    except OSError:
        return False
    return True


def below(text: str, folder: Path) -> str:
    """The text without where the shelves lie on this machine: whole paths alone name them."""
    for shelf in shelves(folder):
        if shelf.is_absolute():
            path = rf"(?<![\w./\\-]){re.escape(str(shelf))}"
            text = re.sub(rf"{path}[/\\](?=[\w.])", "", text)
            text = re.sub(rf"(?:\bthe folder )?{path}(?![\w-])", "the data folder", text)
    return text
