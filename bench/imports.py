"""How long importing takes beside a floor that only moves the same data: parse, columns, COPY.

The floor reads the same ZIP with the same typed parser, fills the same columns
without checking anything, and COPYs them into a table without an index. What
is above it is everything that makes an import exact: validity, identity,
names, merging, the key, the ledger, and one transaction.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import text

from bench import peak
from bench.exports import write_big_export
from bench.ground import Ground, ground
from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.importers.extended import ExtendedRow
from rewrapped.services import importing, listening
from rewrapped.storage import people, pgcopy, plays

_COLUMNS: list[tuple[str, str]] = [
    ("user_id", ">i8"),
    ("import_id", ">i8"),
    *((name, plays.PLAY[name].str.replace("<", ">")) for name in plays.PLAY.names or ()),
]
_ROUNDS = {100_000: 5, 1_000_000: 3}  # how often an export of so many rows is imported
_TYPES = {">i8": "bigint", ">i4": "int", ">i2": "smallint"}


def run(seed: int, *, rounds: Mapping[int, int] = _ROUNDS) -> list[dict[str, Any]]:
    """Return `import_100k`, `import_1m` (ratios), `history_cold_s`, `import_peak_mb`; `rounds` is by rows."""
    with ground() as held:
        _warm(held, seed)
        files = {size: write_big_export(held.folder / f"{size}.zip", size, seed=seed) for size in rounds}
        results = [_compare(held.deps, path, size, rounds[size]) for size, path in files.items()]
        largest = max(rounds)
        results.append(_cold(held.deps, files[largest]))
        _empty(held.deps)
        results.append(peak.measured(held, files[largest], largest))
    return results


def _warm(held: Ground, seed: int) -> None:
    path = write_big_export(held.folder / "warm.zip", 5_000, seed=seed + 1)
    import_file(held.deps, path)
    _floor(held.deps, path)


def _compare(deps: Deps, path: Path, size: int, rounds: int) -> dict[str, Any]:
    """Measure in turn; the median of the pairs' ratios is the result. Each import is a new person's first."""
    times = [(_timed(import_file, deps, path), _timed(_floor, deps, path)) for _ in range(rounds)]
    ratio = statistics.median(ours / floor for ours, floor in times)
    ours, floor = (statistics.median(column) for column in zip(*times, strict=True))
    name = f"import_{size // 1000}k" if size < 1_000_000 else f"import_{size // 1_000_000}m"
    return {"name": name, "ratio": round(ratio, 3), "detail": f"{ours:.2f} s against {floor:.2f} s for {size:,} rows"}


def _timed(what: Callable[[Deps, Path], object], deps: Deps, path: Path) -> float:
    _empty(deps)
    gc.collect()
    start = time.perf_counter()
    what(deps, path)
    return time.perf_counter() - start


def _empty(deps: Deps) -> None:
    """Begin each time as on a new site: every track has to be added. Whatever speaks of them goes with them."""
    with deps.engine.begin() as conn:
        conn.execute(text("TRUNCATE artists, albums, tracks, listening_history, track_names CASCADE"))
        conn.execute(text("DROP TABLE IF EXISTS floor"))
    with deps.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("CHECKPOINT"))


def import_file(deps: Deps, path: Path) -> int:
    """Import a file as a new person's first; return how many rows were kept."""
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, people.NewPerson(email=None, role=Role.REGULAR, zone="UTC"))
    return importing.import_files(deps, user_id or 0, [path]).kept


def _floor(deps: Deps, path: Path) -> int:
    """Parse, fill columns, COPY: no check, no key, no index."""
    columns = ", ".join(f"{name} {_TYPES[kind]}" for name, kind in _COLUMNS)
    parts = list(_floor_columns(path))
    rows = np.concatenate(parts)
    values: dict[str, Any] = {name: rows[name] for name in plays.PLAY.names or ()}
    with deps.engine.begin() as conn:
        conn.execute(text(f"CREATE TABLE floor ({columns})"))
        pgcopy.copy_in(conn, "floor", _COLUMNS, {**values, "user_id": 1, "import_id": 1}, len(rows))
    return len(rows)


class _Codes(dict[Any, int]):
    def __missing__(self, key: Any) -> int:
        self[key] = code = len(self)
        return code


def _floor_columns(path: Path) -> Iterator[Any]:
    decoder = msgspec.json.Decoder(list[ExtendedRow])
    identities, labels = _Codes(), _Codes()
    with zipfile.ZipFile(path) as archive:
        for entry in archive.namelist():
            rows = decoder.decode(archive.read(entry))
            part = np.zeros(len(rows), plays.PLAY)
            stamps = np.array([row.ts[:-1] for row in rows], "M8[us]").astype(np.int64)
            part["reported_at"] = part["ended_at"] = stamps
            part["ms_played"] = [row.ms_played for row in rows]
            part["track_id"] = [
                identities[
                    row.spotify_track_uri or row.spotify_episode_uri or row.audiobook_chapter_uri,
                    row.master_metadata_track_name,
                    row.master_metadata_album_artist_name,
                    row.master_metadata_album_album_name,
                ]
                for row in rows
            ]
            for column, name in (
                ("platform", "platform"),
                ("country", "conn_country"),
                ("reason_start", "reason_start"),
                ("reason_end", "reason_end"),
            ):
                part[column] = [labels[getattr(row, name)] for row in rows]
            part["flags"] = [
                bool(row.shuffle) + 2 * bool(row.skipped) + 4 * bool(row.offline) + 8 * bool(row.incognito_mode)
                for row in rows
            ]
            yield part


def _cold(deps: Deps, path: Path) -> dict[str, Any]:
    """Read a person's whole history from the database, as a first page view does."""
    import_file(deps, path)
    with deps.engine.connect() as conn:
        user_id, rows = conn.execute(
            text("SELECT user_id, count(*) FROM listening_history GROUP BY user_id ORDER BY user_id DESC LIMIT 1")
        ).one()
        times = []
        for _ in range(5):
            start = time.perf_counter()
            listening.read_columns(conn, user_id)
            times.append(time.perf_counter() - start)
    return {"name": "history_cold_s", "value": round(statistics.median(times), 3), "unit": f"s for {rows:,} rows"}


if __name__ == "__main__":
    for result in run(1, rounds={int(number): 3 for number in sys.argv[1:]} or _ROUNDS):
        print(result, flush=True)
