"""What mirrors do wrong, and whether the next one is asked."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from app.data import mirror as mirrors
from app.data.download import MIRROR
from app.data.errors import DataError
from tests.app.data.getting import closed_port, get, nothing, whole
from tests.app.data.toys import Answer, Handler, Mirror, mirror, toy_idx


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirrors, "SLOW", (0.5, 2**17))
    monkeypatch.setattr(mirrors, "TIMEOUT", 1.0)


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


def encoded(content: bytes, *, length: bool = True) -> Answer:
    """An answer that is said to be packed."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        if length:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


@pytest.mark.parametrize("length", [True, False])
def test_a_gz_is_kept_where_the_mirror_calls_it_packed(length: bool, tmp_path: Path) -> None:
    with mirror(toy_idx()[1]) as serving:
        entry, contents = toy_idx(serving.address)
        for name in list(serving.files):
            serving.files[name] = encoded(contents[f"toy/{name}"], length=length)
        get(entry, tmp_path)
    assert whole(tmp_path, contents)


@pytest.mark.parametrize("length", [True, False])
def test_what_a_mirror_packs_once_more_is_unpacked_once(length: bool, tmp_path: Path) -> None:
    with mirror(toy_idx()[1]) as serving:
        entry, contents = toy_idx(serving.address)
        for name in list(serving.files):
            packed = gzip.compress(contents[f"toy/{name}"], 0)  # larger than what it holds
            serving.files[name] = encoded(packed, length=length)
        get(entry, tmp_path)
    assert whole(tmp_path, contents)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"nothing packed", "can't be unpacked"),
        (gzip.compress(toy_idx()[1]["toy/train-images"])[:-9], "can't be unpacked"),
        (gzip.compress(bytes(2**20)), "checksum|bytes"),
    ],
)
def test_what_is_packed_wrongly_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    with mirror(toy_idx()[1]) as serving:
        serving.files["train-images"] = encoded(content)
        with pytest.raises(DataError, match=words):
            get(toy_idx(serving.address)[0], tmp_path)
    assert nothing(tmp_path)


def test_a_mirror_of_ones_own_is_asked_first(
    good: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MIRROR, good.address.rstrip("/"))
    entry, contents = toy_idx(closed_port())
    get(entry, tmp_path)
    assert whole(tmp_path, contents)


def test_without_a_network_the_message_says_what_to_put_where(tmp_path: Path) -> None:
    entry, _ = toy_idx(closed_port(), closed_port())
    with pytest.raises(DataError, match=r"can't be reached.*can't be reached") as error:
        get(entry, tmp_path)
    assert entry.published
    for file in entry.published.files:
        assert f"{file.name} ({file.size:,} bytes)" in error.value.remedy
    assert str(tmp_path / "toy") in error.value.remedy
