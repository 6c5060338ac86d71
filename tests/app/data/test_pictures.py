"""What is shown of single examples, against the data sets themselves."""

from base64 import b64decode
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits

from app.data.errors import DataError
from app.data.folders import VARIABLE
from app.data.images import scan
from app.data.loading import load
from app.data.pictures import pictures
from app.data.registry import DATASETS
from tests.app.data.toys import toy_idx


def opened(url: str) -> NDArray[np.uint8]:
    kind, _, text = url.partition(",")
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(BytesIO(b64decode(text))))


def test_digits_are_shown_as_they_were_written() -> None:
    shown = pictures(DATASETS["digits"], 10)
    assert shown["truth"] == [*range(10)]
    assert shown["classes"] == [str(n) for n in range(10)]
    originals, labels = load_digits(return_X_y=True)
    for url, truth in zip(shown["images"], shown["truth"], strict=True):
        found = opened(url) * (16 / 255)
        distances = np.abs(originals - found.reshape(-1)).max(1)
        assert distances.min() < 0.5 / 15
        assert labels[distances.argmin()] == truth


def test_points_of_the_plane_come_with_those_around_them() -> None:
    shown = pictures(DATASETS["spirals"], 4)
    data = load(DATASETS["spirals"])
    assert np.array(shown["points"]) == pytest.approx(data.test_x[shown["examples"]], abs=1e-3)
    assert shown["truth"] == [0, 1, 0, 1]
    around = shown["backdrop"]
    assert np.array(around["points"]) == pytest.approx(data.train_x[:256], abs=1e-3)
    assert around["truth"] == data.train_y[:256].tolist()
    assert shown["images"] is None


def test_points_that_are_their_own_answers_have_no_classes() -> None:
    shown = pictures(DATASETS["identity"], 3)
    assert (shown["truth"], shown["classes"], shown["backdrop"]) == (None, None, None)
    target = load(DATASETS["identity"]).test_y[:3]
    assert np.array(shown["points"]) == pytest.approx(target, abs=1e-3)


def test_published_images_are_shown_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, contents = toy_idx()
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(DataError, match="toy/test-labels missing"):
        pictures(entry, 10)
    for path, content in contents.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    named = replace(entry, labels=tuple("abcdefghij"))
    shown = pictures(named, 12)
    test_x = load(entry).test_x
    for url, place in zip(shown["images"], shown["examples"], strict=True):
        assert (opened(url) == test_x[place, 0]).all()
    assert shown["classes"] == [*"abcdefghij"]


def test_ones_own_large_images_are_shown_small_and_in_colour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    for name, colour in (("red", (200, 0, 0)), ("green", (0, 200, 0))):
        (tmp_path / "images/own" / name).mkdir(parents=True)
        for n in range(5):
            image = Image.new("RGB", (192, 96), colour)
            image.save(tmp_path / "images/own" / name / f"{n}.png")
    shown = pictures(scan("folder:own", tmp_path), 2)
    colours = {
        shown["classes"][truth]: tuple(opened(url)[0, 0].tolist())
        for truth, url in zip(shown["truth"], shown["images"], strict=True)
    }
    assert colours == {"red": (200, 0, 0), "green": (0, 200, 0)}
    assert opened(shown["images"][0]).shape == (48, 96, 3)
