"""The whole schema. Migrations bring a database to it; a test compares the two.

Every key of a per-person table begins with `user_id`, so these tables can be
spread by hash on it. Times are timestamptz in UTC.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_MOMENT = DateTime(timezone=True)
_NOW = text("now()")

# People -------------------------------------------------------------------------------------------

users = Table(
    "users",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("email", Text, unique=True),  # lower-cased; null for the sample listener
    Column("role", Text, nullable=False),
    Column("display_name", Text, nullable=False, server_default=""),
    Column("password_hash", Text),
    Column("zone", Text, nullable=False, server_default="UTC"),  # IANA
    Column("country", Text),  # ISO 3166 alpha-2
    Column("play_rule", Text, nullable=False, server_default="30s"),
    Column("history_consent_at", _MOMENT),
    Column("terms_consent_at", _MOMENT),
    Column("terms_version", Text),
    Column("consent_given_by", Text),  # self or operator
    Column("history_version", BigInteger, nullable=False, server_default="0"),
    Column("is_demo", Boolean, nullable=False, server_default="false"),  # outside everything across listeners
    Column("via_cli", Boolean, nullable=False, server_default="false"),
    Column("created_at", _MOMENT, nullable=False, server_default=_NOW),
    CheckConstraint("email = lower(email)", name="email_lower"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),  # SHA-256 of the cookie's token
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", Text, nullable=False),  # web, or demo: user_id is then the sample listener
    Column("created_at", _MOMENT, nullable=False),
    Column("last_seen_at", _MOMENT, nullable=False),
    Column("expires_at", _MOMENT, nullable=False, index=True),
)

invites = Table(  # one-time ways in: while registration is by invitation, and for the first admin of a public site
    "invites",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),  # SHA-256; the row goes when it is used
    Column("role", Text, nullable=False),
    Column("created_at", _MOMENT, nullable=False),
    Column("expires_at", _MOMENT, nullable=False),
)

notifications = Table(
    "notifications",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", _MOMENT, nullable=False, server_default=_NOW),
    Column("read_at", _MOMENT),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("user_id", BigInteger, index=True),
    Column("action", Text, nullable=False),  # never a token, key, address or query
    Column("at", _MOMENT, nullable=False, server_default=_NOW, index=True),
)

# Catalogue: shared by all; an import adds rows and never changes one --------------------------------
# Keys are 128-bit digests (`storage.catalogue`): names can be longer than an index entry may be.

artists = Table(
    "artists",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("key", Uuid, nullable=False, unique=True),  # of the normalised name
    Column("name", Text, nullable=False),
)

albums = Table(
    "albums",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("key", Uuid, nullable=False, unique=True),  # of the artist and the normalised name
    Column("artist_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
)

tracks = Table(
    "tracks",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("key", Uuid, nullable=False, unique=True),  # of the URI, or of kind and names where there is none
    Column("kind", SmallInteger, nullable=False),  # domain.plays.Kind
    Column("uri", Text),
    Column("title", Text),
    Column("artist_id", BigInteger),
    Column("album_id", BigInteger),
    Column("name_key", Uuid),  # of kind and names: equal for a name track and its URI tracks
    Column("duration_ms", Integer),
)

# A listener's history -----------------------------------------------------------------------------

track_names = Table(
    "track_names",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("track_id", BigInteger, primary_key=True),
    Column("title", Text),
    Column("artist_id", BigInteger),
    Column("album_id", BigInteger),
    Column("name_key", Uuid),
    Column("named_at", _MOMENT, nullable=False),  # reported_at of the newest row that says so
)

labels = Table(  # a listener's platforms, countries and reasons, as their sources wrote them
    "labels",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", SmallInteger, primary_key=True, autoincrement=False),  # 1 and up; 0 stands for "not said"
    Column("label", Text, nullable=False),
)

listening_history = Table(
    "listening_history",
    metadata,
    # No foreign key: checking it for every row of an import costs as much as storing them. Whoever writes
    # holds the listener's lock, and deleting a person takes the rows too, under the same lock.
    Column("user_id", BigInteger, primary_key=True),
    Column("reported_at", _MOMENT, primary_key=True),
    Column("track_id", BigInteger, primary_key=True),
    Column("ms_played", Integer, primary_key=True, autoincrement=False),
    Column("ended_at", _MOMENT, nullable=False),
    Column("import_id", BigInteger),
    Column("source", SmallInteger, nullable=False),  # domain.plays.Source
    Column("platform", SmallInteger, nullable=False),  # labels.id, as the next three
    Column("country", SmallInteger, nullable=False),
    Column("reason_start", SmallInteger, nullable=False),
    Column("reason_end", SmallInteger, nullable=False),
    Column("flags", SmallInteger, nullable=False),  # domain.plays.Flags
    Index(
        "uq_listening_history_api_moment", "user_id", "reported_at", unique=True, postgresql_where=text("source = 5")
    ),
)

imports = Table(
    "imports",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("state", Text, nullable=False),  # domain.importing.State
    Column("include_incognito", Boolean, nullable=False, server_default="false"),
    Column(
        "files", JSONB, nullable=False
    ),  # [{"name": shown name, "stored": name in the upload directory, "bytes": n}]
    Column("sha256", Text),
    Column("folder", Text),  # in the upload directory; null for a CLI import, and once it is deleted
    Column("progress", JSONB, nullable=False, server_default="{}"),
    Column("ledger", JSONB),
    Column("message", Text),  # a sentence for the person, when it failed
    Column("cancel_asked", Boolean, nullable=False, server_default="false"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("created_at", _MOMENT, nullable=False, server_default=_NOW),
    Column("started_at", _MOMENT),
    Column("beat_at", _MOMENT),  # when its worker last showed it lives
    Column("finished_at", _MOMENT),
    # One open import a person.
    Index("uq_imports_open", "user_id", unique=True, postgresql_where=text("state in ('queued', 'running')")),
)

# Notebooks ----------------------------------------------------------------------------------------

lab_pages = Table(
    "lab_pages",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("title", Text, nullable=False),
    Column("cells", JSONB, nullable=False),  # domain.notebooks.to_json
    Column("filter_query", Text, nullable=False, server_default=""),  # as the filter bar writes it
    Column("updated_at", _MOMENT, nullable=False),
)
