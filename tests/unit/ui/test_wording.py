"""How things are said: in words, and never as markup."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rewrapped.domain.plays import Kind, PlayRule, RuleKind, Source, TimeRange
from rewrapped.history.filterquery import PRESETS, Picked
from rewrapped.history.platforms import FAMILIES
from rewrapped.ui import wording
from rewrapped.ui.links import spotify_link

TODAY = date(2026, 11, 22)


@given(st.text(alphabet="ab *_[](){}<>!#|~$:\\`+-.&1\n", min_size=1, max_size=30))
def test_markdown_shows_an_outside_name_as_it_is(name: str) -> None:
    shown = MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse("x " + wording.plain(name))

    inline = [child for token in shown if token.children for child in token.children]
    assert all(child.type in ("text", "text_special") for child in inline)
    assert "".join(child.content for child in inline) == ("x " + " ".join(name.split())).rstrip()


@pytest.mark.parametrize("name", [":material/home:", ":red[x]", "$e=mc^2$", ":smile:", "[a](javascript:alert(1))"])
def test_what_streamlit_would_turn_into_something_else_is_disarmed(name: str) -> None:
    said = wording.plain(name)

    assert not any(mark in said.replace("\\" + mark, "") for mark in ":$[]()")


def test_moments_are_told_from_today() -> None:
    def said(day: int, month: int = 11) -> str:
        return wording.moment(datetime(2026, month, day, 7, 5, tzinfo=UTC), TODAY)

    assert said(22) == "today, 7:05"
    assert said(21) == "yesterday, 7:05"
    assert said(16) == "Monday, 7:05"
    assert said(15) == "15 November 2026"
    assert said(23) == "23 November 2026"  # a clock that is ahead


def test_a_moment_is_told_by_the_listeners_clock_and_from_the_listeners_today() -> None:
    zone, at = "America/Los_Angeles", datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # there it is still Sunday evening

    assert wording.moment_in(zone, at, at + timedelta(minutes=1)) == "today, 20:00"
    assert wording.moment_in(zone, at - timedelta(hours=20, minutes=1), at) == "yesterday, 23:59"
    assert wording.moment_in("Asia/Tokyo", at, at) == "today, 13:00"
    assert wording.days_in(zone, at, at + timedelta(hours=4)) == "22 November 2026 to 23 November 2026"


@pytest.mark.parametrize(("minutes", "said"), [(0, "0 min"), (59, "59 min"), (90, "1.5 h"), (72_240, "1,204 h")])
def test_lengths_are_short(minutes: float, said: str) -> None:
    assert wording.length(minutes) == said


def test_every_preset_kind_source_and_device_has_words() -> None:
    assert all(wording.period(Picked(word)) != word for word in PRESETS)
    assert wording.period(Picked("2019")) == "2019"
    assert wording.period_before(Picked("all"), TODAY) == ""
    assert all(wording.period_before(Picked(word), TODAY) for word in PRESETS if word != "all")
    assert set(wording.KINDS) == set(Kind)
    assert set(wording.SOURCES) == set(Source)
    assert set(wording.PLATFORMS) == set(FAMILIES)


@pytest.mark.parametrize(
    ("picked", "said"),
    [
        (Picked("4w"), "Nothing was played in the last 4 weeks"),
        (Picked("this_year"), "Nothing was played this year"),
        (Picked("all"), "Nothing was played"),
        (Picked("2019"), "Nothing was played in 2019"),
        (Picked("custom", TODAY, TODAY), "Nothing was played on 22 November 2026"),
        (Picked("custom", date(2026, 3, 1), TODAY), "Nothing was played from 1 March 2026 to 22 November 2026"),
    ],
)
def test_a_sentence_reads_well_with_every_kind_of_range(picked: Picked, said: str) -> None:
    assert f"Nothing was played{wording.within(picked)}" == said


def test_a_range_of_one_day_is_said_once() -> None:
    assert wording.period(Picked("custom", TODAY, TODAY)) == "22 November 2026"


@pytest.mark.parametrize(
    ("picked", "said", "first", "last"),
    [
        (Picked("4w"), "the 4 weeks before", date(2026, 9, 28), date(2026, 10, 25)),
        (Picked("3m"), "the 3 months before", date(2026, 5, 23), date(2026, 8, 22)),
        (Picked("12m"), "the 12 months before", date(2024, 11, 23), date(2025, 11, 22)),
        (Picked("this_year"), "the same days of last year", date(2025, 1, 1), date(2025, 11, 22)),
        (Picked("2026"), "the same days of last year", date(2025, 1, 1), date(2025, 11, 22)),
        (Picked("2025"), "2024", date(2024, 1, 1), date(2024, 12, 31)),
        (Picked("custom", TODAY, TODAY), "the day before", date(2026, 11, 21), date(2026, 11, 21)),
        (
            Picked("custom", date(2026, 3, 1), date(2026, 3, 31)),
            "the 31 days before",
            date(2026, 1, 29),
            date(2026, 2, 28),
        ),
    ],
)
def test_what_a_range_is_compared_with_is_what_the_words_say(
    picked: Picked, said: str, first: date, last: date
) -> None:
    before = picked.time_range(TODAY).previous()

    assert wording.period_before(picked, TODAY) == said
    assert before == TimeRange(first, last + timedelta(days=1))


@pytest.mark.parametrize(
    ("hour", "said"), [(4, "Hello"), (5, "Good morning"), (12, "Good afternoon"), (18, "Good evening")]
)
def test_a_greeting_fits_the_hour_and_a_name_is_no_markup(hour: int, said: str) -> None:
    now = datetime(2026, 11, 22, hour, tzinfo=UTC)

    assert wording.greeting(now, "") == f"{said}."
    assert wording.greeting(now, "*Mira*") == f"{said}, \\*Mira\\*."


@pytest.mark.parametrize(
    ("uri", "link"),
    [
        ("spotify:track:4uLU6hMCjMI75M1A2tKUQC", "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC"),
        ("spotify:local:Xenia:::210", None),
        ("spotify:track:a/../../b", None),
        ("javascript:alert(1)", None),
        (None, None),
    ],
)
def test_only_a_real_uri_leads_to_spotify(uri: str | None, link: str | None) -> None:
    assert spotify_link(uri) == link


@pytest.mark.parametrize(
    ("rule", "said", "sentence"),
    [
        ("30s", "30 seconds or more", "A play is a row of your history of 30 seconds or more."),
        ("1s", "1 second or more", "A play is a row of your history of 1 second or more."),
        ("half", "at least half of the track", "at least half of its track, or 30 seconds"),
        ("finished", "played to its end", "was played to its end, or for 30 seconds"),
        ("any", "every row, skips too", "Every row of your history counts as a play here"),
    ],
)
def test_each_play_rule_is_said_by_itself_and_as_a_sentence(rule: str, said: str, sentence: str) -> None:
    assert wording.rule(PlayRule.parse(rule)) == said
    assert sentence in wording.counted_by(PlayRule.parse(rule))


def test_no_play_rule_goes_unsaid() -> None:
    with pytest.raises(AssertionError):
        wording.counted_by(PlayRule("new"))
    assert len({wording.counted_by(PlayRule(kind)) for kind in RuleKind}) == len(RuleKind)


def test_a_time_is_short_where_there_is_little_room() -> None:
    assert wording.short_period(Picked("custom", date(2025, 12, 1), TODAY)) == "1 Dec 2025 to 22 Nov 2026"
    assert wording.short_period(Picked("custom", TODAY, TODAY)) == "22 Nov 2026"
    assert wording.short_period(Picked("2024")) == "2024"
