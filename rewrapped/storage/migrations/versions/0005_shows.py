"""shows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_index('ix_events_place', 'events', ['latitude', 'longitude'], unique=False)


def downgrade() -> None:
    """Bring the schema back."""
    op.drop_index('ix_events_place', table_name='events')
