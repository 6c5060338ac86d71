"""Migrations go through events a few at a time, and write only what changed."""

from __future__ import annotations

import json
import sqlite3
import tracemalloc
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.store.migrations import rewriting
from app.store.store import Store

Json = dict[str, Any]
EVENTS = "SELECT run, seq, payload FROM event ORDER BY run, seq"
PADDING = "x" * 20_000


def opened(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    store.open()
    store.close()


def stored(path: Path, version: str, events: Iterable[Json]) -> dict[tuple[str, int], bytes]:
    """Make a database of this version with such first events; their payloads by run and number."""
    opened(path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.executemany(
            "INSERT INTO event (run, seq, type, payload) VALUES (?, 0, 'started', ?)",
            (
                (f"run{number:04}", json.dumps(event).encode())
                for number, event in enumerate(events)
            ),
        )
        database.execute("UPDATE alembic_version SET version_num = ?", (version,))
        database.commit()
    return said(path)


def said(path: Path) -> dict[tuple[str, int], bytes]:
    with closing(sqlite3.connect(path)) as database:
        return {(run, seq): payload for run, seq, payload in database.execute(EVENTS)}


def of_version_4(number: int, *, marked: bool = True) -> Json:
    """A first event of which one measure did not tell what its 0 is, or none."""
    names = ["flow", "stream"] if marked else ["flow"]
    measures = [{"name": name, "scale": "log"} for name in names]
    return {"number": number, "versions": {"cpu": "AVX2"}, "measures": measures}


def of_version_3(number: int) -> Json:
    return {
        "number": number,
        "projections": [{"kind": "conv"}],
        "versions": {"cpu": "AVX2"},
        "measures": [],
    }


@pytest.mark.parametrize("count", [0, 1, 3, 4, 7])
def test_every_event_is_brought_over_whatever_number_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(rewriting, "AT_ONCE", 3)
    path = tmp_path / "old.sqlite"
    stored(path, "0003", map(of_version_3, range(count)))

    opened(path)

    now = [json.loads(payload) for payload in said(path).values()]
    assert [event["number"] for event in now] == list(range(count))
    assert all(event["other_layers"] == [{"kind": "projection"}] for event in now)


@pytest.mark.parametrize("version", ["0003", "0004"])
def test_events_are_never_all_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setattr(rewriting, "AT_ONCE", 20)
    path = tmp_path / "old.sqlite"
    make = {"0003": of_version_3, "0004": of_version_4}[version]
    before = stored(path, version, ({**make(n), "padding": PADDING} for n in range(1000)))
    whole = sum(map(len, before.values()))
    del before

    tracemalloc.start()
    opened(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert whole > 20e6
    assert most < whole / 2


def test_an_event_in_which_nothing_changes_stays_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    events = [of_version_4(number, marked=number % 2 == 0) for number in range(6)]
    before = stored(path, "0004", events)

    opened(path)

    changed = {run for (run, _), payload in said(path).items() if payload != before[run, 0]}
    assert changed == {"run0000", "run0002", "run0004"}
