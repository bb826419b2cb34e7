"""notices"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column('notifications', sa.Column('key', sa.Text(), nullable=True))
    op.add_column('notifications', sa.Column('link', sa.Text(), nullable=True))
    op.add_column('notifications', sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('uq_notifications_key', 'notifications', ['user_id', 'key'], unique=True)


def downgrade() -> None:
    """Bring the schema back."""
    op.drop_index('uq_notifications_key', table_name='notifications')
    op.drop_column('notifications', 'shown_at')
    op.drop_column('notifications', 'link')
    op.drop_column('notifications', 'key')
