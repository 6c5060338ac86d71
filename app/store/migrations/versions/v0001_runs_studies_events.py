"""Runs, studies and events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ENDS = sa.text("type IN ('finished', 'stopped', 'failed')")


def upgrade() -> None:
    """Make the first three tables."""
    op.create_table(
        "study",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_study"),
        sa.UniqueConstraint("id", name="uq_study_id"),
    )
    op.create_table(
        "run",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("study", sa.String(32), nullable=True),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("started", sa.DateTime(), nullable=True),
        sa.Column("ended", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_run"),
        sa.UniqueConstraint("id", name="uq_run_id"),
        sa.ForeignKeyConstraint(["study"], ["study.id"], name="fk_run_study", ondelete="CASCADE"),
    )
    op.create_index("ix_run_study", "run", ["study"])
    op.create_index("ix_run_state", "run", ["state"])
    op.create_table(
        "event",
        sa.Column("run", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("run", "seq", name="pk_event"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_event_run", ondelete="CASCADE"),
    )
    op.create_index(
        "one_ending", "event", ["run"], unique=True, sqlite_where=ENDS, postgresql_where=ENDS
    )


def downgrade() -> None:
    """Take the tables away, with all that is in them."""
    op.drop_table("event")
    op.drop_table("run")
    op.drop_table("study")
