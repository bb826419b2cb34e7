"""Imports in any order, and taken away again, leave the same plays: on a real database, for rows of every source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from rewrapped.domain.plays import Source
from rewrapped.services import settling
from rewrapped.storage import absorbed, plays
from rewrapped.storage.database import Connection

E, C, S, L, P = Source.EXTENDED, Source.ACCOUNT, Source.LISTENBRAINZ, Source.LASTFM, Source.SPOTIFY_API
DAY_S = 86_400
START_US = 1_714_550_400_000_000  # 2024-05-01 08:00 UTC
SOMEBODY = 1


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    """A connection that stores nothing for good, with the tracks that `play` names by number."""
    with engine.connect() as conn, conn.begin() as begun:
        conn.execute(
            text(
                "INSERT INTO tracks (id, key, kind, uri, title, name_key, duration_ms) OVERRIDING SYSTEM VALUE VALUES"
                " (1, gen_random_uuid(), 0, 'spotify:track:A', 'Tide', :name, 210000),"
                " (2, gen_random_uuid(), 0, 'spotify:track:B', 'Tide', :name, 180000),"
                " (3, gen_random_uuid(), 0, NULL, 'Tide', :name, NULL),"
                " (4, gen_random_uuid(), 0, 'spotify:track:C', NULL, NULL, 200000)"
            ),
            {"name": "00000000-0000-0000-0000-000000000007"},
        )
        yield conn
        begun.rollback()


def play(source: Source, second: float, ms: int = 200_000, track: int | None = None, ended: float | None = None) -> Any:
    """Return a row of the first of May's listening, the account's known to the minute, the API's without length."""
    reported = START_US + round((second // 60 * 60 if source is C else second) * 1e6)
    row = np.zeros(1, plays.PLAY)
    row["reported_at"] = reported
    row["ended_at"] = reported if ended is None else START_US + round(ended * 1e6)
    row["ms_played"] = 0 if source is P else ms
    row["track_id"] = track or (1 if source in (E, P) else 3)
    row["source"] = source
    return row


def stored(conn: Connection) -> tuple[list[Any], list[Any]]:
    """Return what stands for plays, and what is absorbed."""
    rows, standing = absorbed.list_both(conn, SOMEBODY, "true")
    return sorted(rows[:standing].tolist()), sorted(rows[standing:].tolist())


def after(conn: Connection, uploads: Sequence[tuple[int, Any]], removed: Sequence[int] = ()) -> Any:
    """Return what is stored once uploads (import id, rows) were added in this order and some removed again."""
    with conn.begin_nested() as step:
        for import_id, rows in uploads:
            settling.add(conn, (SOMEBODY, import_id), rows)
        for import_id in removed:
            expected = settling.preview_removal(conn, SOMEBODY, import_id)
            before = len(stored(conn)[0])
            assert settling.remove(conn, SOMEBODY, import_id) == expected.rows
            assert len(stored(conn)[0]) <= before - expected.rows + expected.returning
        seen = stored(conn)
        step.rollback()
    return seen


_rows = st.builds(  # a moment of the API has one track here, see the test of two
    lambda source, second, ms, twin: play(source, second, ms, 1 + second // 15 % 2 if source is P else twin),
    st.sampled_from([E, C, S, L, P]),
    st.integers(0, 60).map(lambda step: step * 15),  # so that some are equally near
    st.sampled_from([45_000, 200_000]),
    st.sampled_from([None, None, None, 4]),
)
_of_exports = st.builds(play, st.sampled_from([E, C]), st.integers(0, 600), st.sampled_from([45_000, 200_000]))
_uploads = st.lists(st.lists(_rows, min_size=1, max_size=4), min_size=2, max_size=3)
_on_the_database = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@_on_the_database
@given(_uploads)
def test_any_order_of_uploads_leaves_the_same_plays(conn: Connection, uploads: list[list[Any]]) -> None:
    numbered = [(number, np.concatenate(rows)) for number, rows in enumerate(uploads, 1)]
    expected = after(conn, [(1, np.concatenate([rows for _, rows in numbered]))])
    for order in permutations(numbered):
        assert after(conn, order) == expected
    again = [(number + len(numbered), rows) for number, rows in numbered]
    assert after(conn, [*numbered, *again]) == expected
    for gone, _ in numbered:
        assert after(conn, [*numbered, *again], [gone]) == expected


@_on_the_database
@given(_uploads)
def test_an_upload_that_is_removed_leaves_no_trace(conn: Connection, uploads: list[list[Any]]) -> None:
    numbered = [(number, np.concatenate(rows)) for number, rows in enumerate(uploads, 1)]
    for order in permutations(numbered):
        for gone in permutations(range(1, len(numbered) + 1), len(numbered) - 1):
            others = [(number, rows) for number, rows in order if number not in gone]
            assert after(conn, order, gone) == after(conn, others)


@_on_the_database
@given(st.lists(_of_exports, min_size=1, max_size=6))
def test_ledgers_count_as_new_what_there_is_more_of(conn: Connection, rows: list[Any]) -> None:
    with conn.begin_nested() as step:
        for number, row in enumerate([*rows, rows[0]], 1):
            before = len(stored(conn)[0])
            new = int(settling.add(conn, (SOMEBODY, number), row).new.sum())
            assert len(stored(conn)[0]) - before == new
        step.rollback()


def test_a_chain_of_twins_beyond_what_is_read_at_first_is_followed(conn: Connection) -> None:
    # Each scrobble is nearest to the row that begins with it, but fits the one that ends with it too: the last
    # to come could push the others back one by one, if the first had anywhere to go.
    five_days_s = 5 * DAY_S
    scrobbles = [play(S, day * five_days_s + 25, 0) for day in range(1, 9)]
    extended = [play(E, (day + 1) * five_days_s, (five_days_s - 30) * 1000) for day in range(1, 8)]
    uploads = list(enumerate(extended + scrobbles, 1))
    standing, hidden = after(conn, [(1, np.concatenate(extended + scrobbles))])
    assert (len(standing), len(hidden)) == (8, 7)
    for order in (uploads, uploads[::-1], uploads[::3] + uploads[1::3] + uploads[2::3]):
        assert after(conn, order) == (standing, hidden)


def test_a_row_that_took_one_by_its_track_takes_no_other_by_its_name(conn: Connection) -> None:
    rows = [(1, play(E, 600)), (2, play(P, 601, track=1)), (3, play(P, 602, track=2))]
    for order in permutations(rows):
        standing, hidden = after(conn, order)
        assert (len(standing), len(hidden)) == (2, 1)


def test_of_two_scrobbles_as_near_as_each_other_the_same_is_taken_in_any_order(conn: Connection) -> None:
    rows = [(1, play(S, 601, 190_000)), (2, play(L, 601, 170_000)), (3, play(E, 600))]
    expected = after(conn, rows)
    for order in permutations(rows):
        assert after(conn, order) == expected


def test_an_offline_row_gives_back_what_it_took_by_either_end(conn: Connection) -> None:
    offline = play(E, 300 * DAY_S, ended=100)
    for stamp in (play(P, 101), play(P, 300 * DAY_S + 1)):
        assert after(conn, [(1, stamp), (2, offline)]) == ([offline[0].item()], [stamp[0].item()])
        assert after(conn, [(1, stamp), (2, offline)], [2]) == ([stamp[0].item()], [])


def test_a_scrobble_that_only_the_account_row_fits_stands_again_when_the_account_row_is_taken(conn: Connection) -> None:
    of_account, scrobble, extended = play(C, 600), play(S, 600 + 170, 0), play(E, 610)
    assert len(after(conn, [(1, of_account), (2, scrobble)])[0]) == 1
    for order in permutations([(1, of_account), (2, scrobble), (3, extended)]):
        standing, hidden = after(conn, order)
        assert sorted(row[4] for row in standing) == [E, S]
        assert [row[4] for row in hidden] == [C]


def test_of_two_tracks_at_one_moment_of_the_api_the_first_brought_stays(conn: Connection) -> None:
    one, relinked = play(P, 100, track=1), play(P, 100, track=2)
    assert after(conn, [(1, one), (2, relinked)]) == ([one[0].item()], [])
    assert after(conn, [(1, relinked), (2, one)]) == ([relinked[0].item()], [])
    extended = play(E, 100, track=2)
    assert len(after(conn, [(1, one), (2, extended), (3, relinked)])[0]) == 1


def test_an_import_without_twins_absorbs_nothing(conn: Connection) -> None:
    settling.add(conn, (SOMEBODY, 1), np.concatenate([play(E, second) for second in range(0, 9000, 300)]))
    assert not absorbed.has_absorbed(conn, SOMEBODY)
    assert settling.remove(conn, SOMEBODY, 1) == 30
    assert stored(conn) == ([], [])
