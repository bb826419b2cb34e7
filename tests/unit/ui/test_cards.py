"""What several pages show of the same item is the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings

from rewrapped.domain.plays import Filter, Kind, Source, TimeRange
from rewrapped.history import habits, listing
from rewrapped.history.localtime import day_of
from rewrapped.history.timeline import Bucket, timeline
from rewrapped.history.tops import Measure, Noun, top
from rewrapped.history.totals import totals
from rewrapped.ui import browsing, cards, compared, ranked
from rewrapped.ui.filters import View
from tests.unit.history.listeners import listeners
from tests.unit.history.reference import Heard, Listener, Track

TODAY = date(2026, 11, 22)
EVERYTHING = View(Filter(), "all time", "", "")
SONG = Track(1, "spotify:track:1", "Tide", duration_ms=200_000)
ARTISTS_SONG = Track(3, "spotify:track:3", "Ebb", artist=7)
SHOW = Track(2, "spotify:episode:2", "An hour of tides", kind=1)


def rows(track: Track, source: Source = Source.EXTENDED) -> Listener:
    heard = [Heard(datetime(2026, 3, day, 12, tzinfo=UTC), track, source=source) for day in (1, 2, 3)]
    return Listener(heard, [SONG, SHOW])


def test_shares_are_of_whoever_listened() -> None:
    best = top(
        Listener([Heard(datetime(2026, 3, 1, tzinfo=UTC), ARTISTS_SONG)], [ARTISTS_SONG], {7: "Xenia"}).history(),
        Noun.ARTISTS,
        1,
    )

    [yours] = cards.top_rows(best, Noun.ARTISTS, Measure.PLAYS, EVERYTHING)
    [theirs] = cards.top_rows(best, Noun.ARTISTS, Measure.TIME, EVERYTHING, "their")

    assert (yours.sub, theirs.sub) == ("100.0 % of your plays", "100.0 % of their time")


@pytest.mark.parametrize(
    ("kinds", "subject"),
    [
        ({Kind.TRACK}, "music"),
        ({Kind.EPISODE}, "podcasts"),
        ({Kind.CHAPTER}, "audiobooks"),
        ({Kind.TRACK, Kind.EPISODE}, "listening"),
        (set(), "listening"),
    ],
)
def test_tiles_name_what_the_filter_leaves(kinds: set[Kind], subject: str) -> None:
    chosen = Filter(kinds=frozenset(kinds))
    view = rows(SHOW).history().filter(chosen)

    time, _, _, days = cards.kpi_tiles(view, View(chosen, "all time", "", ""), TODAY)

    assert time.counts == f"The time of every row of {subject}, plays or not, as Spotify recorded it."
    assert days.label == f"Days with {subject}"
    assert f"every row of {subject}," in cards.counts_time(chosen)


def test_time_of_scrobbles_is_not_said_to_be_spotifys() -> None:
    view = rows(SONG, Source.LASTFM).history().filter(Filter())

    counts = cards.kpi_tiles(view, EVERYTHING, TODAY)[0].counts

    assert "Spotify" not in counts
    assert "10 min of the time is estimated" in counts


@settings(max_examples=60)
@given(listeners(min_rows=8))
def test_a_track_has_one_name_and_one_sleeve_on_every_page(listener) -> None:
    history = listener.history()
    best = top(history, Noun.TRACKS, 50)
    ranks = cards.top_rows(best, Noun.TRACKS, Measure.PLAYS, EVERYTHING)
    known = {each.id: (row.name, row.art) for each, row in zip(best, ranks, strict=True)}
    recent = listing.recent(history, 50)

    shown = [(item.name, item.art) for item in cards.strip_items(recent, TODAY)]

    assert shown == [known[row.track_id] for row in recent]
    table = ranked.tops_table(history, best, Noun.TRACKS, Measure.PLAYS)
    uris = dict(zip([each.id for each in best], table["sleeve"], strict=True))
    assert browsing.table(recent)["sleeve"].tolist() == [uris[row.track_id] for row in recent]


def test_plays_by_month_have_a_column_where_there_are_months_enough_for_a_line() -> None:
    first = datetime(2026, 1, 4, 12, tzinfo=UTC)
    for days, is_there in ((7, False), (40, False), (62, True)):
        heard = [Heard(first, SONG), Heard(first + timedelta(days=days), SONG)]
        view = Listener(heard, [SONG]).history().filter(Filter())
        table = ranked.tops_table(view, top(view, Noun.TRACKS, 5), Noun.TRACKS, Measure.PLAYS)
        assert ("months" in table) is is_there, days


@settings(max_examples=60)
@given(listeners())
def test_the_hours_of_the_week_hold_all_the_time_that_was_heard(listener) -> None:
    view = listener.history()
    months = timeline(view, Bucket.MONTH)

    week = cards.week_table(habits.hour_by_weekday(view))

    assert week["Plays"].sum() == months["plays"].sum()
    heard = months["heard_minutes"].sum()
    assert abs(week["Minutes"].sum() - heard) <= 0.51 * len(listener.rows)  # whole minutes in each hour


def test_the_calendar_names_the_days_there_are_rows_of() -> None:
    song = Heard(datetime(2026, 3, 4, 12, tzinfo=UTC), SONG)
    podcast = Heard(datetime(2026, 3, 2, 12, tzinfo=UTC), SHOW)
    later = Heard(datetime(2026, 3, 7, 12, tzinfo=UTC), SHOW)
    view = Listener([podcast, song, later], [SONG, SHOW]).history().filter(Filter())
    assert "4 March 2026 to 7 March 2026" in cards.calendar_caption(view)[0]


def test_a_time_that_isnt_complete_says_so_and_what_that_does_to_changes() -> None:
    view = rows(SONG).history()
    month = Filter(TimeRange(date(2026, 3, 1), date(2026, 4, 1)))
    said = cards.ends_early(view, month, TODAY)
    assert said.startswith(" Your history ends on 3 March 2026, so this time isn't complete.")
    assert cards.ends_early(view, Filter(), TODAY) == " Your history ends on 3 March 2026."


def test_days_are_told_of_those_the_filter_lets_count_and_no_run_of_days_that_cant_be_one() -> None:
    days = [datetime(2025, 1, 4, 12, tzinfo=UTC) + timedelta(days=day) for day in (0, 1, 7, 8, 12, 361)]
    history = Listener([Heard(day, SONG) for day in days], [SONG]).history()
    weekends = Filter(TimeRange(date(2025, 1, 1), date(2026, 1, 1)), weekdays=frozenset({5, 6}))

    *_, tile = cards.kpi_tiles(history.filter(weekends), View(weekends, "2025", " in 2025", "2024"), TODAY)
    *_, whole = cards.kpi_tiles(history.filter(Filter()), EVERYTHING, TODAY)

    assert (tile.value, tile.change) == ("4 of 104", "")
    assert "weekdays" in tile.counts
    assert (whole.value, whole.change) == ("6 of 362", "longest run: 2 in a row")


def test_the_calendar_of_a_view_shows_its_last_plays_however_long_ago_they_were() -> None:
    first = datetime(2021, 3, 1, 12, tzinfo=UTC)
    heard = [Heard(first, SONG), Heard(first + timedelta(days=900), SONG), Heard(first + timedelta(days=1800), SHOW)]
    history = Listener(heard, [SONG, SHOW]).history()
    for chosen, last in ((Filter(), 900), (Filter(kinds=frozenset(Kind)), 1800)):
        shown = history.filter(chosen)

        drawn = cards.last_year(history, shown, chosen)

        assert [day_of(int(day)) for day in drawn.day] == [(first + timedelta(days=last)).date()]
        assert "no days" not in cards.calendar_caption(drawn)[0]


def test_the_calendar_goes_on_to_the_end_of_the_time_that_is_known() -> None:
    end = datetime(2026, 3, 7, 12, tzinfo=UTC)
    heard = [Heard(end - timedelta(days=days), SONG) for days in (800, 300, 20)] + [Heard(end, SHOW)]
    history = Listener(heard, [SONG, SHOW]).history()

    drawn = cards.last_year(history, history.filter(Filter()), Filter())

    assert len(drawn.day) == 2
    assert day_of(drawn.span.stop - 1) == end.date()
    assert day_of(drawn.span.start) == date(2025, 3, 3)  # a Monday, 53 weeks before the Sunday after


def test_the_calendar_of_weekends_ends_with_one() -> None:
    days = [datetime(2025, 1, 4, 12, tzinfo=UTC), datetime(2025, 12, 31, 12, tzinfo=UTC)]
    history = Listener([Heard(day, SONG) for day in days], [SONG]).history()

    said, _ = cards.calendar_caption(history.filter(Filter(weekdays=frozenset({5, 6}))))

    assert "4 January 2025 to 28 December 2025" in said


@pytest.mark.parametrize(
    ("kinds", "label", "among"),
    [
        ({Kind.TRACK}, "Artists", "Different artists with at least one play, among 2 tracks."),
        ({Kind.EPISODE}, "Podcasts", "Different podcasts with at least one play, among 1 episode."),
        ({Kind.CHAPTER}, "Audiobooks", "Different audiobooks with at least one play, among 0 chapters."),
        (
            {Kind.TRACK, Kind.EPISODE},
            "Artists and podcasts",
            "Different artists and podcasts with at least one play, among 3 titles.",
        ),
    ],
)
def test_a_podcast_is_no_artist(kinds: set[Kind], label: str, among: str) -> None:
    heard = [
        Heard(datetime(2026, 3, 1, hour, tzinfo=UTC), each) for hour, each in enumerate((SONG, ARTISTS_SONG, SHOW))
    ]
    chosen = Filter(kinds=frozenset(kinds))
    view = Listener(heard, [SONG, ARTISTS_SONG, SHOW], {7: "Xenia"}).history().filter(chosen)

    makers = cards.kpi_tiles(view, View(chosen, "all time", "", ""), TODAY)[2]
    compared_makers = compared.figure_tiles(totals(view), totals(view), chosen, "")[2]

    assert (makers.label, makers.counts) == (label, among)
    assert compared_makers.label == f"{label} in A"
