"""Files to take home: JSON, CSV, and one HTML page that opens with no network.

The CSV is tidy: one row for each measured number. Its columns are ``run`` and, told by the run's
configuration, ``family``, ``depth``, ``skip``, ``seed``; then ``measure`` (batch_loss, batch_error,
flow_norm, grad_norm, update_ratio, learning_rate, train_loss, train_error, test_loss, test_error;
of single test examples sample_predicted, a class, sample_probability, sample_true_probability and
sample_output), ``step``, ``index`` and ``place`` (depth order and name, for what is measured layer
by layer; which sample and its place in the test set; else empty), ``value`` (empty where it was
not finite; errors are fractions) and ``count`` (examples it was measured on, where that is known).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.figures.page import page
from app.figures.series import QUANTITIES, Series, gather

Json = dict[str, Any]
File = tuple[Iterator[bytes], str, str]
Events = Iterable[bytes | str | Mapping[str, Any]]

COLUMNS = (
    "run", "family", "depth", "skip", "seed", "measure", "step", "index", "place", "value", "count",
)  # fmt: skip
MEDIA = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
SWEEPS = ("depth", "sweep")
PART = 2**18  # bytes of a part, about
# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class UnknownFormat(ValueError):
    """No such format; the message lists those there are."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"unknown format {kind!r}; allowed: {', '.join(MEDIA)}")


def export_run(run: Json, events: Events, kind: str, address: str = "") -> File:
    """A run with its events as (parts of the content, media type, file name).

    Events are taken one by one while the parts are; only "html" holds all of them. ``address`` is
    the server's: where "html" leads back to.

    Raises:
        UnknownFormat: ``kind`` is not "json", "csv" or "html".
    """
    return _file("run", run, [run], {run["id"]: events}, kind, address)


def export_study(study: Json, events: Mapping[str, Events], kind: str, address: str = "") -> File:
    """As ``export_run`` for a study, with the events of its runs by their ids.

    Raises:
        UnknownFormat: ``kind`` is not "json", "csv" or "html".
    """
    return _file("study", study, study["runs"], events, kind, address)


def _file(
    what: str,
    view: Json,
    runs: list[Json],
    events: Mapping[str, Events],
    kind: str,
    address: str,
) -> File:
    if kind == "json":
        pieces = _json(what, view, runs, events)
    elif kind == "csv":
        pieces = _csv(runs, events)
    elif kind == "html":
        pieces = _html(view, runs, events, address)
    else:
        raise UnknownFormat(kind)
    return _parts(pieces), MEDIA[kind], f"depthscope-{what}-{view['id']}.{kind}"


def _parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts that are worth being sent."""
    part, size = [], 0
    for piece in pieces:
        part.append(piece)
        size += len(piece)
        if size >= PART:
            yield b"".join(part)
            part, size = [], 0
    if part:
        yield b"".join(part)


def _json(what: str, view: Json, runs: list[Json], events: Mapping[str, Events]) -> Iterator[bytes]:
    """The view and all events by run; events that are encoded stay as they are."""
    public = {key: value for key, value in view.items() if key != "mine"}
    yield f'{{"{what}": {_dumps(public)}, "events": {{'.encode()
    for number, run in enumerate(runs):
        yield f"{', ' if number else ''}{_dumps(run['id'])}: [".encode()
        before = b""
        for event in events.get(run["id"], ()):
            yield before + (event if isinstance(event, bytes) else _text(event).encode())
            before = b", "
        yield b"]"
    yield b"}}"


def _text(event: str | Mapping[str, Any]) -> str:
    return event if isinstance(event, str) else _dumps(event)


def _dumps(value: object) -> str:
    return json.dumps(value, allow_nan=False)


def _html(
    view: Json, runs: list[Json], events: Mapping[str, Events], address: str
) -> Iterator[bytes]:
    """One page; of a sweep it shows what came of each run, and nothing of what was said."""
    told = () if view.get("study") in SWEEPS and "runs" in view else runs
    said = {run["id"]: gather(run["spec"], events.get(run["id"], ())) for run in told}
    yield page(view, runs, said, address)


def _csv(runs: list[Json], events: Mapping[str, Events]) -> Iterator[bytes]:
    """All measurements of the runs as tidy CSV (RFC 4180) in UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for run in runs:
        net = run["spec"]["net"]
        about = [run["id"], net["family"], net["depth"], net["skip"], run["spec"]["seed"]]
        series = Series(run["spec"])  # to know its places
        for event in events.get(run["id"], ()):
            for row in _rows(
                series, json.loads(event) if isinstance(event, bytes | str) else event
            ):
                writer.writerow([safe(cell) for cell in (*about, *row)])
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def safe(cell: object) -> object:
    """A cell that no spreadsheet runs as a formula: numbers stay, suspicious text is quoted."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell


def _rows(series: Series, event: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    """(measure, step, index, place, value, count) of everything that an event measured."""
    if event["type"] == "started":
        series.started = dict(event)
    elif event["type"] == "frame":
        yield from _frame(series, event, series.spec["batch_size"])
    elif event["type"] == "evaluated":
        yield from _evaluation(event)
    elif event["type"] == "predicted":
        yield from _answers(event)


def _frame(series: Series, frame: Mapping[str, Any], batch: int) -> Iterator[tuple[object, ...]]:
    first = frame["step"] - len(frame["loss"]) + 1
    for measure, key in (("batch_loss", "loss"), ("batch_error", "error")):
        for step, value in enumerate(frame.get(key) or (), first):
            yield measure, step, None, None, value, batch
    for quantity in QUANTITIES:
        for index, (place, value) in enumerate(_named(series, quantity, frame[quantity])):
            yield quantity, frame["step"], index, place, value, batch
    yield "learning_rate", frame["step"], None, None, frame["lr"], None


def _named(
    series: Series, quantity: str, values: Iterable[float | None]
) -> Iterator[tuple[str, float | None]]:
    return zip((place["name"] for place in series.places(quantity)), values, strict=True)


def _evaluation(event: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    for which, size in (("train", "count"), ("test", "test_count")):
        for measure in ("loss", "error"):
            name = f"{which}_{measure}"
            if name in event:  # a regression has no errors
                yield name, event["step"], None, None, event[name], event[size]


def _answers(event: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    for index, example in enumerate(event["examples"]):
        place = f"test[{example}]"
        for key in ("predicted", "probability", "true_probability"):
            if key in event:  # a regression has no classes
                yield f"sample_{key}", event["step"], index, place, event[key][index], 1
        if "outputs" in event:
            for number, value in enumerate(event["outputs"][index]):
                yield "sample_output", event["step"], index, f"{place}[{number}]", value, 1
