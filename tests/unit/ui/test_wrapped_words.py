"""The copy of a story: right in singular and plural, silent where there is no fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain.plays import Filter, Kind
from rewrapped.history.choices import Item
from rewrapped.history.insistence import Repeat
from rewrapped.history.streaks import Streak
from rewrapped.history.tops import Top
from rewrapped.history.totals import Totals
from rewrapped.history.wrapped import Clock, Discovery, FullDay, Return, Unusual, Wrapped
from rewrapped.services.wrapped_cards import Words, amount, card_of
from rewrapped.ui import wording
from rewrapped.ui.filters import View
from rewrapped.ui.wrapped_words import chapters

VIEW = View(Filter(), "the last 12 months", " in the last 12 months", "the 12 months before")
NOTHING = Wrapped(Totals(), None, (), (), (), *(None,) * 8)


def top(name: str | None, plays: int, rank: int = 1, artist: str | None = None) -> Top:
    return Top(rank, rank, name, artist, None, plays, 3.0, 0.0, 0.25)


def said(facts: Wrapped, saved: int = 0) -> dict[str, tuple[str, ...]]:
    return {told.key: (told.headline, *told.lines) for told in chapters(facts, VIEW, saved)}


def test_nothing_is_told_of_nothing() -> None:
    assert chapters(NOTHING, VIEW, 3) == ()


def test_one_play_is_one_play_of_one_track_by_one_artist() -> None:
    facts = replace(NOTHING, totals=Totals(plays=1, minutes=1.2, tracks=1, artists=1), artists=(top("Xenia", 1),))
    assert said(facts) == {
        "totals": ("1 minute of music", "1 play of 1 track by 1 artist."),
        "artists": ("Xenia", "1 play, 25.0\u00a0% of all."),
    }


def test_podcasts_are_not_said_to_be_by_artists() -> None:
    facts = replace(NOTHING, totals=Totals(plays=2, minutes=60, tracks=2, artists=1))
    view = replace(VIEW, filter=Filter(kinds=frozenset({Kind.EPISODE})))

    assert chapters(facts, view)[0].lines == ("2 plays of 2 episodes.",)


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (0.2, ("0", "minutes")),
        (1.2, ("1", "minute")),
        (89, ("89", "minutes")),
        (119, ("119", "minutes")),
        (120, ("2", "hours")),
        (150, ("2.5", "hours")),
        (12_059, ("201", "hours")),
        (72_240, ("1,204", "hours")),
    ],
)
def test_a_time_is_told_in_the_unit_it_is_read_in(minutes: float, told: tuple[str, str]) -> None:
    assert amount(minutes) == told


@given(st.floats(120, 10**7))
def test_hours_are_the_same_number_in_the_story_on_the_card_and_on_every_page(minutes: float) -> None:
    figure, unit = amount(minutes)

    assert f"{figure} {unit}" == wording.length(minutes).replace(".0 h", " h").replace(" h", " hours")


def test_every_fact_has_its_chapter_in_its_order_and_its_own_words() -> None:
    facts = Wrapped(
        totals=Totals(plays=4000, minutes=12_000, estimated_minutes=60, tracks=900, artists=200),
        before=Totals(plays=3000, minutes=10_000),
        tracks=(top("Tide", 20, 1, "Xenia"), top(None, 9, 2), top("Ebb", 8, 3, "Nadir")),
        albums=(top(None, 20),),
        artists=(top("Xenia", 80), top("Nadir", 1, 2)),
        month=Unusual(date(2026, 1, 1), 3000, 820),
        day=FullDay(date(2026, 1, 24), 90),
        discovery=Discovery(1, Item("artists", 1, "Nadir"), 12, date(2026, 2, 3)),
        comeback=Return(Item("artists", 1, "Xenia"), 1, date(2026, 3, 4), 1),
        streak=Streak(9, date(2026, 4, 1), date(2026, 4, 9)),
        clock=Clock(23, 0.125),
        taste=None,
        repeat=Repeat(Item("tracks", 1, "Tide", "Xenia"), 14, date(2026, 5, 6)),
    )
    assert said(facts, saved=1) == {
        "totals": (
            "201 hours of music",
            "That is 8 full days.",
            "4,000 plays of 900 tracks by 200 artists.",
            "1.0 h of the time is estimated: its source doesn't say how long it was played.",
        ),
        "artists": ("Xenia", "80 plays, 25.0\u00a0% of all."),
        "tracks": ("Tide", "By Xenia. 20 plays, 25.0\u00a0% of all."),
        "month": ("January 2026", "It held 50 h. The other months held 14 h on average."),
        "day": ("Saturday, 24 January 2026", "90 plays, from midnight to midnight."),
        "repeat": ("Tide", "You played it by Xenia 14 times on 6 May 2026."),
        "clock": ("23:00", "12% of your plays ended between 23:00 and 00:00."),
        "streak": ("9 days in a row", "Every day from 1 April 2026 to 9 April 2026."),
        "discovery": (
            "Nadir",
            "First played on 3 February 2026, 12 times in this time.",
            "1 artist was new to you.",
        ),
        "comeback": ("Xenia", "Back on 4 March 2026, 1 day after the play before.", "1 play in this time since then."),
        "saved": ("1 concert saved", "They are on your page Saved."),
        "change": ("21\u00a0% more", "201 h, against 167 h in the 12 months before."),
    }


def test_full_days_are_those_of_the_hours_that_are_told() -> None:
    facts = replace(NOTHING, totals=Totals(plays=4000, minutes=191.8 * 60, tracks=900))
    assert said(facts)["totals"][:2] == ("192 hours of music", "That is 8 full days.")


def test_less_and_the_same_are_said_as_such() -> None:
    facts = replace(NOTHING, totals=Totals(plays=40, minutes=100, tracks=1), before=Totals(plays=40, minutes=200))
    assert said(facts)["change"][0] == "50\u00a0% less"
    assert said(replace(facts, before=Totals(plays=40, minutes=101)))["change"][0] == "Just as much"


def test_a_card_says_the_same_and_leaves_out_whats_nameless() -> None:
    facts = replace(NOTHING, totals=Totals(plays=40, minutes=130), artists=(top(None, 9), top("Xenia", 1)))
    card = card_of(facts, Words("Mira", "2026", "music", "Music Re-Wrapped"))
    assert (card.eyebrow, card.figure, card.unit) == ("Mira, 2026", "2.2", "hours of music")
    assert [(each.name, each.sub) for each in card.ranked] == [("Xenia", "1 play")]
    assert card.slices == []
    assert card_of(facts, Words(" ", "all time", "music", "X")).eyebrow == "All time"
