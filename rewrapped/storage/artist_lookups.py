"""Whose genres are to be learned, what was asked about them, and what is to be asked next.

What is due follows from the rows alone, so whoever is stopped in the middle
goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.domain.learning import Due, Outcome, Step
from rewrapped.domain.plays import ALWAYS_PLAYS, Kind
from rewrapped.storage import catalogue
from rewrapped.storage.tables import artist_lookups, users

_UNKNOWN_LENGTH_MS = 180_000
_REBUILDING = 0x67656E72  # whoever counts what is wanted holds this advisory lock

# A play whose source doesn't say how long it was counts by its track's length; for the order of asking that will do.
_WANTED = f"""
INSERT INTO wanted_artists (artist_id, ms_played)
SELECT a.id, sum(heard.ms)
FROM (
    SELECT CASE WHEN n.user_id IS NULL THEN t.artist_id ELSE n.artist_id END AS artist_id,
        CASE WHEN h.ms_played > 0 OR h.source NOT IN ({", ".join(str(int(one)) for one in sorted(ALWAYS_PLAYS))})
            THEN h.ms_played ELSE coalesce(t.duration_ms, {_UNKNOWN_LENGTH_MS}) END::bigint AS ms
    FROM listening_history h
    JOIN users u ON u.id = h.user_id AND NOT u.is_demo
    JOIN tracks t ON t.id = h.track_id AND t.kind = {int(Kind.TRACK)}
    LEFT JOIN track_names n ON n.user_id = h.user_id AND n.track_id = h.track_id
) AS heard
JOIN artists a ON a.id = heard.artist_id
WHERE a.key NOT IN (SELECT unnest(CAST(:seeded AS uuid[])))
GROUP BY a.id HAVING sum(heard.ms) > 0
"""

# What sources of events know of a performer of the same name, unless they mean several.
_TOLD = """
SELECT CASE WHEN count(DISTINCT p.ids->>'spotify') = 1 THEN min(p.ids->>'spotify') END AS spotify_id,
    CASE WHEN count(DISTINCT p.ids->>'musicbrainz') = 1 THEN min(p.ids->>'musicbrainz') END AS mbid
FROM event_performers p WHERE p.artist_key = a.key AND NOT p.is_tribute
"""

_FRESH = "({0}.outcome <> 'failed' AND {0}.asked_at > :stale_at)"
_MBID = "coalesce(told.mbid, link.mbid::text, named.mbid::text)"
_HAS_ID = "told.spotify_id ~ '^[A-Za-z0-9]{22}$'"
_NOT_LINKED = f"({_HAS_ID}) IS NOT TRUE OR {_FRESH.format('link')} AND link.mbid IS NULL"
_NOT_NAMED = f"{_FRESH.format('named')} AND named.mbid IS NULL"
_CONDITIONS = {
    Step.LINK: f"told.mbid IS NULL AND {_HAS_ID}",
    Step.NAME: f"told.mbid IS NULL AND ({_NOT_LINKED})",
    Step.TAGS: f"{_MBID} IS NOT NULL",
    Step.LASTFM: f"{_FRESH.format('tagged')} AND tagged.outcome <> 'found' OR {_MBID} IS NULL AND {_NOT_NAMED}",
}
_ALIAS = {Step.LINK: "link", Step.NAME: "named", Step.TAGS: "tagged", Step.LASTFM: "lastfm"}
_LOOKUPS = "".join(
    f" LEFT JOIN artist_lookups {alias} ON {alias}.artist_id = w.artist_id AND {alias}.step = '{step}'"
    for step, alias in _ALIAS.items()
)
_UUID = "'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far learning has come: artists, and the time people heard them."""

    wanted: int
    asked: int  # about whom anything was asked
    known: int  # who have genres
    wanted_ms: int
    known_ms: int


def count_changes(conn: Connection) -> int:
    """Return a number that is another one whenever somebody's history changes; sample people's don't count."""
    query = select(func.coalesce(func.sum(users.c.history_version + users.c.id), 0)).where(~users.c.is_demo)
    return int(conn.scalar(query) or 0)


def refresh_wanted(conn: Connection, seeded: Iterable[str]) -> int:
    """Count anew whose genres are to be learned; return how many. `seeded` are names that need no asking."""
    conn.execute(select(func.pg_advisory_xact_lock(_REBUILDING)))
    conn.execute(text("DELETE FROM wanted_artists"))
    keys = [catalogue.artist_key(name).hex() for name in seeded]
    return conn.execute(text(_WANTED), {"seeded": keys}).rowcount


def clear_wanted(conn: Connection) -> None:
    """Delete the order of asking."""
    conn.execute(text("DELETE FROM wanted_artists"))


def list_due(conn: Connection, step: Step, stale_at: datetime, limit: int) -> list[Due]:
    """Return the artists to ask about in a step, the most heard first, those that failed last.

    An answer of before `stale_at` is none.
    """
    alias = _ALIAS[step]
    query = (
        f"SELECT w.artist_id, a.name, coalesce(told.spotify_id, ''), coalesce({_MBID}, '')"
        " FROM wanted_artists w JOIN artists a ON a.id = w.artist_id"
        f" CROSS JOIN LATERAL (SELECT spotify_id, CASE WHEN mbid ~ {_UUID} THEN mbid END AS mbid"
        f" FROM ({_TOLD}) AS said) AS told{_LOOKUPS}"
        f" WHERE ({_FRESH.format(alias)}) IS NOT TRUE AND ({_CONDITIONS[step]})"
        f" ORDER BY ({alias}.outcome = 'failed') IS TRUE, w.ms_played DESC, w.artist_id LIMIT :limit"
    )
    return [Due(*row) for row in conn.execute(text(query), {"stale_at": stale_at, "limit": limit})]


def set_asked(
    conn: Connection, step: Step, outcomes: Mapping[int, Outcome], asked_at: datetime, mbids: Mapping[int, str]
) -> None:
    """Note what a step came to for artists, by id, with the MBIDs it found."""
    rows = [
        {"artist_id": one, "step": step, "outcome": outcome, "mbid": mbids.get(one), "asked_at": asked_at}
        for one, outcome in outcomes.items()
    ]
    query = upsert(artist_lookups)
    changed = {name: query.excluded[name] for name in ("outcome", "mbid", "asked_at")}
    conn.execute(query.on_conflict_do_update(index_elements=["artist_id", "step"], set_=changed), rows)


def set_failed(conn: Connection, step: Step, artist_ids: Iterable[int], asked_at: datetime) -> None:
    """Note that no answer came about these artists; an MBID that was found before stays."""
    rows = [{"artist_id": one, "step": step, "outcome": Outcome.FAILED, "asked_at": asked_at} for one in artist_ids]
    query = upsert(artist_lookups)
    changed = {name: query.excluded[name] for name in ("outcome", "asked_at")}
    conn.execute(query.on_conflict_do_update(index_elements=["artist_id", "step"], set_=changed), rows)


def coverage(conn: Connection) -> Coverage:
    """Return how far learning has come."""
    query = """
        SELECT count(*), count(*) FILTER (WHERE is_asked), count(*) FILTER (WHERE is_known),
            coalesce(sum(ms_played), 0)::bigint, coalesce(sum(ms_played) FILTER (WHERE is_known), 0)::bigint
        FROM (SELECT w.ms_played,
            EXISTS (SELECT FROM artist_lookups l WHERE l.artist_id = w.artist_id) AS is_asked,
            EXISTS (SELECT FROM artist_genres g WHERE g.artist_id = w.artist_id) AS is_known
            FROM wanted_artists w) AS looked_up
    """
    return Coverage(*conn.execute(text(query)).one())
