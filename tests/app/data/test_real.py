"""The official files, where they are: in the folder DEPTHSCOPE_REAL_DATA, else in ``data/`` of the
checkout, else in the user's data folder."""

from __future__ import annotations

import gzip
import os
from hashlib import md5
from pathlib import Path

import numpy as np
import pytest
from platformdirs import user_data_path

from app.data.loading import load
from app.data.registry import DATASETS
from app.data.status import status_of
from tests.app.data.batches import batch_10

PLACES = [
    *map(Path, filter(None, [os.environ.get("DEPTHSCOPE_REAL_DATA")])),
    Path(__file__).parents[3] / "data",
    user_data_path("depthscope"),
]

COUNTS = {  # labels of the training set; of CIFAR-10, of its first 10,000
    "mnist": [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    "fashion-mnist": [6000] * 10,
    "cifar-10": [1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981],
}
FIRST = {  # label and MD5 of the first training image's bytes
    "mnist": (5, "2ce86e4daeeff3a0cdebce6897c784ba"),
    "fashion-mnist": (9, "4faf81e309af5194c477affdbefc6116"),
    "cifar-10": (6, "564903faacb68848fabcb0f46460d2b5"),
}


@pytest.fixture(params=COUNTS)
def name(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The name of a set whose files, or some, are linked into ``tmp_path``."""
    published = DATASETS[request.param].published
    assert published
    home = published.files[0].path.partition("/")[0]
    found = next((place / home for place in PLACES if (place / home).is_dir()), None)
    if found is None:
        pytest.skip(f"the official files of {request.param} are in none of {PLACES}")
    (tmp_path / home).symlink_to(found.absolute())
    return str(request.param)


def test_files_have_the_published_checksums(name: str, tmp_path: Path) -> None:
    published = DATASETS[name].published
    assert published
    found = [file for file in published.files if (tmp_path / file.path).exists()]
    assert found
    for file in found:
        assert md5((tmp_path / file.path).read_bytes()).hexdigest() == file.md5
    assert not status_of(DATASETS[name], tmp_path).damaged


def test_the_set_is_the_known_one(name: str, tmp_path: Path) -> None:
    entry, limit = DATASETS[name], 10_000 if name == "cifar-10" else None
    data = load(entry, limit, tmp_path)
    train_x, train_y = data.train_x[:limit], data.train_y[:limit]
    assert train_x.shape == (limit or entry.train_size, *entry.shape)
    assert data.test_x.shape == (entry.test_size, *entry.shape)
    assert np.bincount(train_y).tolist() == COUNTS[name]
    assert np.bincount(data.test_y).sum() == entry.test_size
    assert (train_y[0], md5(train_x[0].tobytes()).hexdigest()) == FIRST[name]
    frequent = max(COUNTS[name]) / len(train_y)
    assert entry.chance == pytest.approx(1 - frequent, abs=5e-4 if limit is None else 0.01)
    mean, std = train_x.mean((0, 2, 3)), train_x.std((0, 2, 3))
    assert mean == pytest.approx(entry.mean, abs=5e-4 if limit is None else 1)
    assert std == pytest.approx(entry.std, abs=5e-4 if limit is None else 1)


def test_the_set_is_the_same_in_its_other_form(name: str, tmp_path: Path) -> None:
    entry, limit = DATASETS[name], 10_000 if name == "cifar-10" else None
    assert entry.published
    other = tmp_path / "other"
    for file in entry.published.files:
        if (official := tmp_path / file.path).exists():
            goal = other / file.variants[-1].path
            goal.parent.mkdir(parents=True, exist_ok=True)
            content = official.read_bytes()
            goal.write_bytes(pickle_of(content) if name == "cifar-10" else gzip.decompress(content))
    assert not status_of(entry, other).damaged
    here, official_set = load(entry, limit, other), load(entry, limit, tmp_path)
    assert np.array_equal(here.train_x, official_set.train_x)
    assert np.array_equal(here.test_y, official_set.test_y)


def pickle_of(records: bytes) -> bytes:
    """A batch of CIFAR-10's binary version as one of its Python version."""
    rows = np.frombuffer(records, np.uint8).reshape(-1, 3073)
    return batch_10(rows[:, 0].tolist(), np.ascontiguousarray(rows[:, 1:]))
