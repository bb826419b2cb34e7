"""How a listener's own rows name tracks, where the catalogue names them otherwise (decision 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, text

from rewrapped.storage import catalogue, pgcopy


@dataclass(frozen=True, slots=True)
class OwnName:
    """How a listener's own rows name a track, where the catalogue names it otherwise."""

    track_id: int
    title: str | None
    artist_id: int | None
    album_id: int | None
    name_key: bytes | None
    named_at_us: int  # reported_at of the newest row that says so, microseconds since 1970 UTC
    differs: bool  # False: the catalogue says the same, and an older own name has had its day


def has_own_names(conn: Connection, user_id: int) -> bool:
    """Return whether the listener's rows name any track otherwise than the catalogue."""
    query = text("SELECT EXISTS (SELECT 1 FROM track_names WHERE user_id = :user_id)")
    return bool(conn.scalar(query, {"user_id": user_id}))


def write_own_names(conn: Connection, user_id: int, names: Sequence[OwnName]) -> catalogue.Identities:
    """Keep a listener's own names of tracks; return, dtype `IDENTITY`, what tracks merged by that are renamed now.

    The newest row wins, of equally new ones the name that sorts last, so that no order of imports matters; a row
    without names never wins over one with.
    """
    if not names:
        return np.empty(0, catalogue.IDENTITY)
    track_ids = np.unique(np.fromiter((name.track_id for name in names), np.int64, len(names)))
    before = catalogue.list_identities(conn, user_id, track_ids)
    conn.execute(text("CREATE TEMP TABLE own (LIKE track_names, differs bool NOT NULL) ON COMMIT DROP"))
    columns = ("user_id", "track_id", "title", "artist_id", "album_id", "name_key", "named_at", "differs")
    pgcopy.copy_text(conn, "own", columns, (_own_row(user_id, name) for name in names))
    conn.execute(text(_NAMED_AS_ALL), {"user_id": user_id})
    conn.execute(text(_NAMED_OTHERWISE), {"user_id": user_id})
    conn.execute(text("DROP TABLE own"))
    after = catalogue.list_identities(conn, user_id, track_ids)
    renamed: catalogue.Identities = before[before["name_key"] != after["name_key"]]
    return renamed


def _own_row(user_id: int, name: OwnName) -> tuple[object, ...]:
    moment = np.datetime64(name.named_at_us, "us")
    key = name.name_key.hex() if name.name_key else None
    return (user_id, name.track_id, name.title, name.artist_id, name.album_id, key, f"{moment}Z", name.differs)


def drop_spent_names(conn: Connection, user_id: int) -> None:
    """Let go of own names whose rows were taken away; call it after the rows are gone.

    A track without rows loses its own name. One that still has rows keeps it, since rows don't say which file
    named them, but as older than its newest row from now on: a file of that age or newer names it anew.
    """
    if has_own_names(conn, user_id):
        conn.execute(text(_WITHOUT_ROWS), {"user_id": user_id})
        conn.execute(text(_NEWER_THAN_ROWS), {"user_id": user_id})


def _newest(of_tracks: str) -> str:
    """Return the query for the newest row of each of these tracks; absorbed rows may come back, and count."""
    per_table = (
        f"SELECT track_id, max(reported_at) AS newest FROM {table}"
        f" WHERE user_id = :user_id AND track_id IN ({of_tracks}) GROUP BY track_id"
        for table in ("listening_history", "absorbed_plays")
    )
    return f"SELECT track_id, max(newest) AS newest FROM ({' UNION ALL '.join(per_table)}) AS stored GROUP BY track_id"


def _rank(named_at: str, named: str) -> str:
    """Return what decides between two namings of a track: the greater one stands, as in `intake`."""
    names = (
        f"{named}.title",
        f"(SELECT name FROM artists WHERE id = {named}.artist_id)",
        f"(SELECT name FROM albums WHERE id = {named}.album_id)",
    )
    words = ", ".join(f"coalesce({name}, '') COLLATE \"C\"" for name in names)
    return f"({named_at}, {words})"


_WITHOUT_ROWS = """
DELETE FROM track_names n
WHERE n.user_id = :user_id
  AND NOT EXISTS (SELECT 1 FROM listening_history h WHERE h.user_id = n.user_id AND h.track_id = n.track_id)
  AND NOT EXISTS (SELECT 1 FROM absorbed_plays a WHERE a.user_id = n.user_id AND a.track_id = n.track_id)
"""
_NEWER_THAN_ROWS = f"""
UPDATE track_names n SET named_at = h.newest - interval '1 microsecond'
FROM ({_newest("SELECT track_id FROM track_names WHERE user_id = :user_id")}) h
WHERE n.user_id = :user_id AND n.track_id = h.track_id AND n.named_at > h.newest
"""
_NAMED_AS_ALL = f"""
DELETE FROM track_names n USING own o
WHERE n.user_id = :user_id AND n.track_id = o.track_id AND NOT o.differs AND o.title IS NOT NULL
  AND (n.title IS NULL OR {_rank("n.named_at", "n")} <= {_rank("o.named_at", "o")})
"""
# A track whose stored rows carry no own name is named as in the catalogue: older rows don't change that.
_NAMED_OTHERWISE = f"""
INSERT INTO track_names AS n (user_id, track_id, title, artist_id, album_id, name_key, named_at)
SELECT o.user_id, o.track_id, o.title, o.artist_id, o.album_id, o.name_key, o.named_at
FROM own o
JOIN tracks t ON t.id = o.track_id
LEFT JOIN track_names mine ON mine.user_id = :user_id AND mine.track_id = o.track_id
LEFT JOIN ({_newest("SELECT track_id FROM own WHERE differs")}) h ON h.track_id = o.track_id
WHERE o.differs AND (mine.track_id IS NOT NULL OR h.newest IS NULL OR (o.title IS NOT NULL
  AND (t.title IS NULL OR {_rank("h.newest", "t")} < {_rank("o.named_at", "o")})))
ORDER BY o.track_id
ON CONFLICT (user_id, track_id) DO UPDATE
SET title = excluded.title, artist_id = excluded.artist_id, album_id = excluded.album_id,
    name_key = excluded.name_key, named_at = excluded.named_at
WHERE excluded.title IS NOT NULL
  AND (n.title IS NULL OR {_rank("n.named_at", "n")} <= {_rank("excluded.named_at", "excluded")})
"""
