"""What leaves the page as a file."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.figures import export
from app.figures.export import COLUMNS, UnknownFormat, safe
from app.figures.page import script_safe
from app.spec.data import Data
from tests.app.figures.events import run_view, said, spec

Json = dict[str, Any]
CREATED = "2026-11-20T12:00:00Z"


def export_run(view: Json, events: export.Events, kind: str) -> tuple[bytes, str, str]:
    """The whole file of a run at once."""
    parts, media, name = export.export_run(view, events, kind)
    return b"".join(parts), media, name


def export_study(view: Json, events: Any, kind: str, address: str = "") -> tuple[bytes, str, str]:
    """The whole file of a study at once."""
    parts, media, name = export.export_study(view, events, kind, address)
    return b"".join(parts), media, name


def rows(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV, read by the standard library."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def twins() -> tuple[Json, dict[str, list[bytes]]]:
    """A finished pair and what its runs said."""
    plain, residual = spec("none"), spec("identity")
    runs = [run_view("bbbbbbbbbb", residual), run_view("aaaaaaaaaa", plain)]
    view = {"id": "cccccccccc", "study": "twins", "state": "finished", "runs": runs, "mine": False}
    view["created"] = runs[0]["created"]
    view["spec"] = {"study": "twins", "base": runs[0]["spec"], "against": "none"}
    return view, {
        "aaaaaaaaaa": said("aaaaaaaaaa", plain),
        "bbbbbbbbbb": said("bbbbbbbbbb", residual),
    }


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
    flow = [r for r in table if r["measure"] == "flow_norm" and r["step"] == "1"]
    assert [(r["index"], r["place"], float(r["value"])) for r in flow] == [
        ("0", "stem", 1e-3),
        ("1", "block1", 0.0),
        ("2", "head", 0.5),
    ]


def test_csv_gives_each_value_of_a_frame_its_own_step() -> None:
    frame = {
        "type": "frame",
        "step": 4,
        "loss": [4.0, 3.0],
        "error": [0.5, 0.25],
        "flow_norm": [],
        "grad_norm": [],
        "update_ratio": [],
        "lr": 0.1,
        "time": 1.0,
    }
    table = rows(export_run(run_view(), [frame], "csv")[0])
    assert [(r["step"], r["value"]) for r in table if r["measure"] == "batch_loss"] == [
        ("3", "4.0"),
        ("4", "3.0"),
    ]


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


def test_html_holds_everything_and_asks_for_nothing() -> None:
    view, events = twins()
    content, media, _ = export_study(view, events, "html")
    text = content.decode()
    assert media.startswith("text/html")
    own = text.replace(_plotly(text), "")
    assert not re.search(r"""(?:src|href)\s*=|https?://|@import|url\(""", own)
    led = export_study(view, events, "html", "http://127.0.0.1:8000/")[0].decode()
    (found,) = re.findall(r'href="([^"]*)"', led.replace(_plotly(led), ""))
    assert found.startswith("http://127.0.0.1:8000/?v=1&amp;net.family=")
    assert "default-src 'none'" in own
    figures = json.loads(_figures(text))
    assert [figure["id"] for figure in figures] == [
        "errorByStep",
        "flowByDepth",
        "flowHeatmap",
        "gradByDepth",
        "lossByStep",
    ]
    assert all(f'<div id="{figure["id"]}"></div>' in own for figure in figures)


def test_html_says_when_it_ran_and_names_networks_as_charts_do() -> None:
    view, events = twins()
    view["runs"][0]["started"] = "2026-11-20T23:30:00-02:00"
    view["runs"][1]["started"] = None
    text = export_study(view, events, "html")[0].decode()
    own = text.replace(_plotly(text), "")
    assert "Trained 2026-11-21 01:30 UTC." in own
    assert "<td>plain</td>" in own
    assert "<td>residual</td>" in own
    assert "<td>none</td>" not in own


def _plotly(text: str) -> str:
    """The script of Plotly inside a page."""
    scripts: list[str] = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    return max(scripts, key=len)


def _figures(text: str) -> str:
    found = re.search(r'<script type="application/json" id="figures">(.*?)</script>', text)
    assert found
    return found[1]


def test_html_of_a_sweep_shows_every_run_by_its_own_point() -> None:
    runs = [
        run_view(f"{skip[0]}aaaaaaaa{d}", spec(skip)) for skip in ("none", "identity") for d in "23"
    ]
    base = runs[0]["spec"]
    view: Json = {"id": "cccccccccc", "study": "depth", "created": CREATED, "runs": runs}
    view["spec"] = {"study": "depth", "base": base, "depths": [4], "skips": [], "seeds": []}
    figures = json.loads(_figures(export_study(view, {}, "html")[0].decode()))
    measures = ["train_error", "test_error", "train_loss", "test_loss"]
    assert [figure["id"] for figure in figures] == measures
    shown = [trace for trace in figures[0]["figure"]["data"] if trace["mode"] == "markers"]
    assert sum(len(trace["x"]) for trace in shown) == 4


def test_html_of_a_regression_shows_losses_and_no_empty_error() -> None:
    run = run_view("aaaaaaaaaa", spec("none").model_copy(update={"data": Data(name="identity")}))
    run["result"] = {**run["result"], "train_error": None, "test_error": None, "train_loss": 0.0421}
    view: Json = {"id": "cccccccccc", "study": "depth", "created": CREATED, "runs": [run]}
    view["spec"] = {"study": "depth", "base": run["spec"], "depths": [4], "skips": [], "seeds": []}
    text = export_study(view, {}, "html")[0].decode()
    assert [figure["id"] for figure in json.loads(_figures(text))] == ["train_loss", "test_loss"]
    words = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert "0.0421" in words
    assert "raining error" not in words
    assert "Training loss</h2>" in words


@pytest.mark.parametrize("ending", [{"state": "stopped"}, {"state": "finished"}])
def test_a_number_from_before_the_ending_says_its_step(ending: Json) -> None:
    done = run_view()
    result = {**done["result"], "evaluated": 0, "diverged": ending["state"] == "finished"}
    early = {**done, **ending, "step": 2, "result": {**result, "step": 2}}
    assert "<td>25.0 %</td>" in export_run(done, said(), "html")[0].decode()
    assert "<td>25.0 % at step 0</td>" in export_run(early, said(), "html")[0].decode()


def test_a_reason_can_not_end_the_page_or_add_to_it() -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    view = run_view(state="failed", reason=evil, result=None)
    text = export_run(view, said(), "html")[0].decode()
    own = text.replace(_plotly(text), "")
    assert "<script>alert" not in own
    assert "<img" not in own
    assert own.count("</script>") == 3


def test_json_inside_a_script_can_not_end_it() -> None:
    data = {"a": "</script><!--", "b": "\u2028&"}
    text = script_safe(data)
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == data


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

    parts, _, _ = export.export_run(run_view(), many(), kind)
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
