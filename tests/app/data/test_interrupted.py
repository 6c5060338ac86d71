"""Downloads that are cancelled, killed in the middle, or raced for."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from threading import Event, Thread

import pytest

from app.data.errors import Cancelled
from app.data.status import Presence, status_of
from tests.app.data.getting import FETCH, ROOT, get, nothing, whole
from tests.app.data.toys import Mirror, mirror, toy_idx

pytestmark = pytest.mark.processes


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
