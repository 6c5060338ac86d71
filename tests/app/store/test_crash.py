"""A process that is killed while it writes loses nothing that was committed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.store.store import Store

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[3]
WRITES = """
import sys
from app.executors.base import Batch, State
from app.store.records import Move, NewRun
from app.store.store import Store
from tests.contracts.store.batches import frames

store = Store(sys.argv[1])
store.open()
store.add([NewRun("a", "{}", "me"), NewRun("b", "{}", "me")])
store.append([], [Move("a", State.RUNNING, 0)])
seq = 0
while True:
    store.append([frames("a", seq, 7)])
    seq += 7
    print(seq - 1, flush=True)
"""


@pytest.mark.parametrize("commits", [1, 40])
def test_a_killed_writer_loses_nothing_committed(tmp_path: Path, commits: int) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        for _ in range(commits):
            last = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)  # in the middle of the next one, or the one after
        told = [last, *map(int, process.stdout.read().split())]
    store = Store(url)
    assert store.open() == 2
    events = store.events("a", limit=10**6, max_bytes=10**9)
    row = store.run("a")
    assert events is not None
    assert row is not None
    seqs = [json.loads(payload)["seq"] for payload in events.payloads]
    assert seqs == list(range(len(seqs)))
    assert len(seqs) > told[-1]
    assert len(seqs) % 7 == 0  # whole transactions
    assert (row.state, row.last_seq) == ("interrupted", len(seqs) - 1)
    waiting = store.run("b")
    assert waiting is not None
    assert waiting.state == "interrupted"
    assert store.open() == 0
    store.close()
