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
    Date,
    DateTime,
    Double,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
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

api_tokens = Table(  # what a person's own programs sign in with
    "api_tokens",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, index=True),  # SHA-256 of the token
    Column("name", Text, nullable=False),
    Column("scopes", JSONB, nullable=False),  # domain.tokens.Scope
    Column("created_at", _MOMENT, nullable=False),
    Column("expires_at", _MOMENT),  # null: it lasts until it is revoked
    Column("last_used_on", Date),  # UTC
)

shares = Table(  # cards that people made public
    "shares",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("token", Text, nullable=False, unique=True),  # the way to it, in clear: its owner can copy it again
    Column("card", JSONB, nullable=False),  # what it says, as charts.sharecard.Card; nothing else is ever shown
    Column("layout", Text, nullable=False),
    Column("colours", Text, nullable=False),
    Column("created_at", _MOMENT, nullable=False),
)

spotify_accounts = Table(  # accounts at Spotify that people connected; tokens are encrypted (services.sealing)
    "spotify_accounts",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("account_id", Text, nullable=False, unique=True),  # Spotify's: one account is one person's
    Column("name", Text, nullable=False),  # as Spotify has it, "" for none
    Column("refresh_token", Text),  # null once access was withdrawn
    Column("access_token", Text),
    Column("access_expires_at", _MOMENT),
    Column("scopes", Text, nullable=False),  # as granted, separated by spaces
    Column("authorized_at", _MOMENT, nullable=False),  # renewing doesn't move it
    Column("next_refresh_at", _MOMENT, nullable=False),  # when fresh plays are due
    Column("renewing_until", _MOMENT),  # somebody renews the tokens, and has them to itself until then
    Column("fetched_at", _MOMENT),  # plays, last
    Column("trouble", Text),  # why plays couldn't be fetched last, in a sentence
    Index("ix_spotify_accounts_next_refresh_at", "next_refresh_at", postgresql_where=text("refresh_token IS NOT NULL")),
)

notifications = Table(
    "notifications",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("key", Text),  # what it is about: a person is told of it once
    Column("kind", Text, nullable=False),  # domain.notices.Kind
    Column("body", Text, nullable=False),
    Column("link", Text),  # a page of ours with its query, as domain.sitemap.own_page takes it
    Column("created_at", _MOMENT, nullable=False, server_default=_NOW),
    Column("shown_at", _MOMENT),  # popped up on one of the person's pages
    Column("read_at", _MOMENT),
    Index("uq_notifications_key", "user_id", "key", unique=True),
)

recaps = Table(  # up to which week and which month it was looked whether to tell a listener of it
    "recaps",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("period", Text, primary_key=True),  # domain.recaps.Period
    Column("start_on", Date, nullable=False),  # its first day, the listener's
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

artist_genres = Table(  # genres of artists as outside services tell them
    "artist_genres",
    metadata,
    Column("artist_id", BigInteger, ForeignKey("artists.id", ondelete="CASCADE"), primary_key=True),
    Column("genre", Text, primary_key=True),  # a key of domain.genres
    Column("source", Text, primary_key=True),  # one of domain.learning.TAGGERS
    Column("weight", Double, nullable=False),  # above 0; a source's heaviest of an artist is 1
)

artist_lookups = Table(  # when what was asked about an artist, and what came of it
    "artist_lookups",
    metadata,
    Column("artist_id", BigInteger, ForeignKey("artists.id", ondelete="CASCADE"), primary_key=True),
    Column("step", Text, primary_key=True),  # domain.learning.Step
    Column("outcome", Text, nullable=False),  # domain.learning.Outcome
    Column("mbid", Uuid(as_uuid=False)),  # of the artist at MusicBrainz, where the step found one
    Column("asked_at", _MOMENT, nullable=False),
)

wanted_artists = Table(  # whose genres are to be learned: artists that people hear and the seed doesn't know
    "wanted_artists",
    metadata,
    Column("artist_id", BigInteger, ForeignKey("artists.id", ondelete="CASCADE"), primary_key=True),
    Column("ms_played", BigInteger, nullable=False),  # by all people together; the most heard are asked about first
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

absorbed_plays = Table(  # rows whose play a richer row of listening_history tells; no foreign key there, none here
    "absorbed_plays",
    metadata,
    Column("user_id", BigInteger, primary_key=True),
    Column("reported_at", _MOMENT, primary_key=True),
    Column("track_id", BigInteger, primary_key=True),
    Column("ms_played", Integer, primary_key=True, autoincrement=False),
    Column("source", SmallInteger, primary_key=True, autoincrement=False),
    *(
        Column(name, listening_history.c[name].type, nullable=listening_history.c[name].nullable)
        for name in ("ended_at", "import_id", "platform", "country", "reason_start", "reason_end", "flags")
    ),
)

repeated_plays = Table(  # rows of an import that another had stored already: one note an import, written once
    "repeated_plays",
    metadata,
    Column("user_id", BigInteger, primary_key=True),
    Column("import_id", BigInteger, primary_key=True, autoincrement=False),
    Column("keys", LargeBinary, nullable=False),  # storage.repeated
)

scrobble_accounts = Table(  # whose listens at an outside service are fetched, and how far a walk through them is
    "scrobble_accounts",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("source", SmallInteger, primary_key=True, autoincrement=False),  # domain.plays.Source
    Column("name", Text, nullable=False),  # as the service writes it
    Column("state", Text, nullable=False),  # domain.scrobbling.State
    Column("total", Integer, nullable=False),  # listens there when it was connected
    Column("fetched", Integer, nullable=False),  # of those
    Column("floor_at", _MOMENT),  # all up to this moment is here; null: the first walk isn't over
    Column("below_at", _MOMENT),  # a walk goes on below this moment; null: from the newest
    Column("top_at", _MOMENT),  # what the walk under way began with: the floor when it is over
    Column("due_at", _MOMENT, nullable=False),
    Column("interval_s", Integer, nullable=False),
    Column("failures", Integer, nullable=False),  # in a row
    Column("message", Text, nullable=False),  # what is wrong, in a sentence
    Column("connected_at", _MOMENT, nullable=False),
    Column("checked_at", _MOMENT),  # when a walk was last over
    Index("ix_scrobble_accounts_due_at", "due_at"),
)

aggregated_stats = Table(  # of the sources a listener chose to compare; domain.aggregates says what is counted
    "aggregated_stats",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("source", SmallInteger, primary_key=True, autoincrement=False),  # domain.plays.Source, never an API
    Column("month", Date, primary_key=True),  # its first day, UTC
    Column("part", Text, primary_key=True),  # domain.aggregates.Part
    Column("entity_id", Text, primary_key=True),  # of a track, album or artist its id, of a genre its key, "" of all
    Column("plays", Integer, nullable=False),
    Column("ms", BigInteger, nullable=False),
    Index(
        "ix_aggregated_stats_entity",
        "part",
        "entity_id",
        "month",
        postgresql_where=text("part in ('all', 'artist')"),
    ),
)

aggregated_listeners = Table(  # whose aggregated_stats are of which state of their history
    "aggregated_listeners",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("history_version", BigInteger, nullable=False),
    Column("seed_version", BigInteger, nullable=False),  # domain.genres.seed_version
    Column("refreshed_at", _MOMENT, nullable=False),
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

# Events -------------------------------------------------------------------------------------------

events = Table(  # one row for what one source says of one show; rows with one twin_of are the same show
    "events",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source", Text, nullable=False),  # domain.events.EventSource
    Column("source_id", Text, nullable=False),
    Column("twin_of", BigInteger),  # the lowest id of its group; its own when it is alone
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),  # domain.events.EventStatus
    Column("is_on_sale", Boolean),
    Column("start_on", Date, nullable=False),  # the venue's day, as the next three
    Column("start_time", Time),  # null: unknown
    Column("doors_time", Time),
    Column("end_on", Date),  # the last day
    Column("zone", Text, nullable=False),  # IANA
    Column("start_at", _MOMENT),  # null while the time is unknown
    Column("venue_source_id", Text),
    Column("venue_name", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("country", Text, nullable=False),  # ISO 3166 alpha-2
    Column("latitude", Double),
    Column("longitude", Double),
    Column("offers", JSONB, nullable=False),  # [domain.events.Offer]
    Column("genres", JSONB, nullable=False),  # the source's own words
    Column("bridges", JSONB, nullable=False),  # [[source, id]]: the same show elsewhere
    Column("image_url", Text),
    Column("url", Text),
    Column("is_festival", Boolean, nullable=False),
    Column("attribution", Text, nullable=False),
    Column("digest", Uuid, nullable=False),  # of all that the source says; equal while nothing has changed
    Column("added_at", _MOMENT, nullable=False),
    Column("changed_at", _MOMENT, nullable=False),
    Column("fetched_at", _MOMENT, nullable=False),  # when the source said so
    Column("expires_at", _MOMENT, nullable=False),
    Column("seen_at", _MOMENT, nullable=False),  # when a sweep last came across it
    Column("swept_area", Text),  # domain.sweeping.Area.key of that sweep; null: it came another way
    Column("gone_at", _MOMENT),  # hidden since then: over, or its source doesn't list it any more
    UniqueConstraint("source", "source_id"),
    Index("ix_events_start_on", "start_on"),
    Index("ix_events_twin_of", "twin_of"),
    Index("ix_events_country", "country", "start_on"),
    Index("ix_events_place", "latitude", "longitude"),
    Index("ix_events_added_at", "added_at"),
)

event_performers = Table(
    "event_performers",
    metadata,
    Column("event_id", BigInteger, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),  # in the source's order, from 0
    Column("name", Text, nullable=False),
    Column("normal_name", Text, nullable=False, index=True),  # domain.events.normal_name
    Column("artist_key", Uuid, nullable=False, index=True),  # equals artists.key of an artist called so
    Column("is_headliner", Boolean, nullable=False),
    Column("is_tribute", Boolean, nullable=False),  # plays somebody else's music, by its name or the title
    Column("ids", JSONB, nullable=False),  # {service: id}
)

sweeps = Table(  # when a source was last asked for an area's month, to its end
    "sweeps",
    metadata,
    Column("source", Text, primary_key=True),
    Column("area", Text, primary_key=True),  # domain.sweeping.Area.key
    Column("month_on", Date, primary_key=True),
    Column("swept_at", _MOMENT, nullable=False),
)

source_pauses = Table(  # a source that isn't to be asked for a while
    "source_pauses",
    metadata,
    Column("source", Text, primary_key=True),
    Column("resume_at", _MOMENT, nullable=False),
    Column("reason", Text, nullable=False),  # a sentence of ours
)

api_integration_logs = Table(
    "api_integration_logs",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("service", Text, nullable=False),
    Column("endpoint", Text, nullable=False),  # a template: never an id, a query or a key
    Column("status", SmallInteger),  # of HTTP; null: no answer
    Column("ms", Integer, nullable=False),
    Column("is_cached", Boolean, nullable=False),  # answered by our cache, and free of charge
    Column("retry_after_s", Integer),
    Column("at", _MOMENT, nullable=False),
    Index("ix_api_integration_logs_service", "service", "at"),
    Index("ix_api_integration_logs_at", "at"),
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

# Saved views --------------------------------------------------------------------------------------

saved_views = Table(
    "saved_views",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),  # domain.plays.normalise of it
    Column("page", Text, nullable=False),  # a path of domain.sitemap
    Column("query", Text, nullable=False),  # the filter as the bar writes it, and the page's own choices
    Column("created_at", _MOMENT, nullable=False),
    UniqueConstraint("user_id", "name_key"),
)

# Going out ----------------------------------------------------------------------------------------

user_preferences = Table(
    "user_preferences",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("place_id", BigInteger),  # GeoNames; null: no place told
    Column("latitude", Float),  # of the place, in degrees
    Column("longitude", Float),
    Column("radius_km", Integer, nullable=False, server_default="50"),
    Column("genres", JSONB, nullable=False, server_default="[]"),  # keys of families of domain.genres
    Column("tags", JSONB, nullable=False, server_default="[]"),
    Column("muted", JSONB, nullable=False, server_default="[]"),  # domain.notices.Kind that the person isn't told
    Column("shared_sources", JSONB, nullable=False, server_default="[]"),  # domain.plays.Source opted in to audiences
    Column("compared_sources", JSONB, nullable=False, server_default="[]"),  # opted in to comparing listeners
    Column("updated_at", _MOMENT, nullable=False, server_default=_NOW),
    Column("looked_at", _MOMENT),  # shows listed up to then were looked at for them; null: nobody looks
    Column("quiet_until", _MOMENT),  # they were told enough of new shows for that day
)

own_genres = Table(  # what a listener changed about genres; domain.owngenres says what a subject is
    "own_genres",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("belongs", JSONB, nullable=False, server_default="[]"),
    Column("name", Text, nullable=False, server_default=""),
    Column("is_hidden", Boolean, nullable=False, server_default="false"),
)

announced_events = Table(  # listings of shows that a person was told are new
    "announced_events",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("event_id", BigInteger, ForeignKey("events.id"), primary_key=True, index=True),
    Column("announced_at", _MOMENT, nullable=False),
)

follows = Table(
    "follows",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),  # artist or venue
    Column("key", Uuid, primary_key=True),  # artists.key, or the digest of a venue's city and name
    Column("name", Text, nullable=False),
    Column("followed_at", _MOMENT, nullable=False, server_default=_NOW),
    Index("ix_follows_key", "kind", "key"),
)

saved_events = Table(
    "saved_events",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("event_id", BigInteger, ForeignKey("events.id"), primary_key=True, index=True),
    Column("saved_at", _MOMENT, nullable=False, server_default=_NOW),
)

user_tags = Table(
    "user_tags",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("event_id", BigInteger, ForeignKey("events.id"), primary_key=True, index=True),
    Column("tag", Text, primary_key=True),  # lower-cased
    Column("tagged_at", _MOMENT, nullable=False, server_default=_NOW),
)

event_interactions = Table(  # a person counts once per event, kind and day of the venue: insert or ignore
    "event_interactions",
    metadata,
    Column("event_id", BigInteger, ForeignKey("events.id"), primary_key=True),
    Column("day", Date, primary_key=True),  # in the venue's zone
    Column("kind", SmallInteger, primary_key=True),  # domain.promoting.Interaction
    Column("person_key", LargeBinary, primary_key=True),  # keyed digest; random once the person is deleted
    Column("placement", SmallInteger, nullable=False),  # domain.promoting.Placement: where they came across it
    Column("is_matched", Boolean, nullable=False, server_default="false"),  # they fitted its targeting then
    Column("at", _MOMENT, nullable=False),
    Index("ix_event_interactions_person", "person_key"),
)

event_metrics_log = Table(  # derived from event_interactions; rebuilt for a day by one function
    "event_metrics_log",
    metadata,
    Column("event_id", BigInteger, ForeignKey("events.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("metric", Text, primary_key=True),
    Column("total", BigInteger, nullable=False),
)

# Promoters ----------------------------------------------------------------------------------------

promoter_applications = Table(
    "promoter_applications",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("website", Text),
    Column("message", Text, nullable=False),
    Column("state", Text, nullable=False),  # domain.promoting.ApplicationState
    Column("reason", Text),  # told to the person with the decision
    Column("created_at", _MOMENT, nullable=False, server_default=_NOW),
    Column("decided_at", _MOMENT),
    Column("decided_by", BigInteger),
    Index("uq_promoter_applications_open", "user_id", unique=True, postgresql_where=text("state = 'open'")),
)

promotions = Table(  # what a promoter adds to an event of their own
    "promotions",
    metadata,
    Column("event_id", BigInteger, ForeignKey("events.id"), primary_key=True, autoincrement=False),
    Column("promoter_id", BigInteger, ForeignKey("users.id", ondelete="SET NULL"), index=True),
    Column("description", Text, nullable=False, server_default=""),  # limited Markdown, as it was typed
    Column("tags", JSONB, nullable=False, server_default="[]"),
    Column("genres", JSONB, nullable=False, server_default="[]"),  # keys of domain.genres
    Column("is_sponsored", Boolean, nullable=False, server_default="false"),
    Column("targeting", JSONB, nullable=False, server_default="{}"),  # domain.promoting.Targeting
    Column("image_id", BigInteger, ForeignKey("event_images.id")),
    Column("stands_alone", Boolean, nullable=False, server_default="false"),  # an admin says it is nobody's twin
    Column("taken_at", _MOMENT),  # an admin took it away; nobody sees it since then
    Column("taken_reason", Text, nullable=False, server_default=""),  # told to its promoter
    Column("created_at", _MOMENT, nullable=False, server_default=_NOW),
    Column("updated_at", _MOMENT, nullable=False, server_default=_NOW),
)

event_images = Table(  # decoded and encoded again by us
    "event_images",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("key", Uuid, nullable=False, unique=True),  # in its address; random
    Column("promoter_id", BigInteger, ForeignKey("users.id", ondelete="SET NULL"), index=True),
    Column("data", LargeBinary, nullable=False),  # WebP
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("created_at", _MOMENT, nullable=False, server_default=_NOW),
)
