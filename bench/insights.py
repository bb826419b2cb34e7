"""Questions at a million plays, asked of the history engine and of DuckDB.

DuckDB holds the same columns with everything the engine works out on loading
stored beside them: local day, hour, weekday and month, whether a row is a
play, what it counts for, and its artist and album. Both answer in full, and
the answers must be equal. Every question of the engine starts from the history
as built: the time of its filter, and of taking its columns, is part of it.
"""

from __future__ import annotations

import math
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from bench import evolution, habits
from bench.questions import QUESTIONS, Answer, Question
from bench.synthetic import Size, columns
from rewrapped.domain.plays import Filter, Flags, TimeRange
from rewrapped.history.columns import Columns, decode, encode
from rewrapped.history.frame import History
from rewrapped.history.localtime import day_number
from rewrapped.history.platforms import family

_PLAYS = 1_000_000
_ZONE = "Europe/Berlin"
_ROUNDS = 7
_SLOWEST = 10  # questions of a figure of their own


def run(seed: int, plays: int = _PLAYS) -> list[dict[str, Any]]:
    """Return `insights_geomean` (engine over DuckDB, below 1 is faster) with its questions, and `history_cached_s`.

    Between them `insights_slowest_geomean`, of the ten questions that take the engine longest.

    Raises:
        AssertionError: the two answer a question differently.
    """
    held = columns(Size(plays), seed)
    history = History.build(held, _ZONE)
    database = _database(history)
    random = np.random.default_rng(seed)
    asked = [
        _compare(question, history, database, _filter(question, random))
        for question in (*QUESTIONS, *evolution.questions(history), *habits.QUESTIONS)
    ]
    slowest = sorted(asked, key=lambda each: float(each["ms"]))[-_SLOWEST:]
    return [
        {"name": "insights_geomean", "ratio": _geomean(asked), "detail": asked},
        {"name": "insights_slowest_geomean", "ratio": _geomean(slowest), "detail": slowest},
        {"name": "history_cached_s", "value": _cached_s(held), "unit": "s"},
    ]


def _geomean(asked: list[dict[str, Any]]) -> float:
    return math.exp(statistics.fmean(math.log(each["ratio"]) for each in asked))


def _compare(
    question: Question, history: History, database: duckdb.DuckDBPyConnection, chosen: Filter
) -> dict[str, Any]:
    """Time both, in turn, and hold their answers against each other."""
    sql = question.sql.format(where=_where(chosen))
    ours, theirs = [], []
    for _ in range(_ROUNDS):
        found, seconds = _timed(lambda: question.ask(history.filter(chosen)))
        ours.append(seconds)
        rows, seconds = _timed(lambda: database.execute(sql).fetchall())
        theirs.append(seconds)
    _same(question, question.plain(found), rows)
    ms, duckdb_ms = (statistics.median(times) * 1000 for times in (ours, theirs))
    return {"name": question.name, "ratio": ms / duckdb_ms, "ms": ms, "duckdb_ms": duckdb_ms, "rows": len(rows)}


def _same(question: Question, ours: Answer, theirs: Answer) -> None:
    if not theirs:
        raise AssertionError(f"{question.name}: a question about nothing")
    if len(ours) != len(theirs) or any(not _equal(*pair) for pair in zip(ours, theirs, strict=True)):
        raise AssertionError(f"{question.name}: the answers differ: {ours[:3]} and {theirs[:3]}")


def _equal(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    pairs = list(zip(one, other, strict=True))
    return all(math.isclose(a, b, rel_tol=1e-9) if isinstance(a, float) else a == b for a, b in pairs)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = perf_counter()
    found = work()
    return found, perf_counter() - start


def _cached_s(held: Columns) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "columns.arrow"
        path.write_bytes(encode(held))
        return statistics.median(_timed(lambda: History.build(decode(path), _ZONE))[1] for _ in range(_ROUNDS))


# DuckDB's side --------------------------------------------------------------------------------------


def _database(history: History) -> duckdb.DuckDBPyConnection:
    tracks, labels = history.tracks, history.labels
    plays = pd.DataFrame(
        {
            "ended_at": history.ended_at,
            "day": history.day,
            "month": history.month,
            "hour": history.hour,
            "weekday": history.weekday,
            "track": history.track,
            "artist": tracks.artist[history.track],
            "album": tracks.album[history.track],
            "kind": tracks.kind[history.track],
            "heard_ms": history.heard_ms,
            "is_play": history.is_play,
            "is_estimated": history.is_estimated,
            "source": history.source,
            "platform": pd.Categorical(np.array([family(label) for label in labels])[history.platform]),
            "country": pd.Categorical(np.array(labels)[history.country]),
            "flags": history.flags,
        }
    )
    database = duckdb.connect(config={"threads": 2})
    database.register("given", plays)
    database.execute("create table plays as select * from given")
    for name, part in (("tracks", tracks.title), ("artists", history.artists.name), ("albums", history.albums.name)):
        database.register("names", pd.DataFrame({"code": np.arange(len(part)), "name": part.to_pylist()}))
        database.execute(f"create table {name} as select * from names")
    return database


def _filter(question: Question, random: np.random.Generator) -> Filter:
    """Return the music; for a filtered question some years of it, narrowed in two more ways."""
    if not question.is_filtered:
        return Filter()
    start = date(2015, 1, 1) + timedelta(days=int(random.integers(0, 1000)))
    chosen = Filter(time_range=TimeRange(start, start + timedelta(days=int(random.integers(400, 2000)))))
    narrowings: dict[str, Any] = {
        "weekdays": _some(random, range(7), 3),
        "hours": _some(random, range(24), 8),
        "months": _some(random, range(1, 13), 5),
        "platforms": _some(random, ("android", "ios", "windows", "macos", "linux", "web", "cast"), 3),
        "countries": _some(random, ("DE", "FR", "ES", "IN", "US"), 2),
        "artists": _some(random, range(1, 6001), 2000),
        "skipped": bool(random.integers(0, 2)),
    }
    names = random.choice(sorted(narrowings), 2, replace=False)
    return replace(chosen, **{name: narrowings[name] for name in names})


def _some(random: np.random.Generator, values: Any, count: int) -> frozenset[Any]:
    return frozenset(np.array(values)[random.permutation(len(values))[:count]].tolist())


def _where(chosen: Filter) -> str:
    """Return the filter as a condition; artist ids are the codes plus one here."""
    parts = [f"kind in ({_list(chosen.kinds)})"]
    if chosen.time_range.start_on and chosen.time_range.end_on:
        start, end = day_number(chosen.time_range.start_on), day_number(chosen.time_range.end_on)
        parts.append(f"day >= {start} and day < {end}")
    for column, values in (("weekday", chosen.weekdays), ("hour", chosen.hours), ("month % 12 + 1", chosen.months)):
        parts += [f"{column} in ({_list(values)})"] if values else []
    for column, words in (("platform", chosen.platforms), ("country", chosen.countries)):
        parts += [f"{column} in ({', '.join(repr(word) for word in sorted(words))})"] if words else []
    if chosen.artists:
        parts.append(f"artist in ({_list({item - 1 for item in chosen.artists})})")
    if chosen.skipped is not None:
        both = int(Flags.SKIPPED | Flags.SKIPPED_KNOWN)
        parts.append(f"(flags & {both}) = {both if chosen.skipped else int(Flags.SKIPPED_KNOWN)}")
    return " and ".join(parts)


def _list(values: Any) -> str:
    return ", ".join(str(int(value)) for value in sorted(values))


if __name__ == "__main__":
    import json

    print(json.dumps(run(seed=1), indent=1))
