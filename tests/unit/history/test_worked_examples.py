"""The engine's side of the worked examples of identity, time and counting; X is Xenia, T is Tide, A their URI."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from rewrapped.domain.plays import Filter, Kind, PlayRule, Source, TimeRange
from rewrapped.history import habits, listing, timeline, tops, totals
from tests.unit.history.reference import Heard, Listener, Track

A = Track(1, "spotify:track:A", "Tide", artist=11, album=21, duration_ms=210_000, name_key=b"k" * 16)
ARTISTS, ALBUMS = {11: "Xenia"}, {21: "Shore"}
MUSIC = Filter()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def extended(moment: str, track: Track = A, ms: int = 200_000, reason_end: str = "") -> Heard:
    return Heard(at(moment), track, ms, reason_end=reason_end)


def listener(*rows: Heard, zone: str = "UTC", rule: str = "30s") -> Listener:
    tracks = list(dict.fromkeys(row.track for row in rows))
    return Listener(list(rows), tracks, ARTISTS, ALBUMS, zone, PlayRule.parse(rule))


def summed(*rows: Heard, rule: str = "30s") -> totals.Totals:
    return totals.totals(listener(*rows, rule=rule).history().filter(MUSIC))


def test_4_one_second_and_one_track_with_two_lengths_are_two_plays() -> None:
    assert summed(extended("2024-05-01 10:03:30"), extended("2024-05-01 10:03:30", ms=31_000)).plays == 2


def test_6_the_minutes_of_an_api_play_are_estimated_and_an_extended_rows_are_known() -> None:
    api = summed(Heard(at("2024-05-01 10:03:31"), A, 0, Source.SPOTIFY_API))
    known = summed(extended("2024-05-01 10:03:30"))

    assert (api.plays, api.minutes, api.estimated_minutes) == (1, 0, 3.5)
    assert (known.plays, known.minutes, known.estimated_minutes) == (1, pytest.approx(10 / 3), 0)


def test_12_a_scrobble_counts_by_the_tracks_length_and_by_its_own_time_where_it_brings_one() -> None:
    silent = summed(Heard(at("2024-05-01 10:00:10"), A, 0, Source.LISTENBRAINZ))
    told = summed(Heard(at("2024-05-01 10:00:10"), A, 60_000, Source.LASTFM))

    assert (silent.plays, silent.minutes, silent.estimated_minutes) == (1, 0, 3.5)
    assert (told.plays, told.minutes, told.estimated_minutes) == (1, 0, 1)


def test_12_an_unknown_length_adds_no_minutes_and_is_counted() -> None:
    unknown = Track(2, "spotify:track:B", "Ebb", artist=11)

    found = summed(Heard(at("2024-05-01 10:00:10"), unknown, 0, Source.SPOTIFY_API))

    assert (found.plays, found.estimated_minutes, found.unknown_length_count) == (1, 0, 1)


@pytest.mark.parametrize(("rule", "plays"), [("30s", 0), ("0s", 1), ("half", 0), ("finished", 0), ("any", 1)])
def test_15_a_row_of_no_milliseconds_is_a_play_under_any_only(rule: str, plays: int) -> None:
    found = summed(extended("2024-05-01 10:03:30", ms=0, reason_end="fwdbtn"), rule=rule)

    assert (found.plays, found.minutes) == (plays, 0)


@pytest.mark.parametrize(("rule", "plays"), [("30s", 0), ("28s", 1), ("half", 0), ("finished", 1), ("any", 1)])
def test_16_a_short_row_that_ended_with_the_track_is_a_play_under_finished(rule: str, plays: int) -> None:
    found = summed(extended("2024-05-01 10:03:30", ms=28_000, reason_end="trackdone"), rule=rule)

    assert (found.plays, found.minutes) == (plays, 28 / 60)


def test_16_half_is_exact_to_the_millisecond_and_falls_back_to_half_a_minute() -> None:
    odd = Track(2, "spotify:track:B", "Ebb", artist=11, duration_ms=59_999)
    unknown = Track(3, "spotify:track:C", "Low", artist=11)

    assert summed(extended("2024-05-01 10:00", odd, 29_999), rule="half").plays == 0
    assert summed(extended("2024-05-01 10:00", odd, 30_000), rule="half").plays == 1
    assert summed(extended("2024-05-01 10:00", unknown, 29_999), rule="half").plays == 0
    assert summed(extended("2024-05-01 10:00", unknown, 30_000), rule="half").plays == 1


def test_17_a_uri_without_names_counts_as_a_track_and_as_no_artist_or_album() -> None:
    found = listener(extended("2024-05-01 10:03:30", Track(2, "spotify:track:B"))).history()

    sums = totals.totals(found)
    assert (sums.plays, sums.tracks, sums.artists, sums.albums) == (1, 1, 0, 0)
    assert [top.name for top in tops.tracks(found, 5)] == [None]
    assert tops.artists(found, 5) == tops.albums(found, 5) == ()


def test_18_a_local_file_counts_by_its_names_and_has_no_uri() -> None:
    local = Track(2, None, "Demo", artist=11, name_key=b"z" * 16)

    [top] = tops.tracks(listener(extended("2024-05-01 10:03:30", local)).history(), 5)

    assert (top.name, top.artist, top.uri, top.plays) == ("Demo", "Xenia", None, 1)


def test_20_a_podcast_is_in_no_figure_of_music_and_in_its_own() -> None:
    podcast = Track(2, "spotify:episode:P", "Talk", artist=11, kind=Kind.EPISODE)
    history = listener(extended("2024-05-01 10:03:30"), extended("2024-05-01 11:00", podcast, 1_800_000)).history()

    music = totals.totals(history.filter(MUSIC))
    podcasts = totals.totals(history.filter(Filter(kinds=frozenset({Kind.EPISODE}))))

    assert (music.plays, music.minutes) == (1, pytest.approx(10 / 3))
    assert (podcasts.plays, podcasts.minutes) == (1, 30)


def test_23_half_past_eleven_at_night_in_utc_is_next_year_in_berlin() -> None:
    history = listener(extended("2023-12-31 23:30"), zone="Europe/Berlin").history()

    [month] = timeline.timeline(history, timeline.Bucket.MONTH).to_dict("records")
    assert (month["start_on"].date(), month["plays"]) == (date(2024, 1, 1), 1)
    assert len(history.filter(Filter(time_range=TimeRange(date(2024, 1, 1), date(2025, 1, 1))))) == 1
    assert timeline.years(history) == (2024,)


def test_24_the_hour_that_comes_twice_holds_both_plays_in_order_of_time() -> None:
    history = listener(
        extended("2024-10-27 00:30"), extended("2024-10-27 01:30", ms=100_000), zone="Europe/Berlin"
    ).history()

    hours = habits.hours(history)
    assert list(hours[hours["plays"] > 0]["hour"]) == [2]
    assert list(hours[hours["plays"] > 0]["plays"]) == [2]
    rows = listing.of_day(history, date(2024, 10, 27))
    assert [(row.ended_at.hour, row.ended_at.fold, row.heard_ms) for row in rows] == [(2, 0, 200_000), (2, 1, 100_000)]
