"""What the habits page asks, against its slow reference: sittings, trends, shares, and staying with one thing."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import fsum, nan
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewrapped.domain.plays import Filter, Flags, Source
from rewrapped.history import insistence, shares, sittings, streaks, timeline, trends
from rewrapped.history.platforms import family
from tests.unit.history.listeners import filters, listeners
from tests.unit.history.reference import Heard, Listener, Track, exists, run_up_to

GAP = timedelta(minutes=20)
ONE, TWO = Track(1, "spotify:track:1", "Tide", artist=11), Track(2, "spotify:track:2", "Ebb", artist=12)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def held(*drawn: st.SearchStrategy):
    """Hold a test under made-up arguments; a shared machine sets no deadline."""
    return lambda test: settings(max_examples=30)(given(*drawn)(test))


def close(expected: float) -> object:
    return pytest.approx(expected, rel=1e-9, abs=1e-9)


def months(listener: Listener, chosen: Filter) -> list[date]:
    return sorted({day.replace(day=1) for day in listener.span(chosen.time_range)})


# Sittings ------------------------------------------------------------------------------------------------


def began(listener: Listener, row: Heard) -> datetime:
    return row.ended_at - timedelta(milliseconds=listener.heard_ms(row))


def parted(listener: Listener, rows: list[Heard]) -> list[list[Heard]]:
    """Part rows in order of their starts, wherever nothing was heard for longer than the gap."""
    found: list[list[Heard]] = []
    for row in sorted(rows, key=lambda row: (began(listener, row), row.ended_at)):
        if found and began(listener, row) - max(each.ended_at for each in found[-1]) <= GAP:
            found[-1].append(row)
        else:
            found.append([row])
    return [sitting for sitting in found if listener.plays(sitting)]


@held(listeners(), filters())
def test_sittings_part_where_nothing_was_heard_for_long(listener: Listener, chosen: Filter) -> None:
    expected = parted(listener, listener.view(chosen))
    view = listener.history().filter(chosen)

    found = sittings.sittings(view)

    ends = [
        (min(began(listener, row) for row in rows), max(row.ended_at for row in rows), len(listener.plays(rows)))
        for rows in expected
    ]
    as_us = [
        tuple((at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) for at in each[:2]) for each in ends
    ]
    assert list(zip(found.started_at.tolist(), found.ended_at.tolist(), strict=True)) == as_us
    assert found.plays.tolist() == [each[2] for each in ends]
    minutes = [(end - start).total_seconds() / 60 for start, end, _ in ends]
    assert found.typical_minutes == close(median(minutes) if minutes else 0)
    best = max(range(len(ends)), key=lambda at: (minutes[at], at), default=None)
    longest = found.longest()
    assert (longest and (longest.started_at, longest.ended_at, longest.plays)) == (None if best is None else ends[best])
    assert longest is None or longest.minutes == close(max(minutes))
    bounds = [*sittings.LENGTHS, 10**9]
    counts = [sum(low <= each < high for each in minutes) for low, high in pairwise(bounds)]
    assert found.lengths().tolist() == counts
    hours = Counter(start.astimezone(view.zone).hour for start, _, _ in ends)
    assert sittings.beginnings(found, view).tolist() == [hours[hour] for hour in range(24)]


@pytest.mark.parametrize(("silence_s", "count"), [(1_199, 1), (1_200, 1), (1_201, 2)])
def test_twenty_minutes_of_silence_are_within_a_sitting_and_a_second_more_is_not(silence_s: int, count: int) -> None:
    later = NOON + timedelta(seconds=silence_s + 200)
    listener = Listener([Heard(NOON, ONE), Heard(later, ONE)], [ONE], {11: "Ana"})

    assert len(sittings.sittings(listener.history())) == count


def test_a_row_too_short_for_a_play_goes_on_with_a_sitting_and_makes_none_by_itself() -> None:
    skipped = Heard(NOON + timedelta(minutes=19), ONE, ms_played=1_000)
    after = Heard(NOON + timedelta(minutes=38), ONE)
    alone = Heard(NOON + timedelta(hours=9), ONE, ms_played=1_000)
    found = sittings.sittings(Listener([Heard(NOON, ONE), skipped, after, alone], [ONE], {11: "Ana"}).history())

    assert found.plays.tolist() == [2]


def test_a_scrobble_lasted_as_long_as_its_track() -> None:
    song = Track(1, "spotify:track:1", "Tide", duration_ms=240_000)
    scrobble = Heard(NOON, song, ms_played=0, source=Source.LASTFM)

    [minutes] = sittings.sittings(Listener([scrobble], [song]).history()).minutes.tolist()

    assert minutes == 4


# Trends --------------------------------------------------------------------------------------------------


@held(listeners(), filters(), st.sampled_from(timeline.Bucket))
def test_the_running_mean_is_that_of_the_buckets_up_to_each(
    listener: Listener, chosen: Filter, bucket: timeline.Bucket
) -> None:
    view = listener.history().filter(chosen)
    over = trends.MEAN_OVER[bucket]

    found = trends.trend(view, bucket)

    heard = timeline.timeline(view, bucket)["heard_minutes"].tolist()
    assert found["heard_minutes"].tolist() == heard
    means = [nan if at + 1 < over else fsum(heard[at + 1 - over : at + 1]) / over for at in range(len(heard))]
    np.testing.assert_allclose(found["mean_minutes"], means, rtol=1e-9, atol=1e-6)


@held(listeners(), filters())
def test_every_month_of_every_year_of_the_span(listener: Listener, chosen: Filter) -> None:
    known = months(listener, chosen)
    groups = listener.grouped(listener.view(chosen), lambda row: listener.day(row).replace(day=1))
    every = [date(year, month, 1) for year in sorted({day.year for day in known}) for month in range(1, 13)]
    if known:
        assert sorted({day.year for day in known}) == list(range(known[0].year, known[-1].year + 1))

    found = trends.months_of_years(listener.history().filter(chosen))

    assert list(zip(found["year"], found["month"], strict=True)) == [(day.year, day.month) for day in every]
    assert found["known"].tolist() == [day in known for day in every]
    figures = list(zip(found["plays"], found["minutes"], found["estimated_minutes"], strict=True))
    assert figures == [close(listener.figures(groups[day])) for day in every]


# Shares --------------------------------------------------------------------------------------------------


@held(listeners(), filters())
def test_answers_count_only_rows_that_say(listener: Listener, chosen: Filter) -> None:
    groups = listener.grouped(listener.view(chosen), lambda row: listener.day(row).replace(day=1))

    found = shares.answers(listener.history().filter(chosen))

    assert [each.date() for each in found["start_on"]] == months(listener, chosen)
    for place, month in enumerate(months(listener, chosen)):
        assert found["rows"][place] == len(groups[month])
        for name, yes, known in (
            ("skipped", Flags.SKIPPED, Flags.SKIPPED_KNOWN),
            ("shuffle", Flags.SHUFFLE, Flags.SHUFFLE_KNOWN),
            ("offline", Flags.OFFLINE, Flags.OFFLINE_KNOWN),
        ):
            said = [row for row in groups[month] if row.flags & known]
            assert found[f"{name}_known"][place] == len(said)
            assert found[name][place] == sum(bool(row.flags & yes) for row in said)


@pytest.mark.parametrize("what", ["platform", "country"])
@given(listener=listeners(), chosen=filters())
@settings(max_examples=30)
def test_rows_by_device_and_by_country(what: str, listener: Listener, chosen: Filter) -> None:
    rows = listener.view(chosen)
    every = Counter(filter(None, (named(what, row) for row in rows)))
    groups = listener.grouped(rows, lambda row: listener.day(row).replace(day=1))
    ask = shares.platforms if what == "platform" else shares.countries

    found = ask(listener.history().filter(chosen))

    assert set(found.names) == set(every)
    assert [every[name] for name in found.names] == sorted(every.values(), reverse=True)
    assert found.start_on.astype("datetime64[D]").tolist() == months(listener, chosen)
    assert found.all_rows.tolist() == [len(groups[month]) for month in months(listener, chosen)]
    for place, month in enumerate(months(listener, chosen)):
        counts = Counter(named(what, row) for row in groups[month])
        assert found.rows[place].tolist() == [counts[name] for name in found.names]
    assert found.known_share == close(sum(every.values()) / len(rows) if rows else 0)


def named(what: str, row: Heard) -> str:
    return family(row.platform) if what == "platform" else row.country


# Staying with one thing ----------------------------------------------------------------------------------


@held(listeners(), filters())
def test_the_longest_gap_lies_between_two_days_with_plays(listener: Listener, chosen: Filter) -> None:
    played = listener.days_played(listener.view(chosen))
    gaps = [(silent_between(listener.zone, one, two), one, two) for one, two in pairwise(played)]
    longest, before, after = max(gaps, default=(0, None, None))

    found = streaks.longest_gap(listener.history().filter(chosen))

    assert found.days == longest
    if longest:
        assert (found.start_on, found.last_on) == (before + timedelta(days=1), after - timedelta(days=1))
    else:
        assert found == streaks.Streak()


def silent_between(zone: str, one: date, two: date) -> int:
    return sum(exists(zone, one + timedelta(days=number)) for number in range(1, (two - one).days))


@held(listeners(), filters())
def test_the_longest_streak_of_an_artist(listener: Listener, chosen: Filter) -> None:
    by_artist = listener.items(listener.plays(listener.view(chosen)), "artists")
    runs = {
        (run_up_to(listener.zone, sorted({listener.day(row) for row in own}), day), day, artist)
        for artist, own in by_artist.items()
        for day in {listener.day(row) for row in own}
    }

    found = insistence.artist_streak(listener.history().filter(chosen))

    if not runs:
        assert found is None
        return
    longest = max(run[:2] for run in runs)
    assert (found.streak.days, found.streak.last_on) == longest
    assert (*longest, found.artist.id) in runs
    assert found.artist.name == listener.artists[found.artist.id]


@held(listeners(), filters())
def test_a_track_on_repeat(listener: Listener, chosen: Filter) -> None:
    plays = listener.plays(listener.view(chosen))
    ids = [listener.track(row).id for row in plays]
    runs = [
        (length, end)
        for end in range(1, len(ids) + 1)
        for length in range(1, end + 1)
        if len(set(ids[end - length : end])) == 1
    ]

    found = insistence.on_repeat(listener.history().filter(chosen))

    if not runs:
        assert found is None
        return
    length, end = max(runs)
    assert (found.plays, found.track.id, found.last_on) == (length, ids[end - 1], listener.day(plays[end - 1]))


@held(listeners(), filters())
def test_the_most_plays_of_a_track_in_a_day(listener: Listener, chosen: Filter) -> None:
    plays = listener.plays(listener.view(chosen))
    counts = Counter((listener.day(row), listener.track(row).id) for row in plays)

    found = insistence.most_in_a_day(listener.history().filter(chosen))

    if not counts:
        assert found is None
        return
    assert found.plays == max(counts.values()) == counts[found.last_on, found.track.id]
    assert found.last_on == max(day for (day, _), count in counts.items() if count == found.plays)


def test_another_track_between_ends_a_repeat() -> None:
    order = [ONE, ONE, TWO, ONE, ONE, ONE, TWO]
    rows = [Heard(NOON + timedelta(minutes=5 * number), track) for number, track in enumerate(order)]
    listener = Listener(rows, [ONE, TWO], {11: "Ana", 12: "Bo"})

    found = insistence.on_repeat(listener.history())

    assert (found.plays, found.track.name, found.track.sub) == (3, "Tide", "Ana")
