"""How a real server, workers included, is led to a test's own mirror of a small MNIST."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.data.download import MIRROR
from tests.app.data.toys import Mirror, mirror, small_mnist

ROOT = Path(__file__).parents[1]
IMAGES = "train-images-idx3-ubyte.gz"


def settings(serving: Mirror) -> dict[str, str]:
    """The environment of a process that knows the small MNIST, and downloads it from here."""
    path = os.pathsep.join([str(ROOT / "tests/small"), str(ROOT)])
    return {"PYTHONPATH": path, MIRROR: serving.address}


@contextmanager
def gated() -> Iterator[Mirror]:
    """A mirror of the small MNIST whose first file waits in the middle until it is released."""
    contents = small_mnist()[1]
    with mirror(contents) as serving:
        serving.files[IMAGES] = serving.gated(contents[f"mnist/{IMAGES}"])
        yield serving


def files(folder: Path) -> list[str]:
    """What there is of MNIST in a data folder, hidden files too."""
    return sorted(path.name for path in (folder / "mnist").glob("*"))
