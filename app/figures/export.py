"""Files to take home: JSON, CSV, and one HTML page that opens with no network.

The CSV is tidy: one row for each measured number. Its columns are ``run`` and, told by the run's
configuration, ``family``, ``depth``, ``skip``, ``seed``; then ``measure`` (batch_loss, batch_error,
learning_rate, train_loss, train_error, test_loss, test_error; each measure of the run by its name,
such as flow; of single test examples sample_predicted, a class, sample_probability,
sample_true_probability and sample_output; of an analysis what was done and what was measured, such
as remove_test_error or length_norm), ``step``, ``index`` and ``place`` (depth order and name, for
what is measured layer by layer; which sample and its place in the test set; of an analysis the
length of paths, or the blocks; else empty), ``value`` (empty where it was not finite; errors are
fractions), ``count`` (examples it was measured on, where that is known), ``underflowed`` (1 where a
value of 0 is not exactly 0 but too small for float32; else empty) and ``untold`` (1 where a value
of 0 may be either, since the run, of an earlier version, did not tell; else empty). For
spreadsheets that use a decimal comma its numbers are written so, and semicolons part its columns.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from app.figures.page import page

Json = dict[str, Any]
File = tuple[Iterator[bytes], str, str]
Decimal = Literal["point", "comma"]  # what parts the decimals of a number in CSV
Events = Iterable[bytes | str | Mapping[str, Any]]
Measures = Mapping[str, Json]  # as ``started`` lists them, by their names
Row = tuple[object, ...]  # what ``_row`` gives

COLUMNS = (
    "run", "family", "depth", "skip", "seed", "measure", "step", "index", "place", "value", "count",
    "underflowed", "untold",
)  # fmt: skip
MEDIA = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
SEPARATORS: dict[Decimal, str] = {"point": ",", "comma": ";"}  # of columns, as spreadsheets expect
SWEEPS = ("depth", "sweep")
PART = 2**18  # bytes of a part, about
# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class UnknownFormat(ValueError):
    """No such format; the message lists those there are."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"unknown format {kind!r}; allowed: {', '.join(MEDIA)}")


def export_run(
    run: Json,
    events: Events,
    kind: str,
    catalog: Callable[[], Json],
    address: str = "",
    decimal: Decimal = "point",
) -> File:
    """A run with its events as (parts of the content, media type, file name).

    Events are taken one by one while the parts are; only "html" holds all of them. For "html"
    alone ``catalog`` is asked what can be chosen, and ``address`` is the server's: where it leads
    back to. ``decimal`` is for "csv".

    Raises:
        UnknownFormat: ``kind`` is not "json", "csv" or "html".
    """
    return _file("run", run, [run], {run["id"]: events}, kind, catalog, address, decimal)


def export_study(
    study: Json,
    events: Mapping[str, Events],
    kind: str,
    catalog: Callable[[], Json],
    address: str = "",
    decimal: Decimal = "point",
) -> File:
    """As ``export_run`` for a study, with the events of its runs by their ids.

    Raises:
        UnknownFormat: ``kind`` is not "json", "csv" or "html".
    """
    return _file("study", study, study["runs"], events, kind, catalog, address, decimal)


def _file(
    what: str,
    view: Json,
    runs: list[Json],
    events: Mapping[str, Events],
    kind: str,
    catalog: Callable[[], Json],
    address: str,
    decimal: Decimal,
) -> File:
    if kind == "json":
        pieces = _json(what, view, runs, events)
    elif kind == "csv":
        pieces = _csv(runs, events, decimal)
    elif kind == "html":
        pieces = _html(view, runs, events, catalog(), address)
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
    view: Json, runs: list[Json], events: Mapping[str, Events], catalog: Json, address: str
) -> Iterator[bytes]:
    """One page; of a sweep it shows what came of each run, and nothing of what was said."""
    told = () if view.get("study") in SWEEPS and "runs" in view else runs
    said = {run["id"]: list(map(_body, events.get(run["id"], ()))) for run in told}
    yield page(view, runs, said, catalog, address)


def _body(event: bytes | str | Mapping[str, Any]) -> Mapping[str, Any]:
    body: Mapping[str, Any] = json.loads(event) if isinstance(event, bytes | str) else event
    return body


def _csv(runs: list[Json], events: Mapping[str, Events], decimal: Decimal) -> Iterator[bytes]:
    """All measurements of the runs as tidy CSV (RFC 4180) in UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=SEPARATORS[decimal])
    writer.writerow(COLUMNS)
    for run in runs:
        net = run["spec"]["net"]
        about = [run["id"], net["family"], net["depth"], _name(net["skip"]), run["spec"]["seed"]]
        measures: Measures = {}
        for event in map(_body, events.get(run["id"], ())):
            if event["type"] == "started":
                measures = {measure["name"]: measure for measure in event["measures"]}
            for row in _rows(event, measures, run["spec"]["batch_size"]):
                writer.writerow([_written(safe(cell), decimal) for cell in (*about, *row)])
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _name(choice: str | Json) -> str:
    """A choice's name: it is bare where its parameters have their defaults."""
    return choice if isinstance(choice, str) else str(choice["name"])


def _written(cell: object, decimal: Decimal) -> object:
    """A cell with its decimals parted so."""
    return str(cell).replace(".", ",") if decimal == "comma" and type(cell) is float else cell


def safe(cell: object) -> object:
    """A cell that no spreadsheet runs as a formula: numbers stay, suspicious text is quoted."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell


def _row(
    measure: str,
    step: int,
    index: int | None,
    place: str | None,
    value: object,
    count: int | None = None,
    underflowed: int | None = None,
    untold: int | None = None,
) -> Row:
    """A row after whose it is, in the order of ``COLUMNS``."""
    return measure, step, index, place, value, count, underflowed, untold


def _rows(event: Mapping[str, Any], measures: Measures, batch: int) -> Iterator[Row]:
    """All that an event measured."""
    if event["type"] == "frame":
        yield from _frame(event, measures, batch)
    elif event["type"] == "evaluated":
        yield from _evaluation(event)
    elif event["type"] == "predicted":
        yield from _answers(event)
    elif event["type"] == "result":
        yield from _finding(event)


def _frame(frame: Mapping[str, Any], measures: Measures, batch: int) -> Iterator[Row]:
    first = frame["step"] - len(frame["loss"]) + 1
    for measure, key in (("batch_loss", "loss"), ("batch_error", "error")):
        for step, value in enumerate(frame.get(key) or (), first):
            yield _row(measure, step, None, None, value, batch)
    for measure, values in frame["measures"].items():
        small = frame.get("underflowed", {}).get(measure, ())
        about = measures[measure]
        for index, (place, value) in enumerate(zip(about["places"], values, strict=True)):
            underflowed = 1 if index in small else None
            untold = 1 if about.get("untold") and value == 0 and not underflowed else None
            yield _row(measure, frame["step"], index, place, value, batch, underflowed, untold)
    yield _row("learning_rate", frame["step"], None, None, frame["lr"])


def _evaluation(event: Mapping[str, Any]) -> Iterator[Row]:
    for which, size in (("train", "count"), ("test", "test_count")):
        for measure in ("loss", "error"):
            name = f"{which}_{measure}"
            if name in event:  # a regression has no errors
                yield _row(name, event["step"], None, None, event[name], event[size])


def _finding(event: Mapping[str, Any]) -> Iterator[Row]:
    place, step = " ".join(event["blocks"]) or None, event["step"]
    for which in ("train", "test"):
        for measure, value in event.get(which, {}).items():
            yield _row(f"{event['what']}_{which}_{measure}", step, None, place, value)
    values = event.get("values", {})
    index = values.get(event["what"])  # what is told by number: the length of paths
    for name, value in values.items():
        if name != event["what"]:
            at = None if index is None else int(index)
            yield _row(f"{event['what']}_{name}", step, at, place, value)


def _answers(event: Mapping[str, Any]) -> Iterator[Row]:
    for index, example in enumerate(event["examples"]):
        place = f"test[{example}]"
        for key in ("predicted", "probability", "true_probability"):
            if key in event:  # a regression has no classes
                yield _row(f"sample_{key}", event["step"], index, place, event[key][index], 1)
        if "outputs" in event:
            for number, value in enumerate(event["outputs"][index]):
                at = f"{place}[{number}]"
                yield _row("sample_output", event["step"], index, at, value, 1)
