"""Worked examples of merging at the level of rows; merging in any order, by parts, and against a slow matcher."""

from datetime import UTC, datetime
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain.plays import Source
from rewrapped.history.clusters import ROWS, clusters, neighbours
from rewrapped.history.merging import repeats, takers

E, C, S, L, P = Source.EXTENDED, Source.ACCOUNT, Source.LISTENBRAINZ, Source.LASTFM, Source.SPOTIFY_API
A, T, OTHER = 1, 2, 3  # A: the URI track; T: the name track of equal names
LENGTH_S = 210


def _at(clock: str) -> int:
    hours, minutes, *seconds = clock.split(":")
    moment = datetime(2024, 5, 1, int(hours), int(minutes), tzinfo=UTC).timestamp()
    return round((moment + (float(seconds[0]) if seconds else 0)) * 1e6)


def _row(source, clock, ms=0, track=None, *, name=7, length_s=0, ended=None):
    track = track or (A if source in (E, P) else T)
    length_s = length_s or (LENGTH_S if track == A else 0)
    reported = _at(clock)
    return (reported, _at(ended) if ended else reported, ms, track, name, length_s * 1_000_000, source)


def _rows(*rows):
    return np.array(list(rows), ROWS)


def _plays(rows):
    """Return the rows that stand for plays."""
    return rows[takers(rows) < 0]


def _store(stored, *incoming):
    """Add one upload to all rows that ever came; return them, and (kept, merged) as the growth in plays says."""
    incoming = _rows(*incoming)
    after = np.concatenate([stored, incoming[~repeats(stored, incoming)]])
    kept = len(_plays(after)) - len(_plays(stored))
    return after, (kept, len(incoming) - kept)


def _sources(rows):
    return sorted(Source(code).word for code in _plays(rows)["source"])


NOTHING = _rows()


def test_an_account_row_after_its_extended_row_is_merged():
    stored, _ = _store(NOTHING, _row(E, "10:03:30", 200_000))
    stored, ledger = _store(stored, _row(C, "10:03", 200_000))
    assert (ledger, _sources(stored)) == ((0, 1), ["extended"])


def test_an_extended_row_replaces_its_account_row_and_stays():
    stored, _ = _store(NOTHING, _row(C, "10:03", 200_000))
    stored, ledger = _store(stored, _row(E, "10:03:30", 200_000))
    assert (ledger, _sources(stored)) == ((0, 1), ["extended"])
    stored, ledger = _store(stored, _row(C, "10:03", 200_000))
    assert (ledger, _sources(stored)) == ((0, 1), ["extended"])


def test_account_rows_of_one_minute_each_find_the_extended_row_of_equal_length():
    stored, ledger = _store(NOTHING, _row(C, "10:03", 200_000), _row(C, "10:03", 45_000))
    assert ledger == (2, 0)
    stored, ledger = _store(stored, _row(E, "10:03:10", 45_000), _row(E, "10:03:58", 200_000))
    assert (ledger, _sources(stored)) == ((0, 2), ["extended", "extended"])


def test_two_lengths_of_one_second_are_two_plays():
    _, ledger = _store(NOTHING, _row(E, "10:03:30", 200_000), _row(E, "10:03:30", 31_000))
    assert ledger == (2, 0)


def test_an_exact_repeat_in_one_upload_is_merged():
    _, ledger = _store(NOTHING, _row(E, "10:03:30", 200_000), _row(E, "10:03:30", 200_000))
    assert ledger == (1, 1)


def test_an_api_play_is_replaced_whether_stamped_at_its_end_or_its_start():
    for stamp in ("10:03:31.120", "10:00:12"):
        stored, _ = _store(NOTHING, _row(P, stamp))
        stored, ledger = _store(stored, _row(E, "10:03:30", 200_000))
        assert (ledger, _sources(stored)) == ((0, 1), ["extended"])


def test_real_repeats_survive_because_matching_is_one_to_one():
    extended, _ = _store(NOTHING, _row(E, "10:03:30", 200_000), _row(E, "10:06:50", 200_000))
    both, ledger = _store(extended, _row(P, "10:03:31"), _row(P, "10:06:51"))
    assert (ledger, len(_plays(both))) == ((0, 2), 2)
    one, ledger = _store(extended, _row(P, "10:03:31"))
    assert (ledger, len(_plays(one))) == ((0, 1), 2)
    three, ledger = _store(extended, _row(P, "10:03:31"), _row(P, "10:06:51"), _row(P, "10:10:20"))
    assert (ledger, len(_plays(three))) == ((1, 2), 3)


def test_one_moment_of_the_api_is_one_play_though_the_track_was_relinked():
    stored, _ = _store(NOTHING, _row(P, "10:03:31.120"))
    stored, ledger = _store(stored, _row(P, "10:03:31.120", track=OTHER, name=8))
    assert (ledger, stored["track"].tolist()) == ((0, 1), [A])


def test_a_late_api_play_is_stored():
    stored, _ = _store(NOTHING, _row(P, "11:00:00"))
    stored, ledger = _store(stored, _row(P, "10:20:00", track=OTHER, name=8))
    assert (ledger, len(_plays(stored))) == ((1, 0), 2)


def test_a_scrobble_stamped_at_the_start_is_replaced():
    stored, _ = _store(NOTHING, _row(S, "10:00:10"))
    stored, ledger = _store(stored, _row(E, "10:03:30", 200_000))
    assert (ledger, _sources(stored)) == ((0, 1), ["extended"])


def test_a_scrobble_wins_over_the_api_within_the_tracks_length():
    stored, _ = _store(NOTHING, _row(S, "10:00:10"))
    stored, ledger = _store(stored, _row(P, "10:03:31"))
    assert (ledger, _sources(stored)) == ((0, 1), ["listenbrainz"])
    stored, ledger = _store(stored, _row(P, "10:05:41"))
    assert ledger == (1, 0)


def test_start_stamps_out_of_step_still_find_a_partner_each():
    extended, _ = _store(NOTHING, _row(E, "10:03:30", 200_000), _row(E, "10:06:50", 200_000))
    _, ledger = _store(extended, _row(S, "10:00:12"), _row(S, "10:03:31"))
    assert ledger == (0, 2)


def test_an_offline_row_is_found_by_its_report_and_by_its_playing():
    moved = _row(E, "20:00:00", 200_000, ended="10:03:30")
    for stamp in ("10:03:31", "20:00:05"):
        stored, _ = _store(NOTHING, moved)
        _, ledger = _store(stored, _row(P, stamp))
        assert ledger == (0, 1)


def test_rows_without_names_are_never_joined_by_name():
    stored, _ = _store(NOTHING, _row(E, "10:03:30", 200_000, name=-1))
    _, ledger = _store(stored, _row(C, "10:03", 200_000, name=-1))
    assert ledger == (1, 0)


def test_what_was_found_to_be_two_plays_stays_two():
    stored, _ = _store(NOTHING, _row(E, "10:03:30", 200_000), _row(C, "10:03", 200_000), _row(C, "10:02", 200_000))
    assert _sources(stored) == ["account", "extended"]
    again, ledger = _store(stored, _row(E, "18:00:00", 200_000, OTHER, name=8))
    assert (ledger, _sources(again)) == ((1, 0), ["account", "extended", "extended"])


def test_a_forged_file_of_one_endless_track_costs_little():
    rows = np.zeros(60_000, ROWS)
    rows["reported_at"] = rows["ended_at"] = _at("10:00") + np.arange(60_000) * 1_000_000
    rows["track"], rows["ms_played"], rows["source"] = A, 600_000_000, E
    rows["source"][::2] = P
    assert len(_plays(rows)) >= 30_000


_tracks = st.sampled_from([(1, 7), (2, 7), (3, 8), (4, -1)])
_row_strategy = st.builds(
    lambda minute, second, ms, track, source: (
        (at := (minute * 60 + (0 if source == C else second)) * 1_000_000),
        at,
        0 if source == P else ms,
        track[0],
        track[1],
        200_000_000,
        source,
    ),
    st.integers(0, 30),
    st.integers(0, 59),
    st.sampled_from([0, 45_000, 200_000]),
    _tracks,
    st.sampled_from([E, C, S, P]),
)


def _distinct(rows):
    rows = _rows(*rows)
    return rows[~repeats(NOTHING, rows)]


def _same(left, right):
    return sorted(left.tolist()) == sorted(right.tolist())


@given(st.lists(_row_strategy, max_size=25), st.lists(_row_strategy, max_size=25))
def test_the_second_import_of_the_same_rows_keeps_nothing(first, second):
    stored, _ = _store(NOTHING, *first)
    stored, _ = _store(stored, *second)
    again, (kept, _) = _store(stored, *second)
    assert kept == 0
    assert _same(again, stored)


def test_a_play_that_two_services_were_told_is_one_and_its_repeats_stay():
    both = [_row(S, "10:00:10", 200_000), _row(S, "10:03:40"), _row(L, "10:00:12"), _row(L, "10:03:41")]
    stored, ledger = _store(NOTHING, *both, _row(L, "10:07:11"))
    assert (ledger, _sources(stored)) == ((3, 2), ["lastfm", "listenbrainz", "listenbrainz"])
    stored, _ = _store(stored, _row(E, "10:03:30", 200_000))
    assert _sources(stored) == ["extended", "lastfm", "listenbrainz"]


@given(st.lists(_row_strategy, max_size=40))
def test_no_row_is_taken_by_a_poorer_one_and_every_key_stands_once(rows):
    rows = _distinct(rows)
    taker = takers(rows)
    standing = rows[taker < 0]
    keys = standing[["reported_at", "track", "ms_played"]].tolist()
    assert len(keys) == len(set(keys))
    for row, by in zip(rows, taker.tolist(), strict=True):
        if by >= 0:
            assert row["name"] == rows[by]["name"]
            assert Source(int(rows[by]["source"])).precedence < Source(int(row["source"])).precedence


@given(st.lists(_row_strategy, max_size=40))
def test_a_row_takes_one_of_each_poorer_class_at_most(rows):
    rows = _distinct(rows)
    taker = takers(rows)
    taken = [
        (by, Source(int(row["source"])).precedence) for row, by in zip(rows, taker.tolist(), strict=True) if by >= 0
    ]
    assert len(taken) == len(set(taken))


@given(st.lists(_row_strategy, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, chance):
    rows = _distinct(rows)
    order = list(range(len(rows)))
    chance.shuffle(order)
    assert _same(_plays(rows), _plays(rows[order]))


@given(st.lists(_row_strategy, max_size=30))
def test_what_becomes_of_a_row_follows_from_its_cluster_alone(rows):
    rows = _distinct(rows)
    cluster = clusters(rows)
    parts = [_plays(rows[cluster == number]) for number in range(len(set(cluster.tolist())))]
    assert _same(np.concatenate([NOTHING, *parts]), _plays(rows))


@given(st.lists(_row_strategy, min_size=1, max_size=30))
def test_rows_outside_a_clusters_neighbourhood_are_left_out(rows):
    rows = _distinct(rows)
    changed = np.arange(len(rows)) == 0
    near = neighbours(rows, changed)
    assert near[0]
    assert _same(_plays(rows), np.concatenate([_plays(rows[near]), _plays(rows[~near])]))


def _slow_count(rows):
    """Count plays of two classes by the words of the design: as many pairs as can be, each row in one at most."""
    rows = [dict(zip(ROWS.names, row, strict=True)) for row in rows.tolist()]
    rich_class = min(row["source"] for row in rows)
    rich = [row for row in rows if row["source"] == rich_class]
    poor = [row for row in rows if row["source"] != rich_class]

    def most(left, taken):
        if not left:
            return 0
        best = most(left[1:], taken)
        for number, row in enumerate(rich):
            if number not in taken and _may_be_one(row, left[0]):
                best = max(best, 1 + most(left[1:], taken | {number}))
        return best

    return len(rows) - most(poor, frozenset())


def _may_be_one(rich, poor):
    minute = 59.999999e6 if poor["source"] == C else 0
    first, last = poor["reported_at"], poor["reported_at"] + minute
    if rich["source"] in (S, L):
        return abs(rich["reported_at"] - first) <= max(rich["length_us"], poor["length_us"]) + 120e6
    if (rich["source"], poor["source"]) == (E, C) and rich["ms_played"] != poor["ms_played"]:
        return False
    end = rich["ended_at"]
    since = end - rich["ms_played"] * 1000 - 60e6
    until = end + (59.999999e6 if rich["source"] == C else 0) + 120e6
    return since <= last and first <= until


def _of_one_song(sources):
    return st.lists(
        st.builds(
            lambda second, ms, source: (
                (at := (second // 60 * 60 if source == C else second) * 1_000_000),
                at,
                ms if source in (E, C) else 0,
                {E: 1, C: 2, S: 3, L: 3, P: 4}[source],
                7,
                210_000_000 if source in (E, P) else 0,
                source,
            ),
            st.integers(0, 1500),
            st.sampled_from([45_000, 200_000]),
            st.sampled_from(sources),
        ),
        min_size=1,
        max_size=8,
    )


@given(st.sampled_from(list(combinations([E, C, S, L, P], 2))).flatmap(_of_one_song))
def test_as_many_rows_find_a_partner_as_a_slow_matcher_finds(rows):
    rows = _distinct(rows)
    assert len(_plays(rows)) == _slow_count(rows)
