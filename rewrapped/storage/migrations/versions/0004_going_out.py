"""going_out"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table('event_images',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('key', sa.Uuid(), nullable=False),
    sa.Column('promoter_id', sa.BigInteger(), nullable=True),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['promoter_id'], ['users.id'], name=op.f('fk_event_images_promoter_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_images')),
    sa.UniqueConstraint('key', name=op.f('uq_event_images_key'))
    )
    op.create_index(op.f('ix_event_images_promoter_id'), 'event_images', ['promoter_id'], unique=False)
    op.create_table('event_interactions',
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.SmallInteger(), nullable=False),
    sa.Column('person_key', sa.LargeBinary(), nullable=False),
    sa.Column('placement', sa.SmallInteger(), nullable=False),
    sa.Column('is_matched', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_interactions_event_id')),
    sa.PrimaryKeyConstraint('event_id', 'day', 'kind', 'person_key', name=op.f('pk_event_interactions'))
    )
    op.create_index('ix_event_interactions_person', 'event_interactions', ['person_key'], unique=False)
    op.create_table('event_metrics_log',
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('metric', sa.Text(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_metrics_log_event_id')),
    sa.PrimaryKeyConstraint('event_id', 'day', 'metric', name=op.f('pk_event_metrics_log'))
    )
    op.create_table('follows',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('key', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('followed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_follows_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'kind', 'key', name=op.f('pk_follows'))
    )
    op.create_index('ix_follows_key', 'follows', ['kind', 'key'], unique=False)
    op.create_table('promoter_applications',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('organisation', sa.Text(), nullable=False),
    sa.Column('website', sa.Text(), nullable=True),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_promoter_applications_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'id', name=op.f('pk_promoter_applications'))
    )
    op.create_index('uq_promoter_applications_open', 'promoter_applications', ['user_id'], unique=True, postgresql_where=sa.text("state = 'open'"))
    op.create_table('saved_events',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_saved_events_event_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_saved_events_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'event_id', name=op.f('pk_saved_events'))
    )
    op.create_index(op.f('ix_saved_events_event_id'), 'saved_events', ['event_id'], unique=False)
    op.create_table('user_preferences',
    sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('place_id', sa.BigInteger(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('radius_km', sa.Integer(), server_default='50', nullable=False),
    sa.Column('genres', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('tags', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('muted', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('shared_sources', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_preferences_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_user_preferences'))
    )
    op.create_table('user_tags',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('tag', sa.Text(), nullable=False),
    sa.Column('tagged_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_user_tags_event_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_tags_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'event_id', 'tag', name=op.f('pk_user_tags'))
    )
    op.create_index(op.f('ix_user_tags_event_id'), 'user_tags', ['event_id'], unique=False)
    op.create_table('promotions',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('promoter_id', sa.BigInteger(), nullable=True),
    sa.Column('description', sa.Text(), server_default='', nullable=False),
    sa.Column('tags', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('genres', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('is_sponsored', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('targeting', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('image_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_promotions_event_id')),
    sa.ForeignKeyConstraint(['image_id'], ['event_images.id'], name=op.f('fk_promotions_image_id')),
    sa.ForeignKeyConstraint(['promoter_id'], ['users.id'], name=op.f('fk_promotions_promoter_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_promotions'))
    )
    op.create_index(op.f('ix_promotions_promoter_id'), 'promotions', ['promoter_id'], unique=False)


def downgrade() -> None:
    """Bring the schema back."""
    op.drop_index(op.f('ix_promotions_promoter_id'), table_name='promotions')
    op.drop_table('promotions')
    op.drop_index(op.f('ix_user_tags_event_id'), table_name='user_tags')
    op.drop_table('user_tags')
    op.drop_table('user_preferences')
    op.drop_index(op.f('ix_saved_events_event_id'), table_name='saved_events')
    op.drop_table('saved_events')
    op.drop_index('uq_promoter_applications_open', table_name='promoter_applications', postgresql_where=sa.text("state = 'open'"))
    op.drop_table('promoter_applications')
    op.drop_index('ix_follows_key', table_name='follows')
    op.drop_table('follows')
    op.drop_table('event_metrics_log')
    op.drop_index('ix_event_interactions_person', table_name='event_interactions')
    op.drop_table('event_interactions')
    op.drop_index(op.f('ix_event_images_promoter_id'), table_name='event_images')
    op.drop_table('event_images')
