"""Data: the input pipeline's share of a step, against torch's DataLoader, and how fast sets open.

The sets are made here in the official formats, as large as the real ones: nothing is downloaded.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from app.data.entry import DataEntry, File, Published
from app.data.loading import load
from app.data.registry import DATASETS
from app.spec import RunSpec, with_values
from app.training.augment import Augment
from app.training.examples import Examples
from app.training.loop import order
from app.training.setup import Setup
from app.training.step import Stepper
from app.training.task import TASKS
from benchmarks.measurement import Measurement
from models.build import build
from models.noise import generator

BATCH = 64
OPEN = "import benchmarks.data as data, sys; data.open_cifar(sys.argv[1])"


def measure(quick: bool) -> list[Measurement]:
    """Everything, on one thread, as the workers have it."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="depthscope-bench-") as place:
        folder = Path(place)
        cifar, mnist = _cifar(folder), _mnist(folder)
        return [
            *_mnist_opening(mnist, folder),
            *_opening(cifar, folder, 2 if quick else 7),
            _share(cifar, folder, 5 if quick else 40),
            _against_dataloader(cifar, folder, 30 if quick else 400),
        ]


# --- Sets as large as the real ones ---


def _cifar(folder: Path) -> DataEntry:
    rng = np.random.default_rng(0)
    names = [f"cifar-10-batches-bin/data_batch_{n}.bin" for n in range(1, 6)]
    names.append("cifar-10-batches-bin/test_batch.bin")
    files = []
    for name in names:
        labels = rng.integers(0, 10, (10_000, 1), dtype=np.uint8)
        pixels = rng.integers(0, 256, (10_000, 3072), dtype=np.uint8)
        files.append(_written(folder, name, np.concatenate([labels, pixels], axis=1).tobytes()))
    *train, test = files
    return replace(
        DATASETS["cifar-10"], published=Published((), tuple((file,) for file in train), (test,))
    )


def _mnist(folder: Path) -> DataEntry:
    """As compressible as handwriting: four fifths of its pixels are white."""
    rng = np.random.default_rng(0)
    files = []
    for split, count in (("train", 60_000), ("test", 10_000)):
        pixels = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        pixels[:, :, 6:] = 0
        labels = rng.integers(0, 10, count, dtype=np.uint8)
        for kind, array in (("images", pixels), ("labels", labels)):
            header = bytes([0, 0, 8, array.ndim])
            header += b"".join(size.to_bytes(4, "big") for size in array.shape)
            content = gzip.compress(header + array.tobytes(), 6)
            files.append(_written(folder, f"mnist/{split}-{kind}.gz", content))
    return replace(
        DATASETS["mnist"], published=Published((), (tuple(files[:2]),), tuple(files[2:]))
    )


def _written(folder: Path, name: str, content: bytes) -> File:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return File(name, len(content), sha256(content).hexdigest())


# --- What is measured ---


def _examples(entry: DataEntry, folder: Path) -> Examples:
    """As a run makes them of CIFAR-10 with augmentation."""
    data = load(entry, folder=folder)
    scale = torch.tensor(data.mean), torch.tensor(data.std)
    augment = Augment(entry.pad, entry.flip, scale[0].round(), generator(0, "noise"))
    x, y = torch.as_tensor(data.train_x), torch.as_tensor(data.train_y)
    return Examples(x, y, scale, augment)


def _first_batch(entry: DataEntry, folder: Path) -> float:
    began = perf_counter()
    _examples(entry, folder).batch(torch.arange(BATCH))
    return perf_counter() - began


def _mnist_opening(entry: DataEntry, folder: Path) -> list[Measurement]:
    first, later = (_first_batch(entry, folder) for _ in range(2))
    what = "MNIST from .gz to the first batch"
    return [
        Measurement(f"{what}, first time", first, 3, "s", "unpacked, checked and written down"),
        Measurement(f"{what}, later", later, 0.1, "s", "mapped"),
    ]


def open_cifar(place: str) -> None:
    """In a process of its own: print seconds and bytes that opening the decoded set takes."""
    home = Path(place)
    load_first = np.load(home / "test_y.npy")  # numpy's own first use is not the set's
    del load_first
    from app.data.decoded import mapped

    before, began = _own(), perf_counter()
    data = mapped(home)
    data.train_x[:BATCH].sum()
    print(perf_counter() - began, _own() - before)


def _own() -> int:
    """Bytes of this process alone: pages of mapped files are shared."""
    fields = dict(
        line.split(":", 1) for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    )
    return 1024 * (int(fields["Private_Dirty"].split()[0]) + int(fields["Anonymous"].split()[0]))


def _opening(entry: DataEntry, folder: Path, times: int) -> list[Measurement]:
    load(entry, folder=folder)
    home = next((folder / "decoded").glob("cifar-10*"))
    found = []
    for _ in range(times):
        done = subprocess.run(
            [sys.executable, "-c", OPEN, str(home)],
            env=os.environ,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, own = map(float, done.stdout.split())
        found.append((seconds, own))
    note = f"median of {times} processes"
    return [
        Measurement(
            "second process opening CIFAR-10", 1000 * median(s for s, _ in found), 50, "ms", note
        ),
        Measurement("its own memory for it", median(b for _, b in found) / 1e6, 20, "MB", note),
    ]


def _share(entry: DataEntry, folder: Path, steps: int) -> Measurement:
    spec = with_values(
        RunSpec(),
        {"net.depth": 20, "data": {"name": "cifar-10", "augment": True}, "batch_size": BATCH},
    )
    examples = _examples(entry, folder)
    weights = generator(0, "weights")
    net = build(spec.net, entry.shape, entry.outputs, lambda name: weights)
    take = Stepper(spec, Setup(net, TASKS["classification"], examples, examples))
    batches = order(spec, len(examples))
    take(next(batches))
    for _ in range(20):
        examples.batch(next(batches))
    inputs, whole = [], []
    for _ in range(steps):
        began = perf_counter()
        examples.batch(next(batches))
        inputs.append(perf_counter() - began)
        began = perf_counter()
        take(next(batches))
        whole.append(perf_counter() - began)
    mine, all_of_it = median(inputs), median(whole)
    return Measurement(
        "input pipeline's share of a training step, CIFAR-10 augmented, convnet 20 of width 8",
        100 * mine / all_of_it,
        3,
        "%",
        f"{1000 * mine:.2f} of {1000 * all_of_it:.1f} ms, median of {steps} steps",
    )


class _Photographs(Dataset[tuple[Tensor, Tensor]]):
    """As PyTorch's users write it: one image at a time, in loader processes."""

    def __init__(self, x: Tensor, y: Tensor, mean: Tensor, std: Tensor) -> None:
        self._x, self._y = x, y
        self._mean, self._std = mean[:, None, None], std[:, None, None]

    def __len__(self) -> int:
        return len(self._y)

    def __getitem__(self, n: int) -> tuple[Tensor, Tensor]:
        padded = torch.nn.functional.pad(self._x[n], (4, 4, 4, 4))
        dy, dx = torch.randint(0, 9, (2,)).tolist()
        x = padded[:, dy : dy + 32, dx : dx + 32]
        if torch.rand(()) < 0.5:
            x = x.flip(2)
        return (x.float() - self._mean) / self._std, self._y[n]


def _against_dataloader(entry: DataEntry, folder: Path, batches: int) -> Measurement:
    spec = with_values(RunSpec(), {"data": {"name": "cifar-10", "augment": True}})
    examples = _examples(entry, folder)
    ours = (examples.batch(index) for index in order(spec, len(examples)))
    data = load(entry, folder=folder)
    loader = DataLoader(
        _Photographs(
            torch.tensor(data.train_x),
            torch.tensor(data.train_y),
            torch.tensor(data.mean),
            torch.tensor(data.std),
        ),
        BATCH,
        shuffle=True,
        num_workers=2,
        drop_last=True,
        persistent_workers=True,
    )
    mine, theirs = _rate(ours, batches), _rate(iter(loader), batches)
    return Measurement(
        "torch DataLoader with two workers / ours, batches a second, same augmentation",
        theirs / mine,
        1 / 5,
        "x",
        f"{theirs:,.0f} / {mine:,.0f} a second, {batches} batches",
    )


def _rate(batches: Iterator[object], count: int) -> float:
    """Batches a second, after what only the first cost."""
    for _ in range(8):
        next(batches)
    began = perf_counter()
    for _ in range(count):
        next(batches)
    return count / (perf_counter() - began)
