"""Measures of earlier runs that did not tell what is exactly 0 from what underflowed say so.

The first runs that told it did so of the gradients by outputs and weights, and named the ``cpu``
among their versions. It stands by itself: later versions of the program must not change what it
makes.
"""

from __future__ import annotations

from alembic import op

from app.store.migrations.rewriting import Json, rewrite_events

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TOLD = ("flow", "weight_grad", "update_ratio")


def upgrade() -> None:
    """Mark them in every run's first event; what does not read as one stays as it is."""
    rewrite_events(op.get_bind(), "started", _marked)


def downgrade() -> None:
    """Nothing was changed that earlier versions would not leave unread."""


def _marked(event: Json) -> Json:
    told = TOLD if "cpu" in event["versions"] else ()
    measures = [
        {**one, "untold": True} if one["scale"] == "log" and one["name"] not in told else one
        for one in event["measures"]
    ]
    return {**event, "measures": measures}
