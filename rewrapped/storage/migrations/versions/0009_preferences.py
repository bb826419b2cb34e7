"""preferences"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column('user_preferences', sa.Column('looked_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('user_preferences', sa.Column('quiet_until', sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE user_preferences SET looked_at = now() WHERE place_id IS NOT NULL")  # what is listed isn't new
    op.create_table('announced_events',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_announced_events_event_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_announced_events_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'event_id', name=op.f('pk_announced_events'))
    )
    op.create_index(op.f('ix_announced_events_event_id'), 'announced_events', ['event_id'], unique=False)
    op.create_index('ix_events_added_at', 'events', ['added_at'], unique=False)


def downgrade() -> None:
    """Bring the schema back."""
    op.drop_index('ix_events_added_at', table_name='events')
    op.drop_index(op.f('ix_announced_events_event_id'), table_name='announced_events')
    op.drop_table('announced_events')
    op.drop_column('user_preferences', 'quiet_until')
    op.drop_column('user_preferences', 'looked_at')
