"""Made-up listeners and filters for hypothesis: small, full of ties, and near the edges of days and clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from rewrapped.domain.plays import Filter, Kind, PlayRule, Source, TimeRange, preset_range
from tests.unit.history.reference import Heard, Listener, Track

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",  # until 2010 its clocks went back across midnight
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/New_York",
    "Asia/Calcutta",
)
RULES = ("30s", "0s", "60s", "half", "finished", "any")
EDGES = (
    datetime(2010, 11, 7, 2, 31, tzinfo=UTC),  # St John's: 0:01 becomes 23:01 of the day before
    datetime(2011, 12, 30, 10, 0, tzinfo=UTC),  # Samoa leaves a day out
    datetime(2024, 10, 27, 1, 0, tzinfo=UTC),
    datetime(2024, 3, 31, 1, 0, tzinfo=UTC),
    datetime(2024, 2, 29, 12, 0, tzinfo=UTC),
    datetime(2023, 12, 31, 23, 30, tzinfo=UTC),
)
#: The moments a listener's rows are near, which the days of filters are near too, or few would leave a row.
NEAR = st.shared(st.lists(st.sampled_from(EDGES), min_size=2, max_size=2), key="near")
ARTISTS = {11: "Ana", 12: "ANA", 13: "Straße", 14: "Ö"}
ALBUMS = {21: "One", 22: "one", 23: "Two"}
TITLES = (None, "Tide", "tide", "Ebb", "STRASSE")
PLATFORMS = ("", "android", "iOS 13.3 (iPhone11,8)", "ios", "web_player", "Partner sonos_ppc Sonos;Play1")
COUNTRIES = ("", "DE", "FR")
REASONS = ("", "trackdone", "fwdbtn")
KEYS = (None, b"a" * 15, b"b" * 15)


@st.composite
def tracks(draw) -> list[Track]:
    return [draw(track(number)) for number in range(draw(st.sampled_from((7, 4, 1))))]


def track(number: int) -> st.SearchStrategy[Track]:
    return st.builds(
        Track,
        id=st.just(100 + number),
        uri=st.sampled_from((None, f"spotify:track:{9 - number}")),
        title=st.sampled_from(TITLES),
        artist=st.sampled_from((None, *ARTISTS)),
        album=st.sampled_from((None, *ALBUMS)),
        kind=st.sampled_from((0, 0, 0, 1, 2)),
        duration_ms=st.sampled_from((0, 59_999, 60_000, 200_001)),
        name_key=st.sampled_from(KEYS),
    ).map(of_its_kind)


def of_its_kind(made: Track) -> Track:
    """Return the track with its kind in its key: equal names of another kind are another thing."""
    return replace(made, name_key=None if made.name_key is None else made.name_key + bytes([made.kind]))


@st.composite
def listeners(draw, min_rows: int = 0) -> Listener:
    catalogue = draw(tracks())
    near = draw(NEAR)
    fewest = max(min_rows, draw(st.sampled_from((0, 8, 16))))
    rows = draw(st.lists(heard(catalogue, near), min_size=fewest, max_size=25))
    return Listener(
        rows=rows,
        tracks=catalogue,
        artists=ARTISTS,
        albums=ALBUMS,
        zone=draw(st.sampled_from(ZONES)),
        rule=PlayRule.parse(draw(st.sampled_from(RULES))),
    )


@st.composite
def heard(draw, catalogue: list[Track], near: list[datetime]) -> Heard:
    away = timedelta(minutes=draw(st.integers(-3000, 3000)), microseconds=draw(st.sampled_from((0, 1, 999_999))))
    return Heard(
        ended_at=draw(st.sampled_from(near)) + away,
        track=draw(st.sampled_from(catalogue)),
        ms_played=draw(st.sampled_from((30_000, 30_000, 30_000, 60_000, 100_000, 29_999, 0, 1, 604_800_000))),
        source=draw(st.sampled_from((*Source, Source.EXTENDED, Source.EXTENDED))),
        platform=draw(st.sampled_from(PLATFORMS)),
        country=draw(st.sampled_from(COUNTRIES)),
        reason_end=draw(st.sampled_from(REASONS)),
        flags=draw(st.integers(0, 255)),
    )


@st.composite
def time_ranges(draw) -> TimeRange:
    start, end = draw(st.none() | days()), draw(st.none() | days())
    if start and end and end < start:
        start, end = end, start
    return TimeRange(start, end)


@st.composite
def short_ranges(draw) -> TimeRange:
    """Draw a range of a few days with others before it, so that there is something to compare it with."""
    start = max(draw(NEAR)).date() + timedelta(days=draw(st.integers(-1, 2)))
    return TimeRange(start, start + timedelta(days=draw(st.integers(0, 3))))


@st.composite
def years_so_far(draw) -> TimeRange:
    """Draw the year up to a day near the rows: the last row is before it, on it or after it."""
    return preset_range("this_year", max(draw(NEAR)).date() + timedelta(days=draw(st.integers(-1, 3))))


@st.composite
def days(draw) -> date:
    far = st.sampled_from((date.min, date.max))
    near = st.builds(lambda edge, away: edge.date() + timedelta(days=away), st.sampled_from(draw(NEAR)), AWAY)
    return draw(st.one_of(near, near, near, near, far))


@st.composite
def filters(draw) -> Filter:
    """Draw a filter that narrows in two ways at most beside its time range: more leave nothing to compare."""
    narrowed = draw(st.lists(st.sampled_from(sorted(NARROWINGS)), max_size=2, unique=True))
    span = draw(st.just(TimeRange()) | time_ranges() | short_ranges() | years_so_far())
    return Filter(time_range=span, **{name: draw(NARROWINGS[name]) for name in narrowed})


def some(values) -> st.SearchStrategy:
    return st.frozensets(st.sampled_from(tuple(values)), max_size=3)


AWAY = st.integers(-3, 3)
NARROWINGS = {
    "weekdays": some(range(7)),
    "hours": some(range(24)) | st.just(frozenset(range(0, 24, 3))),
    "months": some((1, 2, 3, 10, 11, 12)),
    "platforms": some(("android", "ios", "web", "speaker", "tv")),
    "countries": some(("DE", "FR", "XX")),
    "sources": some(Source),
    "kinds": some(Kind),
    "artists": some((11, 12, 13, 999)),
    "albums": some((21, 22, 999)),
    "tracks": some((100, 101, 102, 999)),
    "skipped": st.booleans(),
    "shuffle": st.booleans(),
    "offline": st.booleans(),
}
