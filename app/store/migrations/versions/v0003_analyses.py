"""What an analysis asks stands beside the spec of the network that it asks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A run without it trains."""
    op.add_column("run", sa.Column("analysis", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take the column away: analyses then look like runs that were never trained."""
    with op.batch_alter_table("run") as table:
        table.drop_column("analysis")
