"""The exported HTML file; tests/e2e/test_chart_export.py opens it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from app.figures.page import page
from app.web.catalog import catalog
from tests.app.figures.events import run_view, said, spec, twins

STATIC = Path(__file__).parents[3] / "static"
ADDRESS = "http://127.0.0.1:8000"
Json = dict[str, Any]


class Read(HTMLParser):
    """What a page holds: its scripts by type and id, what it loads, its policy and its words."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.data: dict[str, Any] = {}
        self.loads: list[str] = []
        self.policy: dict[str, list[str]] = {}
        self.words = ""
        self._script: dict[str, str | None] | None = None
        self._style = False
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.loads += [value for key, value in attrs if key in ("src", "href") and value]
        assert not any(key.startswith("on") for key in found)
        if tag == "script":
            self._script = found
        self._style = tag == "style"
        if found.get("http-equiv") == "Content-Security-Policy":
            rules = (rule.split() for rule in (found["content"] or "").split(";"))
            self.policy = {name: values for name, *values in rules}

    def handle_data(self, data: str) -> None:
        if self._script is None:
            self.words += "" if self._style else data
        elif self._script.get("type") == "application/json":
            self.data[self._script["id"] or ""] = json.loads(data)
        else:
            self.inline.append(data)
            if self._script.get("type") == "importmap":
                self.data["imports"] = json.loads(data)["imports"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = None


def read(view: Json, events: dict[str, list[bytes]], address: str = "", **more: Any) -> Read:
    """The file of a run or a study, parsed."""
    told = {run: [json.loads(event) for event in one] for run, one in events.items()}
    return Read(page(view, view.get("runs", [view]), told, {**catalog(), **more}, address))


def test_nothing_is_loaded_and_no_script_runs_that_the_file_does_not_hold() -> None:
    found = read(*twins(), ADDRESS)
    assert found.loads == []
    assert found.policy["default-src"] == ["'none'"]
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in found.inline
    ]
    assert found.policy["script-src"] == [*hashes, "data:"]
    others = {"style-src", "img-src", "base-uri", "form-action"}
    assert set(found.policy) == {"default-src", "script-src", *others}
    assert not {"http:", "https:", "*"} & {word for rule in found.policy.values() for word in rule}


def test_the_modules_inside_are_the_pages_own_and_none_is_missing() -> None:
    imports = read(*twins()).data["imports"]
    assert "#charts/flowByDepth.js" in imports
    assert "#api.js" not in imports, "a file has no server to ask"
    for name, url in imports.items():
        kind, _, code = url.partition(",")
        assert kind == "data:text/javascript;base64"
        module = base64.b64decode(code)
        assert module == (STATIC / "js" / name.removeprefix("#")).read_bytes()
        wanted = re.findall(r"""(?:from|import\(?)\s*["']([^"']+)["']""", module.decode())
        comments = re.findall(r'\{import\("([^"]+)"\)', module.decode())
        assert set(wanted) - set(comments) <= set(imports), name


def test_it_leads_back_below_the_path_of_its_server() -> None:
    assert read(*twins()).data["exported"]["address"] == ""
    assert read(*twins(), ADDRESS).data["exported"]["address"] == f"{ADDRESS}/"
    assert read(*twins(), f"{ADDRESS}/lab/").data["exported"]["address"] == f"{ADDRESS}/lab/"


def test_it_says_when_it_ran_with_which_settings_and_what_made_it() -> None:
    view, events = twins()
    view["runs"][0]["started"] = "2026-11-20T23:30:00-02:00"
    view["runs"][1]["started"] = None
    words = read(view, events).words
    assert "Trained 2026-11-21 01:30 UTC." in words
    assert '"against": "none"' in words
    assert "Made by Depthscope" in words


def test_of_an_analysis_it_says_what_was_asked_and_of_no_training() -> None:
    asked = {"analysis": "paths", "of": "bbbbbbbbbb", "trained": 1, "examples": 33, "seed": 4}
    found = read(run_view(analysis=asked), {"aaaaaaaaaa": said()})
    assert "Analysed 2024-01-01 00:00 UTC." in found.words
    assert "measured on a trained network" in found.words
    assert "split by paths" in found.words
    assert '"examples": 33' in found.words
    assert found.words.index("What was asked") < found.words.index("Configuration of the network")
    for wrong in ("Trained 2024", "while these networks trained", "A run of Depthscope"):
        assert wrong not in found.words


def test_it_holds_what_charts_read_and_nothing_else_of_what_was_said() -> None:
    view, events = twins()
    other = {"type": "predicted", "seq": 99, "step": 3, "run": "aaaaaaaaaa", "examples": [7]}
    events["aaaaaaaaaa"].append(json.dumps(other).encode())
    exported = read(view, events).data["exported"]
    assert "mine" not in exported["entry"]
    told = exported["events"]["aaaaaaaaaa"]
    assert [event["type"] for event in told] == [
        "started", "evaluated", "frame", "frame", "frame", "evaluated", "finished",
    ]  # fmt: skip
    said_before = [json.loads(event) for event in events["aaaaaaaaaa"]]
    frame = next(event for event in said_before if event["type"] == "frame")
    for key in ("run", "lr", "time"):
        del frame[key]
    assert told[2] == frame
    assert {"points", "layers", "spec", "steps_per_epoch"} <= set(told[0])


def test_others_images_are_not_named() -> None:
    own = {"name": "folder:lamps", "title": "lamps"}
    others = {"name": "folder:faces", "title": "faces"}
    view = run_view("aaaaaaaaaa", spec())
    view["spec"]["data"] = "folder:lamps"
    found = read(view, {"aaaaaaaaaa": said()}, data=[own, others], unusable=[others])
    assert found.data["catalog"]["data"] == [own]
    assert found.data["catalog"]["unusable"] == []


@pytest.mark.parametrize("evil", ["</script><script>alert(1)</script>", "<!--<script>", "]]>'\""])
def test_what_a_run_says_can_not_end_the_page_or_add_to_it(evil: str) -> None:
    view = run_view(state="failed", reason=evil, result=None)
    found = read(view, {view["id"]: said()})
    assert found.data["exported"]["entry"]["reason"] == evil
    assert len(found.inline) == 4
    assert not any("alert(1)" in script for script in found.inline[:2])
