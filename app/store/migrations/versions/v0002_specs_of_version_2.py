"""Configurations of version 2, and measures by their names, in what version 1 wrote.

It stands by itself: later versions of the program must not change what it makes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Json = dict[str, Any]

STUDY, RUN = (
    sa.table(name, sa.column("number", sa.Integer), sa.column("spec", sa.Text))
    for name in ("study", "run")
)
EVENT = sa.table(
    "event",
    sa.column("run", sa.String),
    sa.column("seq", sa.Integer),
    sa.column("type", sa.String),
    sa.column("payload", sa.LargeBinary),
)
AT_ONCE = 500

NAMES = {"flow_norm": "flow", "grad_norm": "weight_grad", "update_ratio": "update_ratio"}
FLOW = {
    "name": "flow",
    "title": "Gradient flow",
    "summary": "Size (L2 norm) of the gradient of the batch's mean loss at each block's output.",
    "unit": "1/output",
    "scale": "log",
    "relative": True,
    "at": "part",
}
WEIGHT_GRAD = {
    "name": "weight_grad",
    "title": "Weight gradient",
    "summary": "Size (L2 norm) of the same gradient by each layer's weights.",
    "unit": "1/weight",
    "scale": "log",
    "relative": True,
    "at": "layer",
}
UPDATE_RATIO = {
    "name": "update_ratio",
    "title": "Update ratio",
    "summary": "Size of each layer's step, divided by the size of its weights.",
    "unit": "",
    "scale": "log",
    "relative": False,
    "at": "layer",
}


def upgrade() -> None:
    """Rewrite each once; what does not read as version 1 stays as it is."""
    connection = op.get_bind()
    for table, change in ((RUN, _run), (STUDY, _study)):
        for number, spec in connection.execute(sa.select(table.c.number, table.c.spec)).all():
            if (text := _changed(spec, change)) is not None:
                connection.execute(
                    sa.update(table).where(table.c.number == number).values(spec=text)
                )
    _events(connection, "started", _started)
    _events(connection, "frame", _frame)


def downgrade() -> None:
    """The tables are the same; what was rewritten stays so, since version 1 can't say all of it."""


def _events(connection: sa.Connection, kind: str, change: Callable[[Json], Json]) -> None:
    """Change the events of this kind, a few at a time: there may be many."""
    key = sa.tuple_(EVENT.c.run, EVENT.c.seq)
    few = (
        sa.select(EVENT.c.run, EVENT.c.seq, EVENT.c.payload)
        .where(EVENT.c.type == kind)
        .order_by(EVENT.c.run, EVENT.c.seq)
        .limit(AT_ONCE)
    )
    after = ("", -1)
    while rows := connection.execute(few.where(key > sa.tuple_(*map(sa.literal, after)))).all():
        for run, seq, payload in rows:
            if (text := _changed(payload, change)) is not None:
                connection.execute(
                    sa.update(EVENT)
                    .where(EVENT.c.run == run, EVENT.c.seq == seq)
                    .values(payload=text.encode())
                )
        after = (rows[-1].run, rows[-1].seq)


def _changed(text: str | bytes, change: Callable[[Json], Json]) -> str | None:
    """The JSON after ``change``, as the program writes it; None where it is not of version 1."""
    try:
        changed = change(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return json.dumps(changed, separators=(",", ":"), ensure_ascii=False)


def _run(spec: Json) -> Json:
    if spec["version"] != 1:
        raise ValueError
    net = {key: value for key, value in spec["net"].items() if key not in ("block", "downsample")}
    net |= {"branch": "basic", "placement": "original", "tail": "none"}
    if net["family"] != "mlp":
        idle = net["skip"] in ("none", "projection")  # which never used it
        net["downsample"] = "pad" if idle else spec["net"]["downsample"]
    return {**spec, "version": 2, "net": net, "measures": list(NAMES.values())}


def _study(spec: Json) -> Json:
    return {**spec, "base": _run(spec["base"])}


def _started(event: Json) -> Json:
    parts, layers = ([place["name"] for place in event[key]] for key in ("points", "layers"))
    measures = [
        {**FLOW, "places": parts},
        {**WEIGHT_GRAD, "places": layers},
        {**UPDATE_RATIO, "places": layers},
    ]
    return {**event, "spec": _run(event["spec"]), "measures": measures}


def _frame(event: Json) -> Json:
    measures = {new: event.pop(old) for old, new in NAMES.items()}
    if "underflowed" in event:
        small = event["underflowed"].items()
        event["underflowed"] = {NAMES.get(name, name): places for name, places in small}
    return {**event, "measures": measures}
