"""Downloads from real servers on loopback: whole, damaged, slow, broken off, raced for, killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from app.data import mirror as mirrors
from app.data.download import MIRROR, collect
from app.data.entry import DataEntry
from app.data.errors import Cancelled, DataError
from app.data.status import Presence, status_of
from tests.app.data.toys import Answer, Handler, Mirror, mirror, toy_cifar, toy_idx

ROOT = Path(__file__).parents[3]
FETCH = [sys.executable, "-m", "tests.app.data.fetch_toy"]


@pytest.fixture
def good() -> Iterator[Mirror]:
    with mirror(toy_idx()[1]) as serving:
        yield serving


@pytest.fixture(autouse=True)
def _no_other_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MIRROR, raising=False)


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirrors, "SLOW", (0.5, 2**17))
    monkeypatch.setattr(mirrors, "TIMEOUT", 1.0)


def get(entry: DataEntry, folder: Path, **how: Any) -> None:
    collect(
        entry, folder, how.get("progress", lambda d, t: None), how.get("cancelled", lambda: False)
    )


def whole(folder: Path, contents: dict[str, bytes]) -> bool:
    """Whether these files are there and nothing else is, but for the lock."""
    found = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "locks"
    }
    return found == contents


def nothing(folder: Path) -> bool:
    return whole(folder, {})


def closed_port() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


# --- What goes well ---


def test_files_come_whole_with_their_progress(good: Mirror, tmp_path: Path) -> None:
    entry, contents = toy_idx(good.address)
    seen: list[tuple[int, int]] = []
    get(entry, tmp_path, progress=lambda done, total: seen.append((done, total)))
    size = sum(map(len, contents.values()))
    assert whole(tmp_path, contents)
    assert seen[-1] == (size, size)
    assert status_of(entry, tmp_path).presence is Presence.PRESENT


def test_what_is_there_is_used_as_it_is(good: Mirror, tmp_path: Path) -> None:
    entry, contents = toy_idx(good.address)
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy/train-images").write_bytes(contents["toy/train-images"])
    get(entry, tmp_path)
    get(entry, tmp_path)
    assert whole(tmp_path, contents)
    assert good.asked == {"train-labels": 1, "test-images": 1, "test-labels": 1}


def test_an_archive_is_unpacked_and_thrown_away(tmp_path: Path) -> None:
    contents = toy_cifar()[1]
    archive = contents.pop("toy.tar.gz")
    with mirror({"toy.tar.gz": archive}) as serving:
        get(toy_cifar(serving.address)[0], tmp_path)
    assert whole(tmp_path, contents)


def test_of_an_archive_only_what_lacks_is_taken(tmp_path: Path) -> None:
    contents = toy_cifar()[1]
    archive = contents.pop("toy.tar.gz")
    own = tmp_path / "toy/1.bin"
    own.parent.mkdir()
    own.write_bytes(b"somebody's own")
    with mirror({"toy.tar.gz": archive}) as serving:
        get(toy_cifar(serving.address)[0], tmp_path)
    assert whole(tmp_path, {**contents, "toy/1.bin": b"somebody's own"})


def test_a_mirror_of_ones_own_is_asked_first(
    good: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MIRROR, good.address.rstrip("/"))
    entry, contents = toy_idx(closed_port())
    get(entry, tmp_path)
    assert whole(tmp_path, contents)


# --- What mirrors do ---


def page(handler: Handler) -> None:
    body = b"<!doctype html><title>Please log in</title>"
    handler.begin(len(body))
    handler.wfile.write(body)


def truncated(handler: Handler) -> None:
    content = toy_idx()[1]["toy/train-images"]
    handler.begin(len(content))
    handler.wfile.write(content[:100])


def silently_short(handler: Handler) -> None:
    handler.begin(100)
    handler.wfile.write(toy_idx()[1]["toy/train-images"][:100])


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(bytes(2**16))
    except OSError:
        pass  # whoever asked has had enough


def refusing(handler: Handler) -> None:
    handler.send_error(503)


def dripping(handler: Handler) -> None:
    handler.begin(2**20)
    try:
        for _ in range(2000):
            handler.wfile.write(b"x")
            handler.mirror.release.wait(0.01)
    except OSError:
        pass


def silent(handler: Handler) -> None:
    handler.mirror.release.wait(60)


FAULTS: dict[str, Answer] = {
    "a web page": page,
    "broke off": truncated,
    "sent 100 of": silently_short,
    "more than the": endless,
    "503": refusing,
    "too slow": dripping,
    "no answer": silent,
    "checksum": toy_idx()[1]["toy/train-images"][:-1] + b"?",
}


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("words", FAULTS)
def test_a_mirrors_fault_is_named_and_leaves_nothing(words: str, tmp_path: Path) -> None:
    with mirror(toy_idx()[1]) as bad:
        bad.files["train-images"] = FAULTS[words]
        with pytest.raises(DataError, match=words) as error:
            get(toy_idx(bad.address)[0], tmp_path)
        bad.release.set()
    assert nothing(tmp_path)
    assert "put train-images" in error.value.remedy
    assert str(tmp_path / "toy") in error.value.remedy


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("words", FAULTS)
def test_after_a_mirrors_fault_the_next_is_asked(words: str, good: Mirror, tmp_path: Path) -> None:
    with mirror(toy_idx()[1]) as bad:
        bad.files["train-images"] = FAULTS[words]
        entry, contents = toy_idx(bad.address, good.address)
        get(entry, tmp_path)
        bad.release.set()
    assert whole(tmp_path, contents)
    assert good.asked == {"train-images": 1}


def test_without_a_network_the_message_says_what_to_put_where(tmp_path: Path) -> None:
    entry, _ = toy_idx(closed_port(), closed_port())
    with pytest.raises(DataError, match=r"can't be reached.*can't be reached") as error:
        get(entry, tmp_path)
    assert entry.published
    for file in entry.published.files:
        assert f"{file.name} ({file.size:,} bytes)" in error.value.remedy
    assert str(tmp_path / "toy") in error.value.remedy


def test_an_archive_with_other_files_is_refused(tmp_path: Path) -> None:
    entry, contents = toy_cifar()
    with mirror({"toy.tar.gz": contents["toy.tar.gz"]}) as serving:
        wrong = toy_idx(serving.address)[0].published
        right = toy_cifar(serving.address)[0].published
        assert wrong
        assert right
        mixed = type(wrong)(right.mirrors, wrong.train, wrong.test, right.archive)
        with pytest.raises(DataError, match="should hold toy/train-images, which is not there"):
            get(replace(entry, published=mixed), tmp_path)
    assert [path.name for path in tmp_path.rglob("*.part")] == []


def test_an_archive_put_there_by_hand_is_unpacked(tmp_path: Path) -> None:
    entry, contents = toy_cifar(closed_port())
    archive = tmp_path / "toy.tar.gz"
    archive.write_bytes(contents["toy.tar.gz"][:-9999])
    with pytest.raises(DataError, match=r"toy.tar.gz is no whole archive"):
        get(entry, tmp_path)
    archive.write_bytes(contents.pop("toy.tar.gz"))
    get(entry, tmp_path)
    assert whole(tmp_path, contents)


# --- What people and machines do ---


def test_a_download_can_be_cancelled_in_the_middle(tmp_path: Path) -> None:
    contents = toy_idx()[1]
    with mirror(contents) as slow:
        slow.files["train-images"] = slow.half(contents["toy/train-images"])
        with pytest.raises(Cancelled):
            get(toy_idx(slow.address)[0], tmp_path, cancelled=slow.sent.is_set)
    assert nothing(tmp_path)


def test_one_who_waits_for_another_can_cancel(tmp_path: Path) -> None:
    contents = toy_idx()[1]
    with mirror(contents) as slow:
        slow.files["train-images"] = slow.half(contents["toy/train-images"])
        entry, give_up = toy_idx(slow.address)[0], Event()

        def first() -> None:
            with pytest.raises(Cancelled):
                get(entry, tmp_path, cancelled=give_up.is_set)

        holder = Thread(target=first)
        holder.start()
        assert slow.sent.wait(30)
        with pytest.raises(Cancelled):
            get(entry, tmp_path, cancelled=lambda: True)
        give_up.set()
        holder.join()
    assert slow.asked == {"train-images": 1}


def test_killed_half_way_it_starts_anew_and_ends_whole(good: Mirror, tmp_path: Path) -> None:
    entry, contents = toy_idx(good.address)
    with mirror(contents) as slow:
        slow.files["train-images"] = slow.half(contents["toy/train-images"])
        with subprocess.Popen([*FETCH, "idx", slow.address, str(tmp_path)], cwd=ROOT) as process:
            assert slow.sent.wait(60)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
    assert status_of(entry, tmp_path).presence is Presence.MISSING
    get(entry, tmp_path)
    assert whole(tmp_path, contents)


def test_two_workers_that_ask_at_once_download_once(good: Mirror, tmp_path: Path) -> None:
    contents = toy_idx()[1]
    workers = [
        subprocess.Popen([*FETCH, "idx", good.address, str(tmp_path)], cwd=ROOT) for _ in range(2)
    ]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert whole(tmp_path, contents)
    assert set(good.asked.values()) == {1}


@pytest.mark.faults
@pytest.mark.parametrize("kind", ["idx", "cifar"])
def test_where_files_can_not_grow_the_disk_is_full(kind: str, tmp_path: Path) -> None:
    contents = toy_idx()[1] if kind == "idx" else toy_cifar()[1]
    with mirror(contents) as serving:
        done = subprocess.run(
            [*FETCH, kind, serving.address, str(tmp_path), "4096"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert "the disk is full" in done.stderr
    assert nothing(tmp_path)


@pytest.mark.faults
def test_a_full_disk_is_told_before_anything_is_downloaded(good: Mirror, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    inside = " ".join([*FETCH, "idx", good.address, str(small)])
    script = f"mount -t tmpfs -o size=1m tmpfs {small} || exit 77; exec {inside}"
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(f"no small file system can be mounted here: {done.stderr.strip()}")
    assert "MiB are free" in done.stderr
    assert not good.asked


def test_a_folder_that_can_not_be_written_is_named(good: Mirror, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    with pytest.raises(DataError, match=r"file can't be used \(Not a directory\)"):
        get(toy_idx(good.address)[0], file)
