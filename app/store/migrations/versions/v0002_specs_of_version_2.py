"""Configurations of version 2, and measures by their names, in what version 1 wrote.

It stands by itself: later versions of the program must not change what it makes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.migrations.rewriting import Json, changed, rewrite_events

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STUDY, RUN = (
    sa.table(name, sa.column("number", sa.Integer), sa.column("spec", sa.Text))
    for name in ("study", "run")
)

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
            if (text := changed(spec, change)) is not None:
                connection.execute(
                    sa.update(table).where(table.c.number == number).values(spec=text)
                )
    rewrite_events(connection, "started", _started)
    rewrite_events(connection, "frame", _frame)


def downgrade() -> None:
    """The tables are the same; what was rewritten stays so, since version 1 can't say all of it."""


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
    measures = {new: event[old] for old, new in NAMES.items()}
    rest = {key: value for key, value in event.items() if key not in NAMES}
    if "underflowed" in event:
        small = event["underflowed"].items()
        rest["underflowed"] = {NAMES.get(name, name): places for name, places in small}
    return {**rest, "measures": measures}
