"""Findings: said when they are clear, silent when the data is thin, and true of the rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from rewrapped.domain.plays import Filter, Kind, PlayRule, RuleKind, Source, TimeRange
from rewrapped.history import findings
from rewrapped.history.choices import choices, named, search
from rewrapped.history.frame import History
from rewrapped.history.shares import Groups
from rewrapped.history.sittings import sittings
from rewrapped.history.streaks import streaks
from rewrapped.history.timeline import Bucket
from rewrapped.history.tops import Measure, Noun, top
from tests.unit.history.listeners import filters, listeners
from tests.unit.history.lists import from_lists

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
EVERYTHING = Filter()


def history(plays: Iterable[tuple[datetime, int]], names: tuple[str, ...] = ("Xenia", "Tide")) -> History:
    """A listener with one track per artist; plays are (when it ended, whose)."""
    rows = sorted(plays)
    count = len(names)
    parts = {
        "ended_at": [int(at.timestamp()) * 1_000_000 for at, _ in rows],
        "track": [whose for _, whose in rows],
        "ms_played": [180_000] * len(rows),
        "source": [int(Source.EXTENDED)] * len(rows),
        **{name: [0] * len(rows) for name in ("platform", "country", "reason_start", "reason_end", "flags")},
        "tracks.id": list(range(1, count + 1)),
        "tracks.uri": [f"spotify:track:{number}" for number in range(count)],
        "tracks.title": [f"{name}'s song" for name in names],
        "tracks.artist": list(range(count)),
        "tracks.album": [-1] * count,
        "tracks.kind": [0] * count,
        "tracks.duration_ms": [0] * count,
        "tracks.name_key": [None] * count,
        "artists.id": list(range(1, count + 1)),
        "artists.name": list(names),
    }
    return History.build(from_lists(parts), "UTC")


def at_hour(hour: int, days: int, whose: int = 0, each: int = 1) -> list[tuple[datetime, int]]:
    return [
        (MONDAY + timedelta(days=day, hours=hour, minutes=4 * number), whose)
        for day in range(days)
        for number in range(each)
    ]


def test_evenings_belong_to_whoever_clearly_leads_them() -> None:
    view = history(at_hour(19, 40, each=4) + at_hour(9, 40, whose=1))

    assert findings.headline(view, EVERYTHING) == "Your evenings belong to Xenia"
    assert findings.headline(view, EVERYTHING, "Their") == "Their evenings belong to Xenia"


def test_an_artist_leads_where_no_part_of_the_day_does() -> None:
    spread = [play for hour in range(24) for play in at_hour(hour, 10)]

    assert findings.headline(history(spread + at_hour(3, 5, whose=1)), EVERYTHING) == (
        "Xenia leads, with 98% of the plays"
    )


def test_two_artists_side_by_side_are_no_finding_about_either() -> None:
    view = history(at_hour(19, 60, whose=0) + at_hour(20, 60, whose=1))

    assert findings.headline(view, EVERYTHING) == "Your evenings are your busiest time"


@pytest.mark.parametrize("count", [0, 1, 99])
def test_few_plays_are_no_finding(count: int) -> None:
    view = history(at_hour(19, count))

    assert findings.headline(view, EVERYTHING) is None
    assert findings.busiest_hour(view, EVERYTHING) is None


def test_one_day_is_not_the_busiest_of_one() -> None:
    view = history(at_hour(19, 1, each=120))

    assert findings.busiest_day(view) is None
    assert findings.fullest(view, Bucket.DAY, EVERYTHING) is None


def test_what_the_filter_narrowed_to_is_no_finding() -> None:
    whole = history(at_hour(19, 150))
    by_hour, by_artist = Filter(hours=frozenset({19})), Filter(artists=frozenset({1}))

    assert findings.headline(whole.filter(by_hour), by_hour) == "Xenia leads, with 100% of the plays"
    assert findings.headline(whole.filter(by_artist), by_artist) == "Your evenings are your busiest time"
    assert findings.busiest_hour(whole.filter(by_hour), by_hour) is None


def test_the_busiest_hour_is_named() -> None:
    usual = [play for hour in range(24) for play in at_hour(hour, 28)]
    fridays = [(MONDAY + timedelta(days=4, hours=18, minutes=minute), 0) for minute in range(10)]
    view = history(usual + fridays)
    three_weeks = Filter(time_range=TimeRange(MONDAY.date(), MONDAY.date() + timedelta(weeks=3)))

    assert findings.busiest_hour(view.filter(three_weeks), three_weeks) is None
    assert findings.busiest_hour(view, EVERYTHING) == "Fridays at 18:00 are your busiest hour"


def test_the_busiest_day_is_named_with_its_plays_unless_two_share_it() -> None:
    usual = at_hour(19, 20)
    loud = [(MONDAY + timedelta(days=2, hours=8, minutes=minute), 1) for minute in range(9)]
    also = [(MONDAY + timedelta(days=5, hours=8, minutes=minute), 1) for minute in range(9)]

    assert findings.busiest_day(history(usual + loud)) == "4 March 2026 was your busiest day, with 10 plays"
    assert findings.busiest_day(history(usual + loud + also)) is None


def test_the_fullest_week_is_named_with_its_hours() -> None:
    view = history(at_hour(19, 28, each=6) + at_hour(8, 9, whose=1)[7:])

    for kinds, subject in (({Kind.TRACK}, "music"), ({Kind.EPISODE}, "podcasts"), (set(), "listening")):
        found = findings.fullest(view, Bucket.WEEK, Filter(kinds=frozenset(kinds)))
        assert found == f"The week from 9 March 2026 held the most {subject}, 2.2 hours"


def test_a_leader_without_a_name_is_not_named() -> None:
    view = history(at_hour(19, 150), names=("", "Tide"))

    assert findings.headline(view, EVERYTHING) == "Your evenings are your busiest time"


@pytest.mark.parametrize("by", Measure)
@pytest.mark.parametrize(
    ("first", "second", "said"),
    [(50, 40, "Xenia is your top artist"), (49, 40, None), (9, 1, None), (10, 8, "Xenia is your top artist")],
)
def test_the_top_item_is_named_when_it_is_well_ahead(first: int, second: int, said: str | None, by: Measure) -> None:
    view = history(at_hour(19, first) + at_hour(9, second, whose=1))

    assert findings.leading_item(top(view, Noun.ARTISTS, 2, by), Noun.ARTISTS, by) == said
    assert findings.leading_item(top(view, Noun.ARTISTS, 1, by), Noun.ARTISTS, by) is None


@settings(max_examples=60)
@given(listeners(), filters())
def test_any_history_has_findings_or_none(listener, chosen) -> None:
    view = listener.history().filter(chosen)

    assert findings.headline(view, chosen) is None  # 25 rows at most are never enough
    assert findings.busiest_day(view) is None or "busiest day" in findings.busiest_day(view)
    for bucket in Bucket:
        assert "held the most" in (findings.fullest(view, bucket, chosen) or "held the most")


@given(listeners())
def test_choices_hold_what_occurs_and_nothing_else(listener) -> None:
    whole = listener.history()
    found = choices(whole)

    assert choices(whole) is found
    assert choices(whole.with_rule(PlayRule(RuleKind.ANY))) is found
    assert set(found.sources) == {row.source for row in listener.rows}
    assert sum(len(whole.filter(Filter(kinds=frozenset({kind})))) for kind in found.kinds) == len(whole)
    assert all(len(whole.filter(Filter(kinds=frozenset({kind})))) for kind in found.kinds)
    assert all(len(whole.filter(Filter(platforms=frozenset({name}), kinds=frozenset()))) for name in found.platforms)
    assert all(len(whole.filter(Filter(countries=frozenset({code}), kinds=frozenset()))) for code in found.countries)


def test_a_search_finds_parts_of_names_in_any_case_and_takes_signs_as_they_are() -> None:
    view = history(at_hour(9, 3), names=("Xenia", "Tide (live) .*"))

    assert [item.name for item in search(view, "XEN", 5)] == ["Xenia", "Xenia's song"]
    assert [item.noun for item in search(view, " (live)  .* ", 5)] == ["artists", "tracks"]
    assert search(view, "x", 5) == search(view, "  ", 5) == search(view, "nobody", 5) == ()


def test_an_item_that_is_not_there_has_no_name() -> None:
    view = history(at_hour(9, 1))

    assert named(view, "artists", 1).name == "Xenia"
    assert named(view, "albums", 7) is None


def months(hours: list[float], known: int | None = None) -> pd.DataFrame:
    """Months from January 2023 on, of which the first are known."""
    return pd.DataFrame(
        {
            "year": [2023 + number // 12 for number in range(len(hours))],
            "month": [1 + number % 12 for number in range(len(hours))],
            "heard_minutes": [60 * each for each in hours],
            "known": np.arange(len(hours)) < (len(hours) if known is None else known),
        }
    )


def test_a_season_is_told_once_every_month_is_known_twice() -> None:
    year = [10.0] * 9 + [40.0] + [10.0] * 2

    assert findings.fullest_season(months(year * 2)) == "October is your fullest month: 40 hours in a mean year"
    assert findings.fullest_season(months(year * 2, known=23)) is None
    assert findings.fullest_season(months([10.0] * 24)) is None
    assert findings.fullest_season(months([])) is None


def test_the_busiest_hour_of_the_day_is_named_unless_the_filter_chose_it() -> None:
    view = history([play for hour in range(24) for play in at_hour(hour, 5)] + at_hour(18, 20, whose=1))

    assert findings.busiest_time_of_day(view, EVERYTHING) == "18:00 is your busiest hour of the day"
    assert findings.busiest_time_of_day(view, Filter(hours=frozenset({18}))) is None
    assert findings.busiest_time_of_day(history(at_hour(18, 99)), EVERYTHING) is None


@pytest.mark.parametrize(
    ("each", "count", "said"),
    [
        (15, 30, "Half of your sessions last 59 minutes or longer"),
        (30, 30, "Half of your sessions last 2.0 hours or longer"),
        (15, 29, None),
    ],
)
def test_the_typical_session_is_told_from_thirty_on(each: int, count: int, said: str | None) -> None:
    assert findings.typical_sitting(sittings(history(at_hour(12, count, each=each)))) == said


def test_sessions_begin_in_the_hour_that_stands_out() -> None:
    by_hour = np.bincount([7] * 22 + [18] * 8, minlength=24)

    assert findings.usual_beginning(by_hour) == "More sessions begin from 07:00 to 08:00 than in any other hour"
    assert findings.usual_beginning(np.bincount([7] * 15 + [18] * 15, minlength=24)) is None
    assert findings.usual_beginning(np.bincount([7] * 29, minlength=24)) is None


def test_an_hour_that_leads_by_chance_is_not_called_usual() -> None:
    of_68 = np.bincount([22] * 7 + [*range(8, 22)] * 4 + [*range(8, 13)], minlength=24)
    thin, clear = (np.bincount([7] * lead + [18] * 400, minlength=24) for lead in (455, 460))

    assert (of_68.sum(), of_68.max()) == (68, 7)
    assert findings.usual_hour(of_68) is None
    assert (findings.usual_hour(thin), findings.usual_hour(clear)) == (None, 7)


def test_a_streak_is_told_from_a_week_on_and_whether_it_goes_on() -> None:
    view = history(at_hour(12, 9))

    today = (MONDAY + timedelta(days=8)).date()
    assert findings.longest_streak(streaks(view, today)) == "9 days in a row, and it goes on"
    later = today + timedelta(days=30)
    assert findings.longest_streak(streaks(view, later)) == "Your longest streak: 9 days in a row"
    assert findings.longest_streak(streaks(history(at_hour(12, 6)), today)) is None


def answered(*years: tuple[int, int]) -> pd.DataFrame:
    starts = pd.to_datetime([f"{2021 + number}-03-01" for number in range(len(years))])
    skipped, known = zip(*years, strict=True)
    return pd.DataFrame({"start_on": starts, "skipped": skipped, "skipped_known": known})


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ([(30, 100), (18, 100)], "You skip less than you did: 30% in 2021, 18% in 2022"),
        ([(18, 100), (30, 100)], "You skip more than you did: 18% in 2021, 30% in 2022"),
        ([(30, 100), (1, 10), (31, 100)], "You skip 30% of what you start"),
        ([(30, 99)], None),
        ([(0, 100)], None),
    ],
)
def test_skipping_is_told_with_its_change_where_enough_rows_say(years: list[tuple[int, int]], said: str | None) -> None:
    assert findings.skipping(answered(*years)) == said


def grouped(*counts: int) -> Groups:
    names = tuple("abc"[: len(counts)])
    return Groups(np.array(["2026-01-01"], "datetime64[s]"), names, np.array([counts]), np.array([500]))


def test_a_device_leads_when_it_is_well_ahead() -> None:
    assert findings.leading_group(grouped(75, 60)) == ("a", 75 / 135)
    assert findings.leading_group(grouped(74, 60)) is None
    assert findings.leading_group(grouped(60, 39)) is None
    assert findings.leading_group(grouped()) is None
