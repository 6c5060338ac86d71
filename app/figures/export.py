"""Files to take home: JSON, CSV, and one HTML page that opens with no network.

The CSV is tidy: one row for each measured number. Its columns are ``run`` and, told by the run's
configuration, ``family``, ``depth``, ``skip``, ``seed``; then ``measure`` (batch_loss, batch_error,
flow_norm, grad_norm, update_ratio, learning_rate, train_loss, train_error, test_loss, test_error),
``step``, ``index`` and ``place`` (depth order and name, for what is measured layer by layer, else
empty), ``value`` (empty where it was not finite; errors are fractions) and ``count`` (examples it
was measured on, where that is known).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.figures.page import page
from app.figures.series import QUANTITIES, Series, gather

Json = dict[str, Any]
File = tuple[bytes, str, str]
Events = Sequence[bytes | str | Mapping[str, Any]]

COLUMNS = (
    "run", "family", "depth", "skip", "seed", "measure", "step", "index", "place", "value", "count",
)  # fmt: skip
MEDIA = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class UnknownFormat(ValueError):
    """No such format; the message lists those there are."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"unknown format {kind!r}; allowed: {', '.join(MEDIA)}")


def export_run(run: Json, events: Events, kind: str) -> File:
    """A run with its events as (content, media type, file name).

    Raises:
        UnknownFormat: ``kind`` is not "json", "csv" or "html".
    """
    return _file("run", run, [run], {run["id"]: events}, kind)


def export_study(study: Json, events: Mapping[str, Events], kind: str) -> File:
    """A study with the events of its runs, by their ids, as (content, media type, file name).

    Raises:
        UnknownFormat: ``kind`` is not "json", "csv" or "html".
    """
    return _file("study", study, study["runs"], events, kind)


def _file(what: str, view: Json, runs: list[Json], events: Mapping[str, Events], kind: str) -> File:
    if kind not in MEDIA:
        raise UnknownFormat(kind)
    name = f"depthscope-{what}-{view['id']}.{kind}"
    if kind == "json":
        said = {run["id"]: [_body(event) for event in events.get(run["id"], ())] for run in runs}
        public = {key: value for key, value in view.items() if key != "mine"}
        content = json.dumps({what: public, "events": said}, allow_nan=False).encode()
    else:
        shown = {run["id"]: gather(run["spec"], events.get(run["id"], ())) for run in runs}
        content = table(shown) if kind == "csv" else page(view, runs, shown)
    return content, MEDIA[kind], name


def _body(event: bytes | str | Mapping[str, Any]) -> Any:
    return json.loads(event) if isinstance(event, bytes | str) else event


def table(runs: Mapping[str, Series]) -> bytes:
    """All measurements of the runs, by their ids, as tidy CSV (RFC 4180) in UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for run, series in runs.items():
        net = series.spec["net"]
        about = [run, net["family"], net["depth"], net["skip"], series.spec["seed"]]
        for row in _rows(series):
            writer.writerow([safe(cell) for cell in (*about, *row)])
    return out.getvalue().encode()


def safe(cell: object) -> object:
    """A cell that no spreadsheet runs as a formula: numbers stay, suspicious text is quoted."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell


def _rows(series: Series) -> Iterator[tuple[object, ...]]:
    """(measure, step, index, place, value, count) of everything that was measured, step by step."""
    batch = series.spec["batch_size"]
    evaluations = iter(series.evaluations)
    waiting = next(evaluations, None)
    for frame in series.frames:
        while waiting is not None and waiting["step"] < frame["step"]:
            yield from _evaluation(waiting)
            waiting = next(evaluations, None)
        yield from _frame(series, frame, batch)
    while waiting is not None:
        yield from _evaluation(waiting)
        waiting = next(evaluations, None)


def _frame(series: Series, frame: Json, batch: int) -> Iterator[tuple[object, ...]]:
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


def _evaluation(event: Json) -> Iterator[tuple[object, ...]]:
    for which, size in (("train", "count"), ("test", "test_count")):
        for measure in ("loss", "error"):
            name = f"{which}_{measure}"
            if name in event:  # a regression has no errors
                yield name, event["step"], None, None, event[name], event[size]
