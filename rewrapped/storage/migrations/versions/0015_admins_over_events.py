"""admins over events"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("promotions", sa.Column("stands_alone", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("promotions", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("promotions", sa.Column("taken_reason", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Bring the schema back."""
    op.drop_column("promotions", "taken_reason")
    op.drop_column("promotions", "taken_at")
    op.drop_column("promotions", "stands_alone")
