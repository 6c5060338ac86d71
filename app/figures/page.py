"""One HTML page with the charts of finished runs, Plotly's script inside: needs no network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import escape
from string import Template
from typing import Any

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from app import __version__
from app.events import Result
from app.figures import error, flow, heatmap, loss, sweep
from app.figures.chart import Chart
from app.figures.link import link
from app.figures.series import Series, labelled, name, role
from app.figures.sweep import Point
from app.figures.themes import THEMES
from app.words import divergence, t

Json = dict[str, Any]
MOST = 5  # series on a chart
THEME = THEMES["light"]

# Nothing may be loaded: a page that was made here says all that it says.
_PAGE = Template("""<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>$title</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; color: $ink; background: $paper;
       max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 1.5rem 0 0; }
p { margin: .25rem 0; } .look { color: $muted; }
.scroll { overflow-x: auto; } a { color: inherit; } code { overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { padding: .25rem .75rem; border-bottom: 1px solid $grid; text-align: left; }
pre { overflow: auto; background: $grid; padding: .75rem; }
</style>
<script>$plotly</script>
</head>
<body>
<h1>$title</h1>
<p>$about</p>
$ran
<div class="scroll">$results</div>
$charts
<h2>$configuration</h2>
<p>$again</p>
<pre>$spec</pre>
<p class="look">$made</p>
<script type="application/json" id="figures">$figures</script>
<script>
for (const {id, figure} of JSON.parse(document.getElementById("figures").textContent))
  Plotly.newPlot(id, figure.data, figure.layout, $config);
</script>
</body>
</html>
""")


def page(view: Json, runs: list[Json], shown: Mapping[str, Series], address: str = "") -> bytes:
    """The page of a run, or of a study with its ``runs``; ``shown`` has each run's events.

    ``address`` is the server's, where there is one to lead back to.
    """
    study = view.get("study") if "runs" in view else None
    is_sweep = study in ("depth", "sweep")
    if is_sweep:
        measures = _of(MEASURES, view["spec"]["base"])
        charts = [_sweep(view["spec"], study == "depth", runs, measure) for measure in measures]
    else:
        charts = _charts(labelled(sorted(shown.values(), key=_plain_first)))
    title = t(f"charts.export.{study or 'run'}")
    html = _PAGE.substitute(
        language=t("common.language"),
        title=escape(title),
        about=escape(t("charts.export.about")),
        ran=_ran(runs),
        again=_again(link(view), address),
        results=_results(runs),
        charts="\n".join(_section(*chart) for chart in charts),
        configuration=escape(t("charts.export.configuration")),
        spec=escape(json.dumps(view["spec"], indent=2)),
        made=escape(t("charts.export.made", version=__version__)),
        figures=script_safe(
            [{"id": name, "figure": fig.to_plotly_json()} for name, _, fig in charts]
        ),
        config=script_safe({**Chart.config(sweep.CHART), "responsive": True}),
        plotly=get_plotlyjs(),
        ink=THEME.ink,
        paper=THEME.paper,
        muted=THEME.muted,
        grid=THEME.grid,
    )
    return html.encode()


def _ran(runs: list[Json]) -> str:
    """When the first of the runs started, if that is known of one."""
    starts = [datetime.fromisoformat(run["started"]) for run in runs if run["started"]]
    if not starts:
        return ""
    when = f"{min(starts).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"<p>{escape(t('charts.export.ran', when=when))}</p>"


def _again(path: str, address: str) -> str:
    if not address:
        return f"{escape(t('charts.export.path'))} <code>{escape(path)}</code>"
    return f'<a href="{escape(address.rstrip("/") + path)}">{escape(t("charts.export.again"))}</a>'


MEASURES = ("train_error", "test_error", "train_loss", "test_loss")


def _of(measures: tuple[str, ...], spec: Json) -> tuple[str, ...]:
    """Those that a run of this spec has."""
    errors = Series(spec).has_error
    return tuple(one for one in measures if errors or one.endswith("loss"))


def _plain_first(series: Series) -> bool:
    return series.role != "plain"


def _charts(runs: Iterable[Series]) -> list[tuple[str, str, go.Figure]]:
    """(name, chart, figure) of a run or a pair."""
    some = list(runs)[:MOST]
    errors = any(run.has_error for run in some)
    return [
        *([(error.NAME, error.NAME, error.figure(some, THEME))] if errors else []),
        (flow.NAME, flow.NAME, flow.figure(some, THEME)),
        (heatmap.NAME, heatmap.NAME, heatmap.figure(some, THEME)),
        ("gradByDepth", flow.NAME, flow.figure(some, THEME, "grad_norm")),
        (loss.NAME, loss.NAME, loss.figure(some, THEME)),
    ]


def _sweep(
    spec: Json, by_depth: bool, runs: list[Json], measure: str
) -> tuple[str, str, go.Figure]:
    field = "net.depth" if by_depth else spec["field"]
    base = Series(spec["base"])
    figure = sweep.figure(
        [_point(run, field, measure) for run in runs],
        THEME,
        field=field,
        measure=measure,
        chance=base.chance,
    )
    return measure, sweep.NAME, figure


def _point(run: Json, field: str, measure: str) -> Point:
    value: Any = run["spec"]
    for part in field.split("."):
        value = value[part]
    result = _result(run)
    done = result.measured_after(run["steps"])
    return Point(
        run=run["id"],
        label=name(run["spec"]),
        role=role(run["spec"]),
        value=value,
        seed=run["spec"]["seed"],
        y=getattr(result, measure) if done else None,
        lost=_lost(result),
        count=result.count if measure.startswith("train") else result.test_count,
    )


def _section(name: str, chart: str, figure: go.Figure) -> str:
    key = f"charts.measure.{name}" if chart == sweep.NAME else f"charts.{chart}.title"
    title, look = t(key).capitalize(), t(f"charts.{chart}.look")
    return (
        f"<h2>{escape(title)}</h2>\n"
        f'<p class="look">{escape(look)}</p>\n<div id="{escape(name)}"></div>'
    )


def _results(runs: list[Json]) -> str:
    """What came of each run, as a table."""
    keys = _of(MEASURES, runs[0]["spec"])  # a study is of one data set
    heads = [
        t("charts.table.run"),
        t("charts.table.network"),
        t("charts.field.net_depth"),
        t("charts.table.seed"),
        t("charts.table.state"),
        t("charts.table.step"),
        *(t(f"charts.measure.{key}") for key in keys),
    ]
    rows = [_result_row(run, keys) for run in runs]
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _result(run: Json) -> Result:
    """What came of a run so far."""
    return Result.model_validate(run["result"] or {"step": 0, "params": 0, "seconds": 0})


def _lost(result: Result) -> str | None:
    """What the loss did, of a run that diverged."""
    return divergence(result.step, result.became) if result.diverged else None


def _result_row(run: Json, keys: tuple[str, ...]) -> list[object]:
    spec, result = run["spec"], _result(run)
    state = t(f"common.states.{run['state']}")
    if run.get("reason"):
        state = f"{state}: {run['reason']}"
    if lost := _lost(result):
        state = t("charts.table.diverged", lost=lost)
    return [
        run["id"],
        name(spec),
        spec["net"]["depth"],
        spec["seed"],
        state,
        run["step"],
        *(_measured(result, key, run["step"]) for key in keys),
    ]


def _measured(result: Result, key: str, step: int) -> str:
    """One measure in words; one that is older than the run's last step says of which it is."""
    value = getattr(result, key)
    if value is None:
        return ""
    said = f"{100 * value:.1f} %" if key.endswith("error") else f"{value:.3g}"
    if result.measured_after(step):
        return said
    return t("charts.table.at_step", value=said, step=result.evaluated)


def script_safe(data: Any) -> str:
    """JSON that can stand inside a script element: nothing in it ends the element or opens a
    comment."""
    text = json.dumps(data, allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
