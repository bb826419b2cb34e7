"""events"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "api_integration_logs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("is_cached", sa.Boolean(), nullable=False),
        sa.Column("retry_after_s", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_integration_logs")),
    )
    op.create_index("ix_api_integration_logs_at", "api_integration_logs", ["at"], unique=False)
    op.create_index("ix_api_integration_logs_service", "api_integration_logs", ["service", "at"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("twin_of", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("is_on_sale", sa.Boolean(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=True),
        sa.Column("doors_time", sa.Time(), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("venue_source_id", sa.Text(), nullable=True),
        sa.Column("venue_name", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("offers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("genres", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("bridges", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("is_festival", sa.Boolean(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("digest", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("swept_area", sa.Text(), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_events_source_source_id")),
    )
    op.create_index("ix_events_country", "events", ["country", "start_on"], unique=False)
    op.create_index("ix_events_start_on", "events", ["start_on"], unique=False)
    op.create_index("ix_events_twin_of", "events", ["twin_of"], unique=False)
    op.create_table(
        "source_pauses",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("resume_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_pauses")),
    )
    op.create_table(
        "sweeps",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "area", "month_on", name=op.f("pk_sweeps")),
    )
    op.create_table(
        "event_performers",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("normal_name", sa.Text(), nullable=False),
        sa.Column("artist_key", sa.Uuid(), nullable=False),
        sa.Column("is_headliner", sa.Boolean(), nullable=False),
        sa.Column("is_tribute", sa.Boolean(), nullable=False),
        sa.Column("ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_performers_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "position", name=op.f("pk_event_performers")),
    )
    op.create_index(op.f("ix_event_performers_artist_key"), "event_performers", ["artist_key"], unique=False)
    op.create_index(op.f("ix_event_performers_normal_name"), "event_performers", ["normal_name"], unique=False)


def downgrade() -> None:
    """Bring the schema back."""
    op.drop_index(op.f("ix_event_performers_normal_name"), table_name="event_performers")
    op.drop_index(op.f("ix_event_performers_artist_key"), table_name="event_performers")
    op.drop_table("event_performers")
    op.drop_table("sweeps")
    op.drop_table("source_pauses")
    op.drop_index("ix_events_twin_of", table_name="events")
    op.drop_index("ix_events_start_on", table_name="events")
    op.drop_index("ix_events_country", table_name="events")
    op.drop_table("events")
    op.drop_index("ix_api_integration_logs_service", table_name="api_integration_logs")
    op.drop_index("ix_api_integration_logs_at", table_name="api_integration_logs")
    op.drop_table("api_integration_logs")
