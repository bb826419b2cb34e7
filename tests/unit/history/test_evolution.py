"""What changes over the years, against its slow reference: ranks, discoveries, absences, diversity."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rewrapped.domain.plays import Filter, PlayRule, Source, TimeRange
from rewrapped.history import absences, discoveries, diversity, ranks
from rewrapped.history.ever import ever
from rewrapped.history.frame import History
from rewrapped.history.periods import Period, tally
from rewrapped.history.tops import Noun, ids_of
from tests.unit.history.listeners import ALBUMS, ARTISTS, EDGES, RULES, ZONES, filters, listeners, tracks
from tests.unit.history.reference import Heard, Listener, Track

NOUNS = tuple(Noun)


#: Days after the first row: on, just before and just after what counts as staying, as early, or as an absence.
DAYS = (0, 1, 89, 90, 91, 179, 180, 181, 270, 271, 359, 360, 361, 540, 800)
TIMES_HEARD = {"ms_played": (200_000, 30_000, 1), "source": (Source.EXTENDED, Source.EXTENDED, Source.LASTFM)}


@st.composite
def long_lives(draw) -> Listener:
    """Draw somebody whose rows are spread over two years, with absences, and with months known or not."""
    catalogue = [track for track in draw(tracks()) if track.kind == 0] or [Track(100, "spotify:track:9", "Tide", 11)]
    start = draw(st.sampled_from(EDGES))
    steady = [start + timedelta(days=24 * number) for number in range(draw(st.sampled_from((0, 12, 34, 34))))]
    rows = [Heard(at, catalogue[0]) for at in steady]
    for after, hour, track in draw(st.lists(st.tuples(DAYS_AFTER, HOURS, st.sampled_from(catalogue)), max_size=30)):
        said = {name: draw(st.sampled_from(values)) for name, values in TIMES_HEARD.items()}
        rows.append(Heard(start + timedelta(days=after, hours=hour), track, **said))
    zone, rule = draw(st.sampled_from(ZONES)), PlayRule.parse(draw(st.sampled_from(RULES)))
    return Listener(rows, catalogue, ARTISTS, ALBUMS, zone, rule)


DAYS_AFTER, HOURS = st.sampled_from(DAYS), st.sampled_from((0, 0, 1, 23))
ANYBODY = long_lives() | long_lives() | listeners()
ANY_FILTER = st.just(Filter()) | filters()


def held(*drawn: st.SearchStrategy, **named: st.SearchStrategy):
    """Hold a test under made-up arguments; a shared machine sets no deadline."""
    return lambda test: settings(max_examples=40)(given(*drawn, **named)(test))


# The slow side --------------------------------------------------------------------------------------


def start_of(period: Period, day: date) -> date:
    if period == "year":
        return date(day.year, 1, 1)
    return date(day.year, day.month if period == "month" else (day.month - 1) // 3 * 3 + 1, 1)


def starts_of(listener: Listener, chosen: Filter, period: Period) -> list[date]:
    return sorted({start_of(period, day) for day in listener.span(chosen.time_range)})


def by_period(listener: Listener, chosen: Filter, period: Period) -> list[tuple[date, list[Heard]]]:
    rows = listener.view(chosen)
    return [
        (start, [row for row in rows if start_of(period, listener.day(row)) == start])
        for start in starts_of(listener, chosen, period)
    ]


def plays_of(listener: Listener, noun: Noun) -> dict[int, list[Heard]]:
    """Return every play of each item, of all rows there are."""
    return listener.items(listener.plays(listener.rows), noun)


def item_plays(listener: Listener, rows: list[Heard], noun: Noun) -> dict[int, int]:
    return {item: len(own) for item, own in listener.items(listener.plays(rows), noun).items()}


def known_between(listener: Listener, start: date, end: date) -> int:
    """Return the days from one up to another that lie in a month with a row."""
    months = {(listener.day(row).year, listener.day(row).month) for row in listener.rows}
    days = [start + timedelta(days=number) for number in range((end - start).days)]
    return sum((day.year, day.month) in months for day in days)


def last_day(listener: Listener) -> date:
    return max(map(listener.day, listener.rows))


def codes(listener: Listener, noun: Noun) -> list[int]:
    return ids_of(listener.history(), noun).tolist()


# Ranks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", NOUNS)
@held(
    listener=ANYBODY,
    chosen=ANY_FILTER,
    period=st.sampled_from(Period),
    depth=st.integers(0, 4),
    least=st.sampled_from((1, 2, 6)),
)
def test_the_first_of_each_period(
    noun: Noun, listener: Listener, chosen: Filter, period: Period, depth: int, least: int
) -> None:
    found = ranks.standings(tally(listener.history().filter(chosen), noun, period), depth, least)

    expected = []
    for _, rows in by_period(listener, chosen, period):
        enough = sum(item_plays(listener, rows, noun).values()) >= least
        expected.append([entry[:2] for entry in listener.ranked(rows, noun, "plays")][:depth] if enough else [])
    assert list(found.starts_on) == starts_of(listener, chosen, period)
    own = codes(listener, noun)
    shown = [
        [(own[code], int(plays)) for code, plays in zip(of_period, of_plays, strict=True) if code >= 0]
        for of_period, of_plays in zip(found.codes, found.plays, strict=True)
    ]
    assert shown == expected
    assert (found.plays[found.codes < 0] == 0).all()


@pytest.mark.parametrize("noun", NOUNS)
@held(listener=ANYBODY, chosen=ANY_FILTER, period=st.sampled_from(Period), least=st.sampled_from((1, 3)))
def test_the_ranks_of_one_item(noun: Noun, listener: Listener, chosen: Filter, period: Period, least: int) -> None:
    counted = tally(listener.history().filter(chosen), noun, period)

    expected = [listener.ranked(rows, noun, "plays") for _, rows in by_period(listener, chosen, period)]
    for code, item in enumerate(codes(listener, noun)):
        rank, plays = ranks.ranks(counted, code, least)
        for at, entries in enumerate(expected):
            order = [entry[0] for entry in entries]
            ranked = item in order and sum(entry[1] for entry in entries) >= least
            assert rank[at] == (order.index(item) + 1 if ranked else 0)
            assert plays[at] == sum(entry[1] for entry in entries if entry[0] == item)


@held(ANYBODY, ANY_FILTER, st.sampled_from(Period))
def test_an_item_among_the_first_has_the_same_rank_as_when_asked_alone(
    listener: Listener, chosen: Filter, period: Period
) -> None:
    counted = tally(listener.history().filter(chosen), Noun.TRACKS, period)
    first = ranks.standings(counted, 3, 1)

    for code in range(len(listener.tracks)):
        rank, plays = ranks.ranks(counted, code, 1)
        among, of_them = first.of(code)
        assert among.tolist() == np.where(rank <= 3, rank, 0).tolist()
        assert of_them.tolist() == np.where(rank <= 3, plays, 0).tolist()
    assert all((first.of(code)[0] == 1).any() for code in first.number_ones if code >= 0)


def test_a_period_says_itself_and_the_one_after() -> None:
    july = date(2025, 7, 1)

    assert [period.said(july) for period in Period] == ["July 2025", "July to September 2025", "2025"]
    assert [period.after(july) for period in (Period.MONTH, Period.QUARTER)] == [date(2025, 8, 1), date(2025, 10, 1)]
    assert Period.QUARTER.after(date(2025, 10, 1)) == Period.YEAR.after(date(2025, 1, 1)) == date(2026, 1, 1)


# Discoveries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", NOUNS)
@held(listener=ANYBODY, chosen=ANY_FILTER, period=st.sampled_from(Period))
def test_discoveries_are_first_ever_and_judged_after_ninety_days(
    noun: Noun, listener: Listener, chosen: Filter, period: Period
) -> None:
    whole = listener.history()
    view = whole.filter(chosen)

    found = discoveries.found(whole, view, noun)

    expected = {}
    for item, plays in plays_of(listener, noun).items():
        if any(row is plays[0] for row in listener.view(chosen)):
            first, last = listener.day(plays[0]), listener.day(plays[-1])
            judged = any(listener.day(row) >= first + timedelta(days=90) for row in listener.rows)
            stayed = any(listener.day(row) >= first + timedelta(days=90) for row in plays)
            early = first - min(map(listener.day, listener.rows)) < timedelta(days=180)
            expected[item] = (first, last, len(plays), judged, stayed, early)
    own = codes(listener, noun)
    shown = {
        own[code]: (day_of(first), day_of(last), plays, judged, stayed, early)
        for code, first, last, plays, judged, stayed, early in zip(
            found.code.tolist(),
            found.first_day.tolist(),
            found.last_day.tolist(),
            found.plays.tolist(),
            found.is_judged.tolist(),
            found.has_stayed.tolist(),
            found.is_early.tolist(),
            strict=True,
        )
    }
    assert shown == expected

    table = discoveries.by_period(view, found, period)
    assert [each.date() for each in table["start_on"]] == starts_of(listener, chosen, period)
    for row in table.itertuples():
        own_here = [each for each in expected.values() if start_of(period, each[0]) == row.start_on.date()]
        assert (row.found, row.judged, row.stayed) == (
            len(own_here),
            sum(each[3] for each in own_here),
            sum(each[4] for each in own_here),
        )
        assert row.is_early == any(each[5] for each in own_here)
    assert table["found"].sum() == len(expected)


def day_of(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)


def test_a_range_later_on_discovers_nothing_that_was_known_before() -> None:
    song, other = Track(1, "spotify:track:1", "Tide", artist=11), Track(2, "spotify:track:2", "Ebb", artist=12)
    rows = [Heard(datetime(2020, 5, 1, tzinfo=UTC), song), Heard(datetime(2024, 5, 1, tzinfo=UTC), song)]
    whole = Listener([*rows, Heard(datetime(2024, 6, 1, tzinfo=UTC), other)], [song, other], ARTISTS).history()

    found = discoveries.found(whole, whole.filter(Filter(TimeRange(date(2024, 1, 1), None))), Noun.ARTISTS)

    assert found.code.tolist() == [1]


# Absences -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", NOUNS)
@held(listener=ANYBODY, chosen=ANY_FILTER, once_played=st.integers(1, 4), limit=st.integers(0, 5))
def test_comebacks(noun: Noun, listener: Listener, chosen: Filter, once_played: int, limit: int) -> None:
    whole = listener.history()

    found = absences.comebacks(whole, whole.filter(chosen), noun, limit, once_played)

    view, ever_played = listener.view(chosen), plays_of(listener, noun)
    expected = []
    for code, item in enumerate(codes(listener, noun)):
        plays = ever_played.get(item, [])
        for place in reversed(range(1, len(plays))):
            left, back = listener.day(plays[place - 1]), listener.day(plays[place])
            away = known_between(listener, left, back)
            if away >= 180 and place >= once_played and any(row is plays[place] for row in view):
                expected.append(absences.Comeback(code, left, back, away, place, len(plays) - place))
                break
    expected.sort(key=lambda one: (-one.plays_since, -one.away_days, one.code))
    assert list(found) == expected[:limit]


@pytest.mark.parametrize("noun", NOUNS)
@held(listener=ANYBODY, chosen=ANY_FILTER, least=st.sampled_from((1, 3)))
def test_lapsed_favourites(noun: Noun, listener: Listener, chosen: Filter, least: int) -> None:
    whole = listener.history()
    ever_played = plays_of(listener, noun)

    found = absences.lapsed(whole, whole.filter(chosen), noun, least)

    own = codes(listener, noun)
    expected: dict[int, absences.Lapsed] = {}
    for start, rows in by_period(listener, chosen, Period.YEAR):
        if sum(item_plays(listener, rows, noun).values()) < least or start.year >= last_day(listener).year:
            continue
        for place, (item, plays, _) in enumerate(listener.ranked(rows, noun, "plays")[:10]):
            last = listener.day(ever_played[item][-1])
            silent = known_between(listener, last, last_day(listener))
            before = expected.get(item)
            if silent >= 180 and (before is None or place + 1 <= before.rank):
                expected[item] = absences.Lapsed(own.index(item), start.year, place + 1, plays, last, silent)
    assert list(found) == sorted(expected.values(), key=lambda one: (one.rank, -one.plays, -one.year, one.code))


SONG, OTHER = Track(1, "spotify:track:1", "Tide", artist=11), Track(2, "spotify:track:2", "Ebb", artist=12)
NEW_YEAR = datetime(2021, 1, 1, 12, tzinfo=UTC)


def on_days(song: Track, days: Iterable[int]) -> list[Heard]:
    """Return a play at noon of days after New Year 2021."""
    return [Heard(NEW_YEAR + timedelta(days=day), song) for day in days]


def two_artists(*rows: Heard, zone: str = "UTC") -> History:
    return Listener(list(rows), [SONG, OTHER], ARTISTS, zone=zone).history()


def steady(days: int = 1000) -> list[Heard]:
    """Return a play of the other song every week, so that every month is known."""
    return on_days(OTHER, range(0, days, 7))


@pytest.mark.parametrize(("away", "count"), [(179, 0), (180, 1), (181, 1)])
def test_an_absence_is_one_from_its_180th_day_on(away: int, count: int) -> None:
    whole = two_artists(*steady(), *on_days(SONG, range(10)), *on_days(SONG, [9 + away]))

    assert len(absences.comebacks(whole, whole, Noun.ARTISTS, 5, 10)) == count
    assert absences.comebacks(whole, whole, Noun.ARTISTS, 5, 11) == ()


@pytest.mark.parametrize(("silent", "count"), [(179, 0), (180, 1)])
def test_a_favourite_has_lapsed_from_the_180th_silent_day_on(silent: int, count: int) -> None:
    whole = two_artists(*on_days(SONG, range(340, 360)), *on_days(OTHER, range(300, 360 + silent)))

    assert len(absences.lapsed(whole, whole, Noun.ARTISTS)) == count


def test_a_favourite_of_the_year_the_history_ends_in_has_not_lapsed_yet() -> None:
    whole = two_artists(*on_days(SONG, range(20)), *on_days(OTHER, range(360)))
    longer = two_artists(*on_days(SONG, range(20)), *on_days(OTHER, range(366)))

    assert absences.lapsed(whole, whole, Noun.ARTISTS) == ()
    [lapsed] = absences.lapsed(longer, longer, Noun.ARTISTS)
    assert (lapsed.code, lapsed.year, lapsed.rank, lapsed.plays) == (0, 2021, 2, 20)
    assert (lapsed.last_on, lapsed.silent_days) == (date(2021, 1, 20), 346)


def test_of_equal_ranks_the_latest_year_is_told() -> None:
    whole = two_artists(*on_days(SONG, [*range(20), *range(365, 440)]), *on_days(OTHER, range(440, 800, 7)))

    [lapsed] = absences.lapsed(whole, whole, Noun.ARTISTS)
    assert (lapsed.year, lapsed.rank, lapsed.plays) == (2022, 1, 75)


@pytest.mark.parametrize(("again", "stayed"), [(89, False), (90, True)])
def test_a_discovery_stayed_from_its_90th_day_on(again: int, stayed: bool) -> None:
    whole = two_artists(*steady(), *on_days(SONG, [200, 200 + again]))

    found = discoveries.found(whole, whole, Noun.ARTISTS)
    assert found.has_stayed.tolist() == [stayed, True]
    assert found.is_early.tolist() == [False, True]


@pytest.mark.parametrize(("ends", "judged"), [(289, False), (290, True)])
def test_a_discovery_is_judged_once_ninety_days_are_over(ends: int, judged: bool) -> None:
    whole = two_artists(*on_days(OTHER, [0, ends]), *on_days(SONG, [200]))

    assert discoveries.found(whole, whole, Noun.ARTISTS).is_judged.tolist() == [judged, True]


def test_days_the_history_knows_nothing_of_make_no_absence() -> None:
    song = on_days(SONG, [*range(10), 700])
    full = two_artists(*steady(), *song)
    holes = two_artists(*[row for row in steady() if not (row.ended_at.year == 2022 and row.ended_at.month < 9)], *song)

    [comeback] = absences.comebacks(full, full, Noun.ARTISTS, 5)
    [shorter] = absences.comebacks(holes, holes, Noun.ARTISTS, 5)

    assert (comeback.left_on, comeback.back_on) == (date(2021, 1, 10), date(2022, 12, 2))
    assert comeback.away_days == 691
    assert shorter.away_days == 691 - (date(2022, 9, 1) - date(2022, 1, 1)).days


def test_what_a_history_says_of_items_is_looked_up_once() -> None:
    whole = two_artists(*steady())

    assert ever(whole, Noun.ARTISTS) is ever(whole, Noun.ARTISTS)
    assert ever(whole, Noun.TRACKS) is not ever(whole, Noun.ARTISTS)


# Diversity ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", NOUNS)
@held(listener=ANYBODY, chosen=ANY_FILTER, period=st.sampled_from(Period), least=st.sampled_from((0, 1, 4)))
@example(listener=Listener(), chosen=Filter(), period=Period.MONTH, least=0)
def test_diversity(noun: Noun, listener: Listener, chosen: Filter, period: Period, least: int) -> None:
    whole = listener.history()

    found = diversity.diversity(tally(whole.filter(chosen), noun, period), ever(whole, noun), least)

    ever_played = plays_of(listener, noun)
    expected = []
    for start, rows in by_period(listener, chosen, period):
        counts = item_plays(listener, rows, noun)
        plays = sum(counts.values())
        new = [count for item, count in counts.items() if start_of(period, listener.day(ever_played[item][0])) == start]
        figures = [math.nan] * 3
        if plays >= max(least, 1):
            shares = [count / plays for count in counts.values()]
            effective = math.exp(-sum(share * math.log(share) for share in shares))
            figures = [effective, sum(sorted(counts.values())[-10:]) / plays, sum(new) / plays]
        expected.append((pd.Timestamp(start), plays, len(counts), *figures))
    assert len(found) == len(expected)
    for row, wanted in zip(found.itertuples(index=False), expected, strict=True):
        assert same(tuple(row), wanted)


def same(row: tuple[object, ...], wanted: tuple[object, ...]) -> bool:
    return row[:3] == wanted[:3] and bool(np.allclose(row[3:], wanted[3:], rtol=1e-9, equal_nan=True))


@pytest.mark.parametrize("items", [1, 4, 25])
def test_as_many_artists_played_alike_are_that_effective_number(items: int) -> None:
    songs = [Track(number, f"spotify:track:{number}", "Tide", artist=number) for number in range(1, items + 1)]
    rows = [
        Heard(datetime(2024, 3, 1, 12, tzinfo=UTC) + timedelta(minutes=number), song)
        for number in range(30)
        for song in songs
    ]
    whole = Listener(rows, songs, {number: f"No. {number}" for number in range(1, items + 1)}).history()

    [month] = diversity.diversity(tally(whole, Noun.ARTISTS, Period.MONTH), ever(whole, Noun.ARTISTS)).itertuples()

    assert month.effective == pytest.approx(items)
    assert month.top_share == pytest.approx(min(1, 10 / items))
    assert month.new_share == 1
