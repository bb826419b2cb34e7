"""artist genres"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table('artist_genres',
    sa.Column('artist_id', sa.BigInteger(), nullable=False),
    sa.Column('genre', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('weight', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['artist_id'], ['artists.id'], name=op.f('fk_artist_genres_artist_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('artist_id', 'genre', 'source', name=op.f('pk_artist_genres'))
    )
    op.create_table('artist_lookups',
    sa.Column('artist_id', sa.BigInteger(), nullable=False),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('mbid', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['artist_id'], ['artists.id'], name=op.f('fk_artist_lookups_artist_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('artist_id', 'step', name=op.f('pk_artist_lookups'))
    )
    op.create_table('wanted_artists',
    sa.Column('artist_id', sa.BigInteger(), nullable=False),
    sa.Column('ms_played', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['artist_id'], ['artists.id'], name=op.f('fk_wanted_artists_artist_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('artist_id', name=op.f('pk_wanted_artists'))
    )


def downgrade() -> None:
    """Bring the schema back."""
    op.drop_table('wanted_artists')
    op.drop_table('artist_lookups')
    op.drop_table('artist_genres')
