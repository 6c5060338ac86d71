"""Single test examples in a form that a page can show."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.data.dataset import Bytes, Dataset
from app.data.entry import DataEntry
from app.data.loading import load
from app.data.samples import choose

LARGEST = 96  # pixels of a picture
BACKDROP = 256  # training points behind a point in the plane


def pictures(entry: DataEntry, count: int) -> dict[str, Any]:
    """``count`` test examples as ``choose`` chooses them, ready for JSON.

    ``examples``: their places in the test set; ``truth``: their classes, ``classes``: what all
    classes are called (both None of a regression). Of images ``images``, data URLs of PNGs of at
    most 96 pixels; of points ``points``, as the network sees them, and in the plane ``backdrop``,
    some training points with their classes.

    Raises:
        DataError: a file is missing or damaged.
    """
    data = load(entry, 1)  # whatever is kept to train on, the test set is the same
    places = choose(data.test_y, count)
    classes = entry.task == "classification"
    return {
        "data": entry.name,
        "kind": entry.kind,
        "shape": entry.shape,
        "examples": places.tolist(),
        "truth": data.test_y[places].tolist() if classes else None,
        "classes": [*(entry.labels or map(str, range(entry.classes)))] if classes else None,
        "images": _images(data, places) if entry.kind == "image" else None,
        "points": _points(data.test_x[places]) if entry.kind == "points" else None,
        "backdrop": _backdrop(data) if entry.shape == (2,) else None,
    }


def _points(x: NDArray[np.generic]) -> list[list[float]]:
    rounded: list[list[float]] = x.astype(np.float64).round(3).tolist()
    return rounded


def _backdrop(data: Dataset) -> dict[str, Any]:
    return {
        "points": _points(data.train_x[:BACKDROP]),
        "truth": data.train_y[:BACKDROP].tolist(),
    }


def _images(data: Dataset, places: NDArray[np.intp]) -> list[str]:
    return [_png(one) for one in _bytes(data)[places]]


def _bytes(data: Dataset) -> Bytes:
    """The test images as bytes, (n, channels, height, width): scaled ones by their whole range."""
    x = data.test_x
    if x.dtype == np.uint8:
        return x.view(np.uint8)
    low, high = float(x.min()), float(x.max())
    scaled: Bytes = ((x - low) * (255 / (high - low))).round().astype(np.uint8)
    return scaled


def _png(pixels: Bytes) -> str:
    """A data URL of the image, (channels, height, width)."""
    from PIL import Image

    image = Image.fromarray(pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0))
    image.thumbnail((LARGEST, LARGEST))
    file = BytesIO()
    image.save(file, "PNG")
    return f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"
