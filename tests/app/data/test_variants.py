"""Published files in other variants than the published one: used where they lie, and checked."""

from __future__ import annotations

import gzip
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from app.data.download import collect
from app.data.entry import DataEntry, Published, Variant
from app.data.errors import DataError
from app.data.loading import load
from app.data.published import CIFAR_10, CIFAR_100, FASHION_MNIST, MNIST
from app.data.status import Presence, status_of
from tests.app.data import toys
from tests.app.data.batches import batch_10, named, pickled
from tests.app.data.getting import get, whole
from tests.app.data.test_loading import there
from tests.app.data.toys import TEST, TRAIN, mirror, small_mnist


def unpackable() -> tuple[DataEntry, dict[str, bytes]]:
    """As ``small_mnist``, with the variants that MNIST has; and its files unpacked, by path."""
    entry, contents = small_mnist()
    assert entry.published
    assert MNIST.published
    variants = {file.path: file.variants for file in MNIST.published.files}
    plain = {path.removesuffix(".gz"): gzip.decompress(one) for path, one in contents.items()}
    inside = {path: (sha256(one).hexdigest(), len(one)) for path, one in plain.items()}

    def other(path: str, variant: Variant) -> Variant:
        if variant.path.endswith(".gz"):
            return Variant(variant.path, sha256(contents[path]).hexdigest(), len(contents[path]))
        return Variant(variant.path, *inside[path.removesuffix(".gz")])

    files = [
        replace(file, variants=tuple(other(file.path, variant) for variant in variants[file.path]))
        for file in entry.published.files
    ]
    published = Published(entry.published.mirrors, (tuple(files[:2]),), tuple(files[2:]))
    return replace(entry, published=published), plain


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("spelling", ["-idx", ".idx"])
def test_mnist_is_read_unpacked_and_under_both_spellings(
    spelling: str, ending: str, tmp_path: Path
) -> None:
    entry, plain = unpackable()
    contents = {
        path.replace("-idx", spelling) + ending: gzip.compress(one, mtime=0) if ending else one
        for path, one in plain.items()
    }
    there(tmp_path, contents)

    found = status_of(entry, tmp_path)
    assert (found.presence, found.damaged, found.examples) == (Presence.PRESENT, (), TRAIN)
    assert found.bytes == sum(map(len, contents.values()))
    data = load(entry, folder=tmp_path)
    assert np.array_equal(data.train_x[:, 0], toys.pixels(TRAIN, 28, 28))
    assert np.array_equal(data.test_y, toys.classes(TEST))
    get(entry, tmp_path)  # nothing is left to be got
    assert set(contents) <= {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}


@pytest.mark.parametrize(
    ("damage", "words"),
    [(lambda one: one[:-1], "bytes, not"), (lambda one: one[:-1] + b"?", "checksum")],
)
def test_another_file_in_such_a_form_is_refused_and_got_again_when_asked(
    damage: object, words: str, tmp_path: Path
) -> None:
    entry, plain = unpackable()
    name = "mnist/train-images-idx3-ubyte"
    assert callable(damage)
    there(tmp_path, plain | {name: damage(plain[name])})
    with pytest.raises(DataError, match=f"train-images-idx3-ubyte is not the published.*{words}"):
        load(entry, folder=tmp_path)
    with mirror(small_mnist()[1]) as serving:
        assert entry.published
        entry = replace(entry, published=replace(entry.published, mirrors=(serving.address,)))
        collect(entry, tmp_path, lambda done, total: None, lambda: False, mend=True)
        assert serving.asked == {"train-images-idx3-ubyte.gz": 1}
    assert len(load(entry, folder=tmp_path).train_x) == TRAIN


def python_version() -> tuple[DataEntry, dict[str, bytes]]:
    """As ``toy_cifar``, with the Python version's variants; and its batches by path."""
    entry, _ = toys.toy_cifar()
    assert entry.published
    assert entry.published.archive
    batches = {
        f"toy-py/{name}": batch_10(toys.classes(size).tolist(), toys.pixels(size, 3072))
        for name, size in toys.CIFAR_PARTS.items()
    }
    *train, test = [
        replace(file, variants=(Variant(path, file.sha256, code="app.data.pickled:records_10"),))
        for file, path in zip(entry.published.files, batches, strict=True)
    ]
    archive = replace(entry.published.archive, variants=(Variant("toy-python.tar.gz", ""),))
    published = Published((), tuple((file,) for file in train), (test,), archive)
    return replace(entry, published=published), batches


def test_cifars_python_version_is_the_same_set(tmp_path: Path) -> None:
    entry, batches = python_version()
    for name in ("python", "binary"):
        (tmp_path / name).mkdir()
    there(tmp_path / "python", batches)
    there(tmp_path / "binary", toys.toy_cifar()[1])
    assert status_of(entry, tmp_path / "python").presence is Presence.PRESENT
    here = load(entry, folder=tmp_path / "python")
    official = load(entry, folder=tmp_path / "binary")
    for name in ("train_x", "train_y", "test_x", "test_y"):
        assert np.array_equal(getattr(here, name), getattr(official, name)), name


def test_the_archive_of_the_python_version_is_unpacked_and_stays(tmp_path: Path) -> None:
    entry, batches = python_version()
    archive = toys.packed(batches)
    (tmp_path / "toy-python.tar.gz").write_bytes(archive)
    get(entry, tmp_path)
    assert whole(tmp_path, {**batches, "toy-python.tar.gz": archive})
    assert len(load(entry, folder=tmp_path).train_x) == TRAIN


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        (pickled(data=named("posix", "system")), r"asks for posix.system, which no file of CIFAR"),
        (batch_10([1] * (TRAIN // 3), toys.pixels(TRAIN // 3, 3072)), "published checksum"),
    ],
)
def test_a_batch_that_is_another_is_refused(batch: bytes, words: str, tmp_path: Path) -> None:
    entry, batches = python_version()
    there(tmp_path, batches | {"toy-py/2": batch})
    with pytest.raises(DataError, match=f"toy-py/2 is not the published file: it .*{words}"):
        load(entry, folder=tmp_path)
    (tmp_path / "toy-py/2").unlink()
    (tmp_path / "toy-python.tar.gz").write_bytes(toys.packed({"toy-py/2": batch}))
    with pytest.raises(DataError, match=f"should hold toy-py/2, which .*{words}"):
        get(entry, tmp_path)
    assert [path.name for path in tmp_path.rglob("*.part")] == []


def test_forms_have_the_names_that_their_publishers_gave_them() -> None:
    def paths(entry: DataEntry) -> list[str]:
        assert entry.published
        return [variant.path for file in entry.published.files for variant in file.variants]

    for entry in (MNIST, FASHION_MNIST):
        assert f"{entry.name}/t10k-labels-idx1-ubyte" in paths(entry)
        assert f"{entry.name}/t10k-labels.idx1-ubyte" in paths(entry)
    assert paths(CIFAR_10) == [
        *(f"cifar-10-batches-py/data_batch_{n}" for n in range(1, 6)),
        "cifar-10-batches-py/test_batch",
    ]
    assert paths(CIFAR_100) == ["cifar-100-python/train", "cifar-100-python/test"]
