"""Every insight against its slow reference, under made-up listeners and filters."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rewrapped.domain.plays import Filter, Flags, PlayRule, Source
from rewrapped.history import coverage, firsts, habits, listing, streaks, timeline, tops, totals
from rewrapped.history.columns import decode, encode
from rewrapped.history.frame import History
from rewrapped.history.localtime import moment_of
from tests.unit.history.listeners import RULES, days, filters, listeners
from tests.unit.history.reference import ESTIMATED, Heard, Listener, current_run, exists, longest_run

NOUNS = tuple(tops.Noun)


def held(*drawn: st.SearchStrategy, **named: st.SearchStrategy):
    """Hold a test under made-up arguments; a shared machine sets no deadline."""
    return lambda test: settings(max_examples=50)(given(*drawn, **named)(test))


def close(expected: float) -> object:
    return pytest.approx(expected, rel=1e-12, abs=1e-12)


def close_sums(found: pd.DataFrame) -> list[object]:
    """Return what was heard: the time that is known and the time that is estimated."""
    return [
        close(known + estimated) for known, estimated in zip(found["minutes"], found["estimated_minutes"], strict=True)
    ]


def moments(history: History) -> list[tuple[object, int]]:
    return [(moment_of(at), int(ms)) for at, ms in zip(history.ended_at, history.ms_played, strict=True)]


def given_rows(rows: list[Heard]) -> list[tuple[object, int]]:
    return [(row.ended_at, row.ms_played) for row in rows]


@held(listeners(), filters(), filters())
def test_filters_leave_the_rows_they_describe_one_after_another(listener: Listener, one: Filter, two: Filter) -> None:
    history = listener.history()

    assert moments(history.filter(one)) == given_rows(listener.view(one))
    assert moments(history.filter(one).filter(two)) == given_rows(listener.view(one, two))
    assert moments(history.filter(one).plays.filter(two)) == given_rows(listener.plays(listener.view(one, two)))


@held(listeners(), filters(), st.sampled_from(RULES))
def test_plays_pass_the_rule_and_the_rule_can_be_changed(listener: Listener, chosen: Filter, rule: str) -> None:
    view = listener.history().filter(chosen)
    other = Listener(
        listener.rows, listener.tracks, listener.artists, listener.albums, listener.zone, PlayRule.parse(rule)
    )

    assert moments(view.plays) == given_rows(listener.plays(listener.view(chosen)))
    assert moments(view.with_rule(other.rule).plays) == given_rows(other.plays(other.view(chosen)))
    assert moments(view.plays.with_rule(other.rule)) == given_rows(other.plays(other.view(chosen)))


@held(listeners())
def test_the_cached_file_gives_the_same_columns(listener: Listener) -> None:
    written = encode(listener.columns())

    assert encode(decode(written)) == written
    assert moments(History.build(decode(written), listener.zone)) == given_rows(listener.rows)


@held(listeners(), filters())
def test_totals(listener: Listener, chosen: Filter) -> None:
    rows = listener.view(chosen)
    plays = listener.plays(rows)
    skips = [bool(row.flags & Flags.SKIPPED) for row in rows if row.flags & Flags.SKIPPED_KNOWN]

    found = totals.totals(listener.history().filter(chosen))

    assert found == totals.Totals(
        plays=len(plays),
        minutes=close(listener.minutes(rows)),
        estimated_minutes=close(listener.estimated_minutes(rows)),
        unknown_length_count=sum(row.source in ESTIMATED and listener.heard_ms(row) == 0 for row in rows),
        tracks=len(listener.items(plays, "tracks")),
        artists=len(listener.items(plays, "artists")),
        albums=len(listener.items(plays, "albums")),
        days=len(listener.days_played(rows)),
        longest_streak_days=longest_run(listener.zone, listener.days_played(rows)),
        first_play_at=plays[0].ended_at if plays else None,
        last_play_at=plays[-1].ended_at if plays else None,
        skipped_share=close(sum(skips) / len(skips)) if skips else None,
        skip_known_count=len(skips),
    )


@held(listeners(), filters())
def test_the_previous_range_is_the_same_question_earlier(listener: Listener, chosen: Filter) -> None:
    before = listener.previous(chosen)

    now, earlier = totals.with_previous(listener.history().filter(chosen))

    assert now.plays == len(listener.plays(listener.view(chosen)))
    assert (earlier is None) == (before is None)
    if earlier is not None and before is not None:
        assert earlier.plays == len(listener.plays(before))
        assert earlier.minutes == close(listener.minutes(before))


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("by", tops.Measure)
@held(listener=listeners(), chosen=filters(), limit=st.integers(0, 8))
def test_tops(noun: tops.Noun, by: tops.Measure, listener: Listener, chosen: Filter, limit: int) -> None:
    rows = listener.view(chosen)
    expected = listener.ranked(rows, noun, by)
    before = listener.previous(chosen)
    earlier = [entry[0] for entry in listener.ranked(before, noun, by)] if before is not None else []

    found = tops.top(listener.history().filter(chosen), noun, limit, by)

    assert [(top.id, top.plays) for top in found] == [entry[:2] for entry in expected[:limit]]
    assert [top.rank for top in found] == list(range(1, len(found) + 1))
    whole = len(listener.plays(rows)) if by == "plays" else sum(map(listener.heard_ms, rows))
    for top, (item, plays, ms) in zip(found, expected, strict=False):
        own = listener.items(rows, noun)[item]
        assert top.name == listener.name(noun, item)
        assert (top.minutes, top.estimated_minutes) == (
            close(listener.minutes(own)),
            close(listener.estimated_minutes(own)),
        )
        assert top.share == close((plays if by == "plays" else ms) / whole if whole else 0)
        assert top.previous_rank == (earlier.index(item) + 1 if item in earlier else None)
        assert top.is_new == (before is not None and item not in earlier)


@pytest.mark.parametrize("noun", NOUNS)
@held(listener=listeners(), chosen=filters())
def test_months_of_items(noun: tops.Noun, listener: Listener, chosen: Filter) -> None:
    view = listener.history().filter(chosen)
    ids = [999, *(top.id for top in tops.top(view, noun, 3))]
    by_item = listener.items(listener.plays(listener.view(chosen)), noun)
    months = sorted({day.replace(day=1) for day in listener.span(chosen.time_range)})

    found = tops.months(view, noun, ids)

    assert list(found.months) == months
    assert found.plays.tolist() == [
        [sum(listener.day(row).replace(day=1) == month for row in by_item.get(item, [])) for month in months]
        for item in ids
    ]


@held(listeners(), filters(), st.sampled_from(timeline.Bucket))
def test_timeline(listener: Listener, chosen: Filter, bucket: timeline.Bucket) -> None:
    def start(day: date) -> date:
        if bucket == "week":
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if bucket == "month" else day

    groups = listener.grouped(listener.view(chosen), lambda row: start(listener.day(row)))
    starts = sorted({start(day) for day in listener.span(chosen.time_range)})

    found = timeline.timeline(listener.history().filter(chosen), bucket)

    assert [each.date() for each in found["start_on"]] == starts
    figures = list(zip(found["plays"], found["minutes"], found["estimated_minutes"], strict=True))
    assert list(found["heard_minutes"]) == close_sums(found)
    assert figures == [close(listener.figures(groups[each])) for each in starts]


@held(listeners(), filters(), st.sampled_from((2010, 2011, 2023, 2024)))
def test_calendar(listener: Listener, chosen: Filter, year: int) -> None:
    rows = listener.view(chosen)
    groups = listener.grouped(rows, listener.day)
    span = set(listener.span(chosen.time_range))
    history = listener.history().filter(chosen)

    found = timeline.calendar(history, year)

    days = [each.date() for each in found["day_on"]]
    assert days == [date(year, 1, 1) + timedelta(days=number) for number in range(366 if year == 2024 else 365)]
    assert list(found["weekday"]) == [day.weekday() for day in days]
    monday = days[0] - timedelta(days=days[0].weekday())
    assert list(found["week"]) == [(day - monday).days // 7 for day in days]
    assert list(found["known"]) == [day in span for day in days]
    figures = list(zip(found["plays"], found["minutes"], found["estimated_minutes"], strict=True))
    assert list(found["heard_minutes"]) == close_sums(found)
    assert figures == [close(listener.figures(groups[day])) for day in days]
    assert timeline.years(history) == tuple(sorted({listener.day(row).year for row in rows}))


@held(listeners(), filters())
def test_habits(listener: Listener, chosen: Filter) -> None:
    rows = listener.view(chosen)
    view = listener.history().filter(chosen)
    names = ["plays", "minutes", "estimated_minutes"]

    def expected(key, keys) -> list[object]:
        groups = listener.grouped(rows, key)
        return [close(listener.figures(groups[each])) for each in keys]

    week = habits.hour_by_weekday(view)
    keys = list(zip(week["weekday"], week["hour"], strict=True))
    assert keys == [(weekday, hour) for weekday in range(7) for hour in range(24)]
    assert list(week["heard_minutes"]) == close_sums(week)

    def by_week(row: Heard) -> tuple[int, int]:
        return listener.local(row).weekday(), listener.local(row).hour

    assert [tuple(each) for each in week[names].to_numpy()] == expected(by_week, keys)
    hours, weekdays = habits.hours(view), habits.weekdays(view)
    assert [tuple(each) for each in hours[names].to_numpy()] == expected(
        lambda row: listener.local(row).hour, range(24)
    )
    assert [tuple(each) for each in weekdays[names].to_numpy()] == expected(
        lambda row: listener.local(row).weekday(), range(7)
    )


@held(listeners(), filters())
def test_days_that_could_hold_a_play(listener: Listener, chosen: Filter) -> None:
    found = streaks.days_open(listener.history().filter(chosen))

    assert found.tolist() == [
        (not chosen.weekdays or day.weekday() in chosen.weekdays) and (not chosen.months or day.month in chosen.months)
        for day in listener.span(chosen.time_range)
    ]


@held(listeners(), filters(), days().filter(lambda day: 1 < day.year < 9999))
def test_streaks(listener: Listener, chosen: Filter, today: date) -> None:
    played = listener.days_played(listener.view(chosen))

    found = streaks.streaks(listener.history().filter(chosen), today)

    assert found.longest.days == longest_run(listener.zone, played)
    assert found.current.days == current_run(listener.zone, played, today)
    between = [played[0] + timedelta(days=number) for number in range((played[-1] - played[0]).days)] if played else []
    assert found.days_off == sum(day not in played and exists(listener.zone, day) for day in between)
    for streak in (found.longest, found.current):
        if streak.days:
            own = [day for day in played if streak.start_on <= day <= streak.last_on]
            assert (own[0], own[-1], len(own)) == (streak.start_on, streak.last_on, streak.days)


@held(
    listeners(),
    filters(),
    st.builds(
        listing.Asked,
        number=st.integers(-1, 4),
        size=st.integers(1, 7),
        search=st.sampled_from(("", " ", "tide", "STRASSE", "ana  one", "e", "\u00d6", "%", "none such")),
        sort_by=st.sampled_from(listing.SortBy),
        descending=st.booleans(),
    ),
)
def test_pages_of_rows(listener: Listener, chosen: Filter, asked: listing.Asked) -> None:
    found_rows = listener.searched(listener.view(chosen), asked.search)
    pages = max(1, -(-len(found_rows) // asked.size))
    number = min(max(asked.number, 1), pages)

    page = listing.page(listener.history().filter(chosen), asked)

    assert (page.total, page.pages, page.number) == (len(found_rows), pages, number)
    expected = ordered(listener, found_rows, asked)[(number - 1) * asked.size : number * asked.size]
    assert [shown(row) for row in page.rows] == [described(listener, row) for row in expected]


def ordered(listener: Listener, rows: list[Heard], asked: listing.Asked) -> list[Heard]:
    newest = rows[::-1]
    if asked.sort_by == "time":
        return newest if asked.descending else rows

    def key(row: Heard) -> tuple[bool, object]:
        if asked.sort_by == "length":
            return False, listener.heard_ms(row)
        track = listener.track(row)
        name = {
            "title": track.title,
            "artist": listener.artists.get(track.artist),
            "album": listener.albums.get(track.album),
        }[asked.sort_by]
        return name is None, (name or "").casefold()

    return sorted(newest, key=key, reverse=asked.descending)


def shown(row: listing.Row) -> tuple[object, ...]:
    names = (row.track_id, row.title, row.artist_id, row.artist, row.album_id, row.album, row.uri)
    said = (row.kind, row.heard_ms, row.is_estimated, row.is_play, row.source, row.country, row.skipped)
    return row.ended_at.replace(tzinfo=None), *names, *said


def described(listener: Listener, row: Heard) -> tuple[object, ...]:
    track = listener.track(row)
    artist, album = listener.artists.get(track.artist), listener.albums.get(track.album)
    names = (track.id, track.title, track.artist, artist, track.album, album, track.uri)
    estimated = row.source in ESTIMATED
    skipped = bool(row.flags & Flags.SKIPPED) if row.flags & Flags.SKIPPED_KNOWN else None
    said = (track.kind, listener.heard_ms(row), estimated, listener.is_play(row), row.source, row.country, skipped)
    return listener.local(row).replace(tzinfo=None), *names, *said


@held(listeners(), filters(), st.integers(-1, 30))
def test_the_latest_and_the_earliest_plays(listener: Listener, chosen: Filter, limit: int) -> None:
    found = listing.recent(listener.history().filter(chosen), limit)

    plays = listener.plays(listener.view(chosen))
    assert [shown(row) for row in found] == [described(listener, row) for row in plays[::-1][: max(limit, 0)]]
    first = listing.earliest(listener.history().filter(chosen), limit)
    assert [shown(row) for row in first] == [described(listener, row) for row in plays[: max(limit, 0)]]


@held(listeners(min_rows=1), filters(), days())
@example(Listener(), Filter(), date.max)
def test_the_rows_of_a_day(listener: Listener, chosen: Filter, day_on: date) -> None:
    found = listing.of_day(listener.history().filter(chosen), day_on)

    rows = [row for row in listener.view(chosen) if listener.day(row) == day_on]
    assert [shown(row) for row in found] == [described(listener, row) for row in rows]


@held(listeners(), filters())
def test_different_and_new_items_by_month(listener: Listener, chosen: Filter) -> None:
    plays = listener.plays(listener.view(chosen))
    months = sorted({day.replace(day=1) for day in listener.span(chosen.time_range)})

    found = firsts.by_month(listener.history().filter(chosen))

    assert [each.date() for each in found["start_on"]] == months
    for noun in NOUNS:
        here = [
            set(listener.items([row for row in plays if listener.day(row).replace(day=1) == month], noun))
            for month in months
        ]
        assert list(found[noun]) == [len(items) for items in here]
        before = [set().union(*here[:place]) for place in range(len(here))]
        assert list(found[f"new_{noun}"]) == [len(items - old) for items, old in zip(here, before, strict=True)]
    assert firsts.artists_by_month(listener.history().filter(chosen)) == list(found["artists"])


@held(listeners())
def test_coverage_by_month(listener: Listener) -> None:
    groups = listener.grouped(listener.rows, lambda row: listener.day(row).replace(day=1))
    days = [listener.day(row) for row in listener.rows]
    span = [min(days) + timedelta(days=number) for number in range((max(days) - min(days)).days + 1)] if days else []
    months = sorted({day.replace(day=1) for day in span})

    found = coverage.by_month(listener.history())

    assert [each.date() for each in found["start_on"]] == months
    assert list(found["rows"]) == [len(groups[month]) for month in months]
    assert list(found["is_hole"]) == [not groups[month] for month in months]
    for source in Source:
        counts = [sum(row.source == source for row in groups[month]) for month in months]
        assert list(found[source.word]) == counts
    assert coverage.holes(listener.history()) == tuple(month for month in months if not groups[month])
