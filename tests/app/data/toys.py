"""Small data sets in the official formats, and a server of files on loopback."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import md5, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import numpy as np
from numpy.typing import NDArray

from app.data.entry import DataEntry, File, Published
from app.data.published import MNIST

TRAIN, TEST = 600, 40
# Records in each file of a set in CIFAR's formats.
CIFAR_PARTS = {"1": TRAIN // 3, "2": TRAIN // 3, "3": TRAIN // 3, "test": TEST}
Answer = bytes | Callable[["Handler"], None]


def idx(array: NDArray[np.uint8]) -> bytes:
    """The array as an IDX file, gzipped: the same bytes each time."""
    header = bytes([0, 0, 8, array.ndim])
    header += b"".join(size.to_bytes(4, "big") for size in array.shape)
    return gzip.compress(header + array.tobytes(), mtime=0)


def pixels(count: int, *shape: int) -> NDArray[np.uint8]:
    """Noise, the same for the same size."""
    return np.random.default_rng(count).integers(0, 256, (count, *shape), dtype=np.uint8)


def classes(count: int, number: int = 10) -> NDArray[np.uint8]:
    """Labels, each class as often as the others."""
    return np.arange(count, dtype=np.uint8) % number


def published(path: str, content: bytes) -> File:
    """What a publisher says of a file."""
    return File(path, len(content), sha256(content).hexdigest(), md5(content).hexdigest())


def toy_idx(*mirrors: str) -> tuple[DataEntry, dict[str, bytes]]:
    """A set in MNIST's format, of 6x5 pixels, and its files by path."""
    contents = {
        "toy/train-images": idx(pixels(TRAIN, 6, 5)),
        "toy/train-labels": idx(classes(TRAIN)),
        "toy/test-images": idx(pixels(TEST, 6, 5)),
        "toy/test-labels": idx(classes(TEST)),
    }
    files = [published(path, content) for path, content in contents.items()]
    return (
        _entry(
            (1, 6, 5),
            Published(mirrors, (tuple(files[:2]),), tuple(files[2:])),
            "app.data.idx:read",
        ),
        contents,
    )


def toy_large(*mirrors: str) -> tuple[DataEntry, dict[str, bytes]]:
    """As ``toy_idx``, but the first file is of 1 MiB, whose growth can be seen; not to be read."""
    entry, contents = toy_idx(*mirrors)
    assert entry.published
    name = "toy/train-images"
    contents[name] = pixels(2**20).tobytes()
    _, labels = entry.published.train[0]
    train = ((published(name, contents[name]), labels),)
    return replace(entry, published=replace(entry.published, train=train)), contents


def small_mnist() -> tuple[DataEntry, dict[str, bytes]]:
    """MNIST by name and place, with few images of noise; no mirror has it but one's own."""
    assert MNIST.published
    arrays = (pixels(TRAIN, 28, 28), classes(TRAIN), pixels(TEST, 28, 28), classes(TEST))
    contents = {
        file.path: idx(array) for file, array in zip(MNIST.published.files, arrays, strict=True)
    }
    files = [published(path, content) for path, content in contents.items()]
    own = Published((), (tuple(files[:2]),), tuple(files[2:]))
    return replace(MNIST, train_size=TRAIN, test_size=TEST, published=own), contents


def toy_cifar(*mirrors: str) -> tuple[DataEntry, dict[str, bytes]]:
    """A set in CIFAR-10's format, its training set in three parts, packed in an archive."""
    contents = {}
    for name, count in CIFAR_PARTS.items():
        records = np.concatenate([classes(count)[:, None], pixels(count, 3072)], axis=1)
        contents[f"toy/{name}.bin"] = records.tobytes()
    archived = packed(contents)
    *train, test = [published(path, content) for path, content in contents.items()]
    entry = _entry(
        (3, 32, 32),
        Published(
            mirrors,
            tuple((file,) for file in train),
            (test,),
            published("toy.tar.gz", archived),
        ),
        "app.data.cifar:read_10",
    )
    return entry, {**contents, "toy.tar.gz": archived}


def packed(contents: dict[str, bytes]) -> bytes:
    """An archive of these files by path, gzipped: the same bytes each time."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path, content in contents.items():
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(out.getvalue(), 1, mtime=0)


def _entry(shape: tuple[int, ...], files: Published, code: str) -> DataEntry:
    return DataEntry(
        name="toy",
        title="Toy",
        noun="images",
        summary="",
        kind="image",
        shape=shape,
        classes=10,
        train_size=TRAIN,
        test_size=TEST,
        chance=0.9,
        source="",
        licence="",
        citation="",
        published=files,
        code=code,
    )


class Handler(BaseHTTPRequestHandler):
    """Answers with what the mirror has under the file's name."""

    mirror: Mirror

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        self.mirror.asked[name] += 1
        answer = self.mirror.files.get(name)
        if answer is None:
            self.send_error(404)
        elif isinstance(answer, bytes):
            self.begin(len(answer))
            self.wfile.write(answer)
        else:
            answer(self)

    def begin(self, size: int) -> None:
        """Say that a file of this size comes."""
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def log_error(self, *args: object) -> None:
        """Say nothing."""


class Mirror:
    """A server of ``files`` by name; ``asked`` counts requests. ``release`` ends what hangs."""

    def __init__(self, files: dict[str, Answer]) -> None:
        self.files = files
        self.asked: Counter[str] = Counter()
        self.release = Event()
        self.sent = Event()  # the first half of a file that hangs
        self.address = ""

    def gated(self, content: bytes) -> Callable[[Handler], None]:
        """An answer that waits in the middle until it is released, and then goes on."""

        def answer(handler: Handler) -> None:
            middle = len(content) // 2
            handler.begin(len(content))
            handler.wfile.write(content[:middle])
            handler.wfile.flush()
            self.sent.set()
            self.release.wait(60)
            with suppress(OSError):  # whoever asked has left
                handler.wfile.write(content[middle:])

        return answer

    def half(self, content: bytes) -> Callable[[Handler], None]:
        """An answer that hangs in the middle until it is released."""

        def answer(handler: Handler) -> None:
            handler.begin(len(content))
            handler.wfile.write(content[: len(content) // 2])
            handler.wfile.flush()
            self.sent.set()
            self.release.wait(60)

        return answer


@contextmanager
def mirror(contents: dict[str, bytes]) -> Iterator[Mirror]:
    """A mirror of these files, by the last part of their paths."""
    serving = Mirror({path.rpartition("/")[2]: content for path, content in contents.items()})
    handler = type("Bound", (Handler,), {"mirror": serving})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        serving.address = f"http://127.0.0.1:{server.server_port}/"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield serving
        finally:
            serving.release.set()
            server.shutdown()
            thread.join()
