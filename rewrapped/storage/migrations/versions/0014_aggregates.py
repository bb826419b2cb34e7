"""aggregates"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table('aggregated_listeners',
    sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('history_version', sa.BigInteger(), nullable=False),
    sa.Column('seed_version', sa.BigInteger(), nullable=False),
    sa.Column('refreshed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_aggregated_listeners_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_aggregated_listeners'))
    )
    op.create_table('aggregated_stats',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=False),
    sa.Column('plays', sa.Integer(), nullable=False),
    sa.Column('ms', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_aggregated_stats_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'source', 'month', 'part', 'entity_id', name=op.f('pk_aggregated_stats'))
    )
    op.create_index('ix_aggregated_stats_entity', 'aggregated_stats', ['part', 'entity_id', 'month'], unique=False, postgresql_where=sa.text("part in ('all', 'artist')"))
    op.create_table('recaps',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('start_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recaps_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'period', name=op.f('pk_recaps'))
    )
    op.add_column('user_preferences', sa.Column('compared_sources', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))


def downgrade() -> None:
    """Bring the schema back."""
    op.drop_column('user_preferences', 'compared_sources')
    op.drop_table('recaps')
    op.drop_index('ix_aggregated_stats_entity', table_name='aggregated_stats', postgresql_where=sa.text("part in ('all', 'artist')"))
    op.drop_table('aggregated_stats')
    op.drop_table('aggregated_listeners')
