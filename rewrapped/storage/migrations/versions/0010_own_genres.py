"""own_genres"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table('own_genres',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('belongs', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('is_hidden', sa.Boolean(), server_default='false', nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_own_genres_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'subject', name=op.f('pk_own_genres'))
    )


def downgrade() -> None:
    """Bring the schema back."""
    op.drop_table('own_genres')
