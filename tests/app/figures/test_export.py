"""What leaves the page as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.figures import export
from app.figures.export import COLUMNS, UnknownFormat, safe
from app.web.catalog import catalog
from tests.app.figures.events import run_view, said, twins

Json = dict[str, Any]


def export_run(view: Json, events: export.Events, kind: str) -> tuple[bytes, str, str]:
    """The whole file of a run at once."""
    parts, media, name = export.export_run(view, events, kind, catalog)
    return b"".join(parts), media, name


def export_study(view: Json, events: Any, kind: str, address: str = "") -> tuple[bytes, str, str]:
    """The whole file of a study at once."""
    parts, media, name = export.export_study(view, events, kind, catalog, address)
    return b"".join(parts), media, name


def rows(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV, read by the standard library."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_json_holds_the_run_and_its_events_unchanged() -> None:
    events = said()
    content, media, name = export_run(run_view(), events, "json")
    body = json.loads(content)
    assert media == "application/json"
    assert name == "depthscope-run-aaaaaaaaaa.json"
    assert body["events"] == {"aaaaaaaaaa": [json.loads(event) for event in events]}
    assert body["run"]["id"] == "aaaaaaaaaa"
    assert "mine" not in body["run"]


def test_csv_has_one_row_for_each_measured_number() -> None:
    content, media, name = export_run(run_view(), said(), "csv")
    table = rows(content)
    assert media.startswith("text/csv")
    assert name.endswith(".csv")
    assert tuple(table[0]) == COLUMNS
    frames, evaluations = 3, 2
    assert len(table) == frames * (1 + 1 + 3 + 4 + 4 + 1) + evaluations * 4
    (third,) = [r for r in table if r["measure"] == "batch_loss" and r["step"] == "3"]
    assert float(third["value"]) == pytest.approx(2.5 / 3)
    flow = [r for r in table if r["measure"] == "flow" and r["step"] == "1"]
    assert [(r["index"], r["place"], float(r["value"])) for r in flow] == [
        ("0", "stem", 1e-3),
        ("1", "block1", 0.0),
        ("2", "head", 0.5),
    ]


@pytest.mark.parametrize("diverged", [False, True])
def test_csv_with_decimal_commas_holds_the_same_numbers(diverged: bool) -> None:
    events = said(diverged=diverged)
    expected = rows(export_run(run_view(), events, "csv")[0])
    parts, _, _ = export.export_run(run_view(), events, "csv", catalog, decimal="comma")
    text = b"".join(parts).decode()
    found = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["value"].replace(",", ".") for row in found] == [row["value"] for row in expected]
    assert [{**row, "value": ""} for row in found] == [{**row, "value": ""} for row in expected]
    assert any("," in row["value"] for row in found)
    assert not any("." in row["value"] for row in found)


def test_csv_gives_each_value_of_a_frame_its_own_step() -> None:
    frame = {
        "type": "frame",
        "step": 4,
        "loss": [4.0, 3.0],
        "error": [0.5, 0.25],
        "measures": {},
        "lr": 0.1,
        "time": 1.0,
    }
    table = rows(export_run(run_view(), [frame], "csv")[0])
    assert [(r["step"], r["value"]) for r in table if r["measure"] == "batch_loss"] == [
        ("3", "4.0"),
        ("4", "3.0"),
    ]


def test_csv_marks_a_zero_that_is_only_too_small() -> None:
    events = [json.loads(event) for event in said(flow=(0.0, 0.0, 0.5))]
    frame = next(event for event in events if event["type"] == "frame")
    frame["underflowed"] = {"flow": [1], "signal": [0]}
    table = rows(export_run(run_view(), events, "csv")[0])
    first = [r for r in table if r["measure"] == "flow" and r["step"] == str(frame["step"])]
    assert [(float(r["value"]), r["underflowed"]) for r in first] == [(0, ""), (0, "1"), (0.5, "")]
    assert [r["measure"] for r in table if r["underflowed"]] == ["flow"]


def test_csv_says_of_which_zeros_a_run_did_not_tell_what_they_are() -> None:
    events = [json.loads(event) for event in said(flow=(0.0, 0.0, 0.5))]
    started = next(event for event in events if event["type"] == "started")
    for measure in started["measures"]:
        if measure["name"] == "flow":
            measure["untold"] = True  # as earlier runs are brought over
    for event in events:
        if event["type"] == "frame":
            event["underflowed"] = {"flow": [1]}  # which one of these may have told
            event["measures"]["weight_grad"][0] = 0.0
    table = rows(export_run(run_view(), events, "csv")[0])
    first = [r for r in table if r["measure"] == "flow" and r["step"] == "1"]
    assert [(float(r["value"]), r["underflowed"], r["untold"]) for r in first] == [
        (0, "", "1"),
        (0, "1", ""),
        (0.5, "", ""),
    ]
    assert {r["measure"] for r in table if r["untold"]} == {"flow"}


def test_csv_tells_what_was_answered_to_single_examples() -> None:
    asked = {"type": "predicted", "step": 5, "examples": [7, 3], "truth": [1, 0]}
    classes = {
        "predicted": [1, None],
        "probability": [0.75, None],
        "true_probability": [0.75, None],
    }
    table = rows(export_run(run_view(), [{**asked, **classes}], "csv")[0])
    assert [(r["measure"], r["index"], r["place"], r["value"]) for r in table] == [
        ("sample_predicted", "0", "test[7]", "1"),
        ("sample_probability", "0", "test[7]", "0.75"),
        ("sample_true_probability", "0", "test[7]", "0.75"),
        ("sample_predicted", "1", "test[3]", ""),
        ("sample_probability", "1", "test[3]", ""),
        ("sample_true_probability", "1", "test[3]", ""),
    ]
    told = {
        "type": "predicted",
        "step": 5,
        "examples": [7, 3],
        "outputs": [[0.5, -1.0], [2.0, None]],
    }
    table = rows(export_run(run_view(), [told], "csv")[0])
    assert {r["measure"] for r in table} == {"sample_output"}
    assert [(r["index"], r["place"], r["value"]) for r in table] == [
        ("0", "test[7][0]", "0.5"),
        ("0", "test[7][1]", "-1.0"),
        ("1", "test[3][0]", "2.0"),
        ("1", "test[3][1]", ""),
    ]


def test_csv_leaves_a_value_that_was_not_finite_empty() -> None:
    table = rows(export_run(run_view(), said(diverged=True), "csv")[0])
    (last,) = [r for r in table if r["measure"] == "batch_loss" and r["step"] == "3"]
    assert last["value"] == ""


def test_csv_of_a_study_names_the_run_in_every_row() -> None:
    view, events = twins()
    table = rows(export_study(view, events, "csv")[0])
    assert {(r["run"], r["skip"]) for r in table} == {
        ("aaaaaaaaaa", "none"),
        ("bbbbbbbbbb", "identity"),
    }


@pytest.mark.parametrize("text", ["=1+1", "+1", "-cmd", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("cell", [-1.5, 0, 3, "plain", "", None])
def test_numbers_and_plain_text_stay(cell: object) -> None:
    assert safe(cell) == cell


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_events_are_taken_while_the_file_is_made(kind: str) -> None:
    taken = 0

    def many() -> Iterator[bytes]:
        nonlocal taken
        started, frame = said()[0], next(e for e in said() if json.loads(e)["type"] == "frame")
        yield started
        for _ in range(5000):
            taken += 1
            yield frame

    parts, _, _ = export.export_run(run_view(), many(), kind, catalog)
    assert taken == 0
    first = next(parts)
    assert 0 < taken < 5000
    rest = list(parts)
    assert taken == 5000
    assert all(len(part) < 2 * export.PART for part in (first, *rest))
    assert len(rest) > 2


def test_an_unknown_format_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UnknownFormat, match="json, csv, html"):
        export_run(run_view(), said(), "xlsx")


def test_a_run_without_events_can_be_exported() -> None:
    view = run_view(state="queued", result=None, step=0)
    for kind in ("json", "csv", "html"):
        assert export_run(view, [], kind)[0]


def test_every_column_and_measure_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "exports.md").read_text("utf-8")
    measures = {row["measure"] for row in rows(export_run(run_view(), said(), "csv")[0])}
    assert len(measures) == 10
    assert all(f"`{name}`" in text for name in (*COLUMNS, *measures))
