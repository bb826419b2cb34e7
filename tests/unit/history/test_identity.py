"""A name track counts under the URI track the listener plays most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rewrapped.domain.plays import Filter, Source
from rewrapped.history import tops, totals
from tests.unit.history.reference import Heard, Listener, Track

START = datetime(2024, 5, 1, 10, tzinfo=UTC)
KEY, OTHER_KEY = b"k" * 16, b"o" * 16
NAMED = Track(1, None, "Tide", artist=11, name_key=KEY)
A = Track(2, "spotify:track:A", "Tide", artist=11, album=21, name_key=KEY)
B = Track(3, "spotify:track:B", "Tide", artist=11, album=22, name_key=KEY)


def listener(*plays: tuple[Track, int]) -> Listener:
    rows = [
        Heard(START + timedelta(minutes=5 * place), track, ms, Source.EXTENDED if track.uri else Source.ACCOUNT)
        for place, (track, ms) in enumerate(plays)
    ]
    tracks = list(dict.fromkeys((NAMED, *(track for track, _ in plays))))
    return Listener(rows, tracks, {11: "Xenia"}, {21: "One", 22: "Two"})


def counted(*plays: tuple[Track, int]) -> dict[int, int]:
    return {top.id: top.plays for top in tops.tracks(listener(*plays).history(), 10)}


def test_it_takes_the_uri_track_with_most_rows_of_half_a_minute() -> None:
    short = [(A, 29_999)] * 3

    assert counted((NAMED, 200_000), (B, 40_000), *short) == {B.id: 2}


def test_equal_rows_are_told_apart_by_time_and_then_by_the_lower_uri() -> None:
    assert counted((NAMED, 200_000), (A, 30_000), (B, 30_001)) == {B.id: 2, A.id: 1}
    assert counted((NAMED, 200_000), (B, 30_000), (A, 30_000)) == {A.id: 2, B.id: 1}


def test_without_a_uri_track_of_equal_names_it_stays_itself() -> None:
    other = Track(4, "spotify:track:C", "Ebb", artist=11, name_key=OTHER_KEY)
    unnamed = Track(5, "spotify:track:D")

    assert counted((NAMED, 200_000)) == {NAMED.id: 1}
    assert counted((NAMED, 200_000), (other, 200_000), (unnamed, 200_000)) == {1: 1, 4: 1, 5: 1}


def test_two_name_tracks_find_each_their_own() -> None:
    ebb = Track(6, None, "Ebb", artist=11, name_key=OTHER_KEY)
    ebb_uri = Track(7, "spotify:track:0", "Ebb", artist=11, name_key=OTHER_KEY)
    stray = Track(8, None, "Flood", artist=11, name_key=b"z" * 16)

    plays = ((ebb, 40_000), (NAMED, 40_000), (stray, 40_000), (A, 40_000), (ebb_uri, 40_000))

    assert counted(*plays) == {ebb_uri.id: 2, A.id: 2, stray.id: 1}


def test_the_joined_row_belongs_to_the_uri_tracks_album_and_is_found_by_either_id() -> None:
    history = listener((NAMED, 200_000), (A, 200_000)).history()

    assert totals.totals(history).albums == 1
    assert len(history.filter(Filter(albums=frozenset({21})))) == 2
    assert len(history.filter(Filter(tracks=frozenset({NAMED.id})))) == 2
    assert len(history.filter(Filter(tracks=frozenset({A.id})))) == 2
