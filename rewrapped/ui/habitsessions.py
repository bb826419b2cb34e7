"""Cards of the habits page about sessions and streaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from rewrapped.charts.counts import counts
from rewrapped.charts.palettes import Tokens
from rewrapped.components.tiles import Tile, tiles
from rewrapped.domain import days
from rewrapped.history import findings, insistence, streaks
from rewrapped.history.frame import History
from rewrapped.history.insistence import Repeat
from rewrapped.history.sittings import GAP_MINUTES, Sittings, beginnings, sittings
from rewrapped.history.streaks import Streak
from rewrapped.ui import cards, figures, wording
from rewrapped.ui.behind import Behind

COUNTS = (
    f"A session goes on while the next row begins at most {GAP_MINUTES} minutes after the last one ended; its length "
    "holds the silences in it. A row begins as long before its end as it was heard, or as its track is long where the "
    "source doesn't say. Analyses of Last.fm's public listening data part sessions at 20 minutes, too. Rows that "
    "aren't plays go on with a session, and make none by themselves."
)
_FEWEST = 5  # sessions that can be sorted
_LENGTHS = ("below 15 min", "15–30 min", "30–60 min", "1–2 h", "2–4 h", "4 h or more")  # those of `sittings`
_BY = {"Length": "their length", "Begin": "the hour they begin in"}

_GAP = "The longest time without a play, between two days with one; months without any row don't count."
_ONLY_SOME = "A weekday or month that the filter leaves out counts as a day without a play, and ends a streak. "
_NOT_TOLD = "Not counted while weekdays or months are left out"


def session_cards(history: History, tokens: Tokens) -> None:
    """Show how many sessions there are, how long they last and when they begin."""
    found = sittings(history)
    by_hour = beginnings(found, history)
    st.subheader("Sessions", anchor=False)
    shown = session_tiles(found, by_hour, history)
    tiles(shown, key="sessions")
    figures.foot(cards.tiles_table(shown), COUNTS, key="sessions", behind=Behind("sessions-length", of_rows=True))
    if len(found) < _FEWEST:
        return
    left, right = st.columns(2)
    with left, cards.card("lengths"):
        _classes_card(
            length_classes(found),
            findings.typical_sitting(found) or "How long sessions last",
            "Length",
            tokens,
        )
    with right, cards.card("beginnings"):
        _classes_card(
            begin_classes(by_hour), findings.usual_beginning(by_hour) or "When sessions begin", "Begin", tokens
        )


def streak_cards(history: History, today: date, holes: Sequence[date]) -> None:
    """Show the longest streaks: of days, of days off, of an artist, of a track."""
    found = streaks.streaks(history, today)
    st.subheader(findings.longest_streak(found) or "Streaks", anchor=False)
    shown = streak_tiles(history, found, holes)
    tiles(shown, key="streaks")
    figures.foot(cards.tiles_table(shown), cards.PLAYS_ALONE, key="streaks", behind=Behind("streaks"))


def session_tiles(found: Sittings, by_hour: npt.NDArray[np.int64], history: History) -> tuple[Tile, ...]:
    """Return the four figures of sessions; a median and a habit want some of them."""
    enough, longest = len(found) >= _FEWEST, found.longest()
    weeks = len(history.span) / 7
    began = longest.started_at.astimezone(history.zone) if longest else None
    usual = findings.usual_hour(by_hour)
    return (
        Tile(
            *("Sessions", f"{len(found):,}", f"{COUNTS} {wording.counted_by(history.rule)}"),
            change=f"{len(found) / weeks:,.1f} a week" if weeks >= 2 else "",
        ),
        Tile(
            "Typical session",
            wording.length(found.typical_minutes) if enough else "–",
            f"The median: half of all sessions are longer. It is told from {_FEWEST} sessions on.",
            change=f"{np.median(found.plays):,.0f} plays" if enough and np.median(found.plays) > 1 else "",
        ),
        Tile(
            "Longest session",
            wording.length(longest.minutes) if longest else "–",
            "From the start of its first row to the end of its last one.",
            change=f"{days.day(began.date())}, {wording.plays(longest.plays)}" if longest and began else "",
        ),
        Tile(
            "Usual start",
            wording.hour(usual) if usual is not None else "–",
            "The hour of your day in which clearly more sessions begin than in any other, where one stands out.",
            change=f"{by_hour[usual]:,} of {len(found):,} begin in this hour" if usual is not None else "",
        ),
    )


def length_classes(found: Sittings) -> pd.DataFrame:
    """Return how many sessions are how long, as `charts.counts` draws them."""
    return pd.DataFrame({"name": _LENGTHS, "said": _LENGTHS, "count": found.lengths()})


def begin_classes(by_hour: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return how many sessions begin in which hour, as `charts.counts` draws them."""
    said = [f"{wording.hour(hour)} to {wording.hour((hour + 1) % 24)}" for hour in range(24)]
    return pd.DataFrame({"name": [f"{hour:02d}" for hour in range(24)], "said": said, "count": by_hour})


def classes_table(classes: pd.DataFrame, what: str) -> pd.DataFrame:
    """Return classes as a table a person reads."""
    return classes[["said", "count"]].rename(columns={"said": what, "count": "Sessions"})


def streak_tiles(history: History, found: streaks.Streaks, holes: Sequence[date] = ()) -> tuple[Tile, ...]:
    """Return the longest streak and the longest gap, and what the listener stayed with."""
    of_artist = insistence.artist_streak(history)
    is_whole = bool(streaks.days_open(history).all())
    only = "" if is_whole else _ONLY_SOME
    return (
        Tile(
            *(
                "Days in a row",
                f"{found.longest.days:,}",
                f"The longest streak of days with a play. {only}{cards.counts_plays(history)}",
            ),
            change=f"{_dates(found.longest)}; now {found.current.days:,}" if found.longest.days else "",
        ),
        _gap_tile(history, found, holes) if is_whole else Tile("Days off in a row", "–", _GAP, change=_NOT_TOLD),
        Tile(
            "Days with one artist",
            f"{of_artist.streak.days:,}" if of_artist else "–",
            "The most days in a row with a play of one and the same artist. " + only,
            change=f"{of_artist.artist.name}, {_dates(of_artist.streak)}" if of_artist else "",
        ),
        _repeat_tile(history),
    )


def _gap_tile(history: History, found: streaks.Streaks, holes: Sequence[date]) -> Tile:
    gap = streaks.longest_gap(history, holes)
    off = f"{found.days_off:,} day{'' if found.days_off == 1 else 's'} off in all"
    return Tile("Days off in a row", f"{gap.days:,}", _GAP, change=f"{_dates(gap)}; {off}" if gap.days else "")


def _repeat_tile(history: History) -> Tile:
    again, most = insistence.on_repeat(history), insistence.most_in_a_day(history)
    counts = "The most plays of one track with no other play between."
    if again is None or most is None or again.plays < 2:
        return Tile("On repeat", "–", counts, change="No track twice in a row")
    in_a_day = f" Within one day: {wording.plays(most.plays)} of {_track(most)}, {days.day(most.last_on)}."
    return Tile("On repeat", f"{again.plays:,} times", counts + in_a_day, change=f"{_track(again)}, {_on(again)}")


def _track(found: Repeat) -> str:
    return wording.called(found.track.name)


def _on(found: Repeat) -> str:
    return days.day(found.last_on)


def _dates(streak: Streak) -> str:
    if streak.start_on is None or streak.last_on is None:
        return ""
    if streak.start_on == streak.last_on:
        return days.day(streak.start_on)
    return f"{days.day(streak.start_on)} to {days.day(streak.last_on)}"


def _classes_card(classes: pd.DataFrame, title: str, what: str, tokens: Tokens) -> None:
    figures.head(title, f"Sessions by {_BY[what]}")
    figures.draw(classes, counts(tokens, "Sessions"), key=f"sessions_{what.lower()}")
    behind = Behind(f"sessions-{what.lower()}", of_rows=True)
    figures.foot(classes_table(classes, what), COUNTS, key=f"sessions_{what.lower()}", behind=behind)
