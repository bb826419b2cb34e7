"""The normal form: text, addresses, prices and local times of outside sources."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain import events
from rewrapped.domain.events import EventSource, Listing, Venue
from rewrapped.domain.sweeping import Area, windows
from rewrapped.errors import InvalidInput

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
VENUE = Venue("Lido", "Berlin", "DE")


def listing(**values: object) -> Listing:
    """Return a plain show with some of its values replaced."""
    plain: dict[str, object] = {
        "source": EventSource.DEMO,
        "source_id": "1",
        "title": "Nordlicht",
        "start_on": date(2026, 12, 1),
        "zone": "Europe/Berlin",
        "venue": VENUE,
        "fetched_at": NOW,
        "expires_at": NOW + timedelta(days=7),
    }
    return Listing(**{**plain, **values})


def test_a_local_time_becomes_a_moment_by_the_venues_zone() -> None:
    assert listing(start_time=time(20)).start_at == datetime(2026, 12, 1, 19, tzinfo=UTC)


def test_an_unknown_time_is_no_moment() -> None:
    assert listing().start_at is None


def test_a_time_the_clocks_leap_over_is_as_much_later() -> None:
    leaped = listing(start_on=date(2027, 3, 28), start_time=time(2, 30)).start_at
    assert leaped == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_of_an_hour_that_passes_twice_it_is_the_first() -> None:
    twice = listing(start_on=date(2026, 10, 25), start_time=time(2, 30, fold=1)).start_at
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "bad",
    [{"zone": "Mars/Olympus"}, {"zone": ""}, {"title": ""}, {"source_id": ""}, {"end_on": date(2026, 11, 30)}],
)
def test_what_cannot_be_shown_rightly_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        listing(**bad)


@pytest.mark.parametrize("country", ["", "D", "Germany", "de", "D1", "ＤＥ"])
def test_a_country_is_two_letters(country: str) -> None:
    with pytest.raises(InvalidInput):
        Venue("Lido", "Berlin", country)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Paper\n\tLanterns ", "Paper Lanterns"),
        ("evil\u202egnihtemos", "evilgnihtemos"),
        ("a\u2066b\u2069c\u200f", "abc"),
        ("nul\0and\x07bell", "nul and bell"),
        ("half\ud800pair", "half pair"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),  # escaped where it is shown, kept as text
        ("Café Del Mar", "Café Del Mar"),
        ("👨\u200d👩\u200d👧 live", "👨\u200d👩\u200d👧 live"),
        (None, ""),
        (["a"], ""),
        (7, ""),
    ],
)
def test_text_is_one_plain_line(raw: object, clean: str) -> None:
    assert events.clean_text(raw) == clean


def test_a_hundred_kilobytes_become_a_name() -> None:
    assert len(events.clean_text("x" * 100_000)) == events.NAME_MAX
    assert events.clean_text("\u202e" * 100_000 + "x") == ""


@given(st.text(st.characters(), max_size=900))
def test_clean_text_is_clean_for_good(raw: str) -> None:
    clean = events.clean_text(raw)
    assert len(clean) <= events.NAME_MAX
    assert clean.encode().decode() == clean
    assert not set(clean) & {"\0", "\n", "\r", "\u202e", "\u2066"}
    assert events.clean_text(clean) == clean


@given(st.text(max_size=300))
def test_a_normal_name_fits_an_index(raw: str) -> None:
    assert len(events.normal_name(raw).encode()) <= 4 * events.NAME_MAX


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://example.org", "https://example.org:8443/x"])
def test_web_addresses_stay(url: str) -> None:
    assert events.clean_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://example.org",
        "data:text/html,x",
        "//example.org/x",
        "https://",
        "https:///path",
        "https://user:password@example.org",
        "https://example.org\\@evil.example",
        "https://exa mple.org",
        "https://example.org/\n",
        "https://[::1",
        "https://example.org:99999/",
        "https://еxample.org/",
        "https://example.org/" + "a" * 2000,
        "",
        None,
        5,
    ],
)
def test_anything_else_is_no_address(url: object) -> None:
    assert events.clean_url(url) is None


@pytest.mark.parametrize(
    ("amount", "hundredths"),
    [(29.5, 2950), (0, 0), (19.99, 1999), (1e-9, 0), (-1, None), (1e9, None), (float("nan"), None), (None, None)],
)
def test_prices_are_hundredths_or_unknown(amount: float | None, hundredths: int | None) -> None:
    assert events.cents(amount) == hundredths


@pytest.mark.parametrize("place", [(0.0, 0.0), (91.0, 0.0), (5.0, 181.0), (None, 5.0), (5.0, None)])
def test_places_that_are_none_are_unknown(place: tuple[float | None, float | None]) -> None:
    assert events.coordinates(*place) == (None, None)


@pytest.mark.parametrize("text", ["a b", "x'--", "<i>", "é", "x" * 201, None, True, [], 1.5])
def test_ids_of_others_are_plain_or_nothing(text: object) -> None:
    assert events.clean_id(text) == ""


def test_sources_are_known_by_their_numbers() -> None:
    assert [EventSource.numbered(one.number) for one in EventSource] == list(EventSource)
    for number in (0, -1, len(EventSource) + 1):
        with pytest.raises(InvalidInput):
            EventSource.numbered(number)


@given(st.integers(0, 20 * 365 * 24).map(lambda hours: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours)))
def test_windows_cover_the_days_ahead_once_and_keep_to_their_months(now: datetime) -> None:
    cut = windows(now)
    assert cut[0].start_on == (now - timedelta(hours=12)).date()
    assert (cut[-1].end_on - cut[0].start_on).days == 180
    assert all(one.end_on == following.start_on for one, following in pairwise(cut))
    assert all(one.month_on.month == (one.end_on - timedelta(days=1)).month for one in cut)
    assert len({one.month_on for one in cut}) == len(cut)


def test_areas_that_are_nearly_one_share_a_key() -> None:
    assert Area("DE", 52.52001, 13.40101).key == Area("DE", 52.52, 13.4).key
    assert len({Area("DE").key, Area("DE", 52.52, 13.4).key, Area("DE", 52.52, 13.4, 20).key}) == 3
