"""Layers beside the main path are ``other_layers``, and each says what it is there for.

They were called ``projections`` when skips had nothing else, and then said ``conv`` or ``linear``.
It stands by itself: later versions of the program must not change what it makes.
"""

from __future__ import annotations

from alembic import op

from app.store.migrations.rewriting import Json, rewrite_events

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OLD, NEW = "projections", "other_layers"
PLAIN = ("conv", "linear")  # what projections were told as


def upgrade() -> None:
    """Rename them in every run's first event; what has none stays as it is."""
    rewrite_events(op.get_bind(), "started", _renamed)


def downgrade() -> None:
    """Give them their old name."""
    rewrite_events(
        op.get_bind(),
        "started",
        lambda event: {OLD if key == NEW else key: value for key, value in event.items()},
    )


def _renamed(event: Json) -> Json:
    layers = [
        {**layer, "kind": "projection" if layer["kind"] in PLAIN else layer["kind"]}
        for layer in event[OLD]
    ]
    return {NEW if key == OLD else key: layers if key == OLD else value
            for key, value in event.items()}  # fmt: skip
