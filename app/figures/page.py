"""One HTML file that shows what a run or study came to, with everything inside: needs no network.

It carries the modules, words, styles and figures of the pages, and the events that charts need, so
that its charts are filled by the same code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from app import __version__
from app.assets import folder, plotly, templates
from app.figures import all_figures
from app.modules import carried, digest
from app.words import t, table

Json = dict[str, Any]
ENTRY = "js/pages/exported.js"
THEME = "js/parts/theme.js"
STYLES = ("tokens", "base", "layout", "parts", "charts", "gradients", "exported")
# What no chart reads, by the event's type: it would only make the file larger.
UNREAD: Mapping[str, frozenset[str]] = {
    "started": frozenset({"blocks", "engine", "memory", "metrics", "other_layers", "versions"}),
    "frame": frozenset({"lr", "time"}),
}
SILENT = frozenset({"predicted"})  # events that no chart reads


def page(view: Json, runs: list[Json], said: Mapping[str, list[Mapping[str, Any]]], catalog: Json,
         address: str = "") -> bytes:  # fmt: skip
    """The file of a run, or of a study with its ``runs``; ``said`` has runs' events by their ids.

    ``catalog`` is what can be chosen (see app/web/catalog.py). ``address`` is the server's, where
    there is one to lead back to.
    """
    kind = "_analysis" if view.get("analysis") else ""  # whose words
    inline = {
        "early": _static("js/early.js"),
        "importmap": _text({"imports": carried((ENTRY, THEME), _module)}),
        "plotly": plotly().read_text(encoding="utf-8"),
        "entry": 'import "#parts/theme.js";\nimport "#pages/exported.js";',
    }
    shown = {key: value for key, value in view.items() if key != "mine"}
    events = {run: [_read(event) for event in told if event["type"] not in SILENT]
              for run, told in said.items()}  # fmt: skip
    home = address and f"{address.rstrip('/')}/"
    html = templates().get_template("exported.html").render(
        **inline,
        policy=_policy(inline.values()),
        styles="\n".join(_static(f"css/{name}.css") for name in STYLES),
        print=_static("css/print.css"),
        words=table(),
        figures=all_figures(),
        catalog=_needed(catalog, runs),
        exported={"entry": shown, "events": events, "address": home},
        title=t(f"charts.export.{_kind(view)}"),
        about=t(f"charts.export.about{kind}"),
        ran=_ran(runs, kind),
        settings=_settings(view, kind),
        made=t("charts.export.made", version=__version__),
    )  # fmt: skip
    return html.encode()


def _policy(scripts: Iterable[str]) -> str:
    """Nothing may be loaded, and no script may run but these and the modules in the import map.

    Plotly writes styles of its own, and makes images of charts.
    """
    known = " ".join(digest(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {known} data:; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _static(name: str) -> str:
    return (folder("static") / name).read_text(encoding="utf-8")


def _module(name: str) -> bytes | None:
    path = folder("static") / name
    return path.read_bytes() if path.is_file() else None


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _read(event: Mapping[str, Any]) -> Json:
    """What charts read of an event."""
    unread = UNREAD.get(event["type"], frozenset())
    return {key: value for key, value in event.items() if key != "run" and key not in unread}


def _needed(catalog: Json, runs: list[Json]) -> Json:
    """The catalogue with the data sets of these runs alone: others' names are nobody's business."""
    names = {data if isinstance(data, str) else data["name"] for run in runs
             for data in [run["spec"]["data"]]}  # fmt: skip
    return {**catalog, "unusable": [], "data": [d for d in catalog["data"] if d["name"] in names]}


def _kind(view: Json) -> str:
    """What the file is of: which study or analysis, or a run."""
    if analysis := view.get("analysis"):
        return str(analysis["analysis"])
    return str(view["study"]) if "runs" in view else "run"


def _settings(view: Json, kind: str) -> list[tuple[str, str, str]]:
    """Id, heading and JSON of what was asked, if that is an analysis, and what was trained."""
    found = [("configuration", t(f"charts.export.configuration{kind}"), view["spec"])]
    if kind:
        found.insert(0, ("asked", t("charts.export.asked"), view["analysis"]))
    return [(name, title, json.dumps(value, indent=2)) for name, title, value in found]


def _ran(runs: list[Json], kind: str) -> str:
    """When the first of the runs started, if that is known of one."""
    starts = [datetime.fromisoformat(run["started"]) for run in runs if run["started"]]
    if not starts:
        return ""
    return t(f"charts.export.ran{kind}", when=f"{min(starts).astimezone(UTC):%Y-%m-%d %H:%M} UTC")
