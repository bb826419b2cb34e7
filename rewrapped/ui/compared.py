"""The cards of the compare page, each over both sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Literal

import pandas as pd
import streamlit as st

from rewrapped.charts import overlay
from rewrapped.charts.calendar import LEGEND_CSS
from rewrapped.charts.legends import legend
from rewrapped.charts.palettes import Tokens
from rewrapped.components.svg import svg
from rewrapped.components.tiles import Tile, tiles
from rewrapped.components.top_list import TopRow, top_list
from rewrapped.domain import days
from rewrapped.domain.plays import Filter
from rewrapped.history import comparing, contrasts, genres
from rewrapped.history.comparing import Pair
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap, Level
from rewrapped.history.localtime import day_of
from rewrapped.history.tops import Measure, Noun, Top, top_against
from rewrapped.history.totals import Totals, totals
from rewrapped.ui import cards, figures, items, wording
from rewrapped.ui.behind import Behind, Side, by_id
from rewrapped.ui.behind import hours as each_hour
from rewrapped.ui.filters import View
from rewrapped.ui.otherbar import Sides

_LISTED = 10
_PAIRS = 10
_COUNTS_RUNNING = (
    "The hours of each side added up day by day. Day 1 is the first day of a side's time range, or of its rows where "
    "either range has no beginning: days with the same number lie above each other, whatever their dates."
)
_COUNTS_HOURS = "Each side's plays by hour of the day, as shares of all plays of that side. "
_COUNTS_GENRES = (
    "Shares of the time whose genres are known. An artist's time is divided among their genres. The families with the "
    "largest share on one of the sides are drawn; the table has all."
)


class Section(StrEnum):
    """A part of the page; while one is shown, the others are neither worked out nor drawn."""

    TIME = "time"
    MUSIC = "music"


SECTIONS = {Section.TIME: "Time", Section.MUSIC: "Artists and genres"}


@dataclass(frozen=True)
class Look:
    """What the page compares: both views of the history, both sides in words, and the colours."""

    a: History
    b: History
    sides: Sides
    tokens: Tokens

    @cached_property
    def totals(self) -> tuple[Totals, Totals]:
        """Return the figures of A and of B."""
        return totals(self.a), totals(self.b)

    def behind(self, question: str) -> Behind:
        """Return what stands behind a chart of both sides."""
        a = Side(self.sides.a, self.sides.a_said, "Side A")
        return Behind(question, sides=[a, Side(self.sides.b, self.sides.b_said, "Side B")])

    @property
    def are_alike(self) -> bool:
        """Return whether the sides last equally long, a leap day apart, on the same weekdays, so that sums compare."""
        are_close = abs(len(self.a.span) - len(self.b.span)) <= len(self.a.span) // 300
        return are_close and self.sides.a.weekdays == self.sides.b.weekdays


def title(look: Look) -> str | None:
    """Return what tells the two sides apart, as the page's title."""
    return contrasts.amount(*look.totals, look.sides.a.subject, are_alike=look.are_alike)


def begins_late(history: History, side: str) -> str:
    """Return a sentence where a side's time range begins before the first known row, else ""."""
    asked = history.time_range.start_on
    if asked is None or not len(history.span) or day_of(history.span.start) <= asked:
        return ""
    return f" Your history begins on {days.day(day_of(history.span.start))}, so {side} isn't complete."


def with_estimates(text: str, look: Look) -> str:
    """Return a text with how much of the time of A and of B is an estimate, where any is."""
    for side, of in zip(look.totals, ("A's time", "B's time"), strict=True):
        text = wording.with_estimate(text, side.estimated_minutes, of)
    return text


def show_tiles(look: Look) -> None:
    """Show the figures of A, each with what it is more or less than that of B."""
    shown = figure_tiles(*look.totals, look.sides.a, cards.counts_plays(look.a))
    tiles(shown, key="compared")
    behind = replace(look.behind("figures"), of_rows=True)
    figures.foot(cards.tiles_table(shown), cards.COUNTS_FIGURES, key="compared", behind=behind)


def figure_tiles(a: Totals, b: Totals, chosen: Filter, counts: str) -> tuple[Tile, ...]:
    """Return the figures of A, each with its difference from that of B; `counts` says what their plays are."""
    subject, makers = chosen.subject, wording.makers(chosen)
    a_day, b_day = (side.heard_minutes / max(1, side.days) for side in (a, b))
    per_day = f"The time of all rows, divided by the days with {subject}: it compares sides of different lengths."
    return (
        _tile("Listened in A", a.heard_minutes, b.heard_minutes, wording.length, cards.counts_time(chosen)),
        _tile("Plays in A", a.plays, b.plays, _count, counts),
        _tile(
            f"{makers.capitalize()} in A", a.artists, b.artists, _count, f"Different {makers} with at least one play."
        ),
        _tile(f"A day with {subject} in A", a_day, b_day, wording.length, per_day),
    )


def _tile(label: str, a: float, b: float, said: Callable[[float], str], counts: str) -> Tile:
    change, trend = difference(a, b, said)
    return Tile(label, said(a), counts, change, trend)


def difference(a: float, b: float, said: Callable[[float], str]) -> tuple[str, Literal["up", "down", ""]]:
    """Return in words by how much A differs from B, and in which direction; figures that read alike don't differ."""
    if said(a) == said(b):
        return "the same in B", ""
    sign = "+" if a > b else "−"
    return f"{sign}{said(abs(a - b))} on {said(b)} in B", "up" if a > b else "down"


def _count(number: float) -> str:
    return f"{number:,.0f}"


# Cards --------------------------------------------------------------------------------------------


def show_running(look: Look) -> None:
    """Show the hours of both sides added up, from the first day of each."""
    running = comparing.running_hours(look.a, look.b)
    figures.head("Hours added up, day by day", "")
    key = _key(look, "running")
    rows = pd.DataFrame(
        {
            "at": running["day"] + 1,
            "said": [f"Day {day + 1:,}" for day in running["day"]],
            "a": running["a"],
            "b": running["b"],
        }
    )
    figures.draw(rows, overlay.by_day(look.tokens), key="running", colours=key)
    table = pd.DataFrame({"Day": rows["at"], "Hours, A": rows["a"].round(1), "Hours, B": rows["b"].round(1)})
    behind = replace(look.behind("running"), of_rows=True)
    figures.foot(table, _COUNTS_RUNNING, key="running_hours", behind=behind)


def show_artists(look: Look) -> None:
    """Show the top artists of both sides beside each other, each with its rank on the other one."""
    best = top_against(look.a, look.b, Noun.ARTISTS, _LISTED), top_against(look.b, look.a, Noun.ARTISTS, _LISTED)
    figures.head(cards.plain_or(f"Top {wording.makers(look.sides.a)}", contrasts.leaders(*best)), "")
    said = (look.sides.a_said, look.sides.b_said)
    for column, name, other, tops, words in zip(st.columns(2), "AB", "BA", best, said, strict=True):
        with column:
            st.markdown(f"**{name}: {words}**")
            rows = artist_rows(tops, look.sides, other)
            items.follow(
                top_list(rows, key=f"artists_{name}", label=f"Top {wording.makers(look.sides.a)} of side {name}")
            )
            st.caption(only_here(tops, other))
    named = {top.id: wording.called(top.name) for top in (*best[0], *best[1])}
    behind = replace(look.behind("top-artists-plays"), parts=by_id("artists", named))
    figures.foot(artist_table(best), cards.PLAYS_ALONE, key="artists_compared", behind=behind)


def artist_rows(best: Sequence[Top], sides: Sides, other: str) -> list[TopRow]:
    """Return one side's artists as rows of a list, each with its rank on the other side."""
    view = View(sides.a, "", "", "")
    rows = cards.top_rows(
        [replace(top, previous_rank=None, is_new=False) for top in best], Noun.ARTISTS, Measure.PLAYS, view
    )
    return [replace(row, detail=_rank_said(top, other)) for row, top in zip(rows, best, strict=True)]


def _rank_said(top: Top, other: str) -> str:
    return f"only here, not in {other}" if top.previous_rank is None else f"rank {top.previous_rank:,} in {other}"


def only_here(best: Sequence[Top], other: str) -> str:
    """Return which of one side's top artists have no play on the other side."""
    names = [wording.plain(wording.called(top.name)) for top in best if top.previous_rank is None]
    if not names:
        return f"All of them are played in {other} too."
    return f"Not played in {other}: {wording.listed(names)}."


def artist_table(best: tuple[Sequence[Top], Sequence[Top]]) -> pd.DataFrame:
    """Return the top artists of both sides as a table a person reads."""
    rows = [(side, top) for side, tops in zip("AB", best, strict=True) for top in tops]
    return pd.DataFrame(
        {
            "Side": [side for side, _ in rows],
            "Rank": [top.rank for _, top in rows],
            "Artist": [wording.called(top.name) for _, top in rows],
            "Plays": [top.plays for _, top in rows],
            "Rank on the other side": pd.array([top.previous_rank for _, top in rows], dtype="Int64"),
        }
    )


def show_hours(look: Look) -> None:
    """Show at which hours of the day both sides are played."""
    shares = comparing.hour_shares(look.a, look.b)
    figures.head(contrasts.hour(shares) or "The hours of the day", "")
    key = _key(look, "hours")
    said = [f"{wording.hour(hour)} to {wording.hour((hour + 1) % 24)}" for hour in shares["hour"]]
    rows = pd.DataFrame({"at": shares["hour"], "said": said, "a": shares["a"], "b": shares["b"]})
    figures.draw(rows, overlay.by_hour(look.tokens), key="hours", colours=key)
    table = pd.DataFrame(
        {
            "When": said,
            "Plays, A": shares["a_plays"],
            "Plays, B": shares["b_plays"],
            "A, %": (shares["a"] * 100).round(1),
            "B, %": (shares["b"] * 100).round(1),
        }
    )
    behind = replace(look.behind("hours"), parts=each_hour)
    figures.foot(table, _COUNTS_HOURS + cards.PLAYS_ALONE, key="hours_compared", behind=behind)


def show_genres(look: Look, known: GenreMap) -> None:
    """Show what the time of both sides is made of, by family of genres; say so where nothing is known of either."""
    a, b = (genres.parts(side, known, Level.FAMILIES) for side in (look.a, look.b))
    found = comparing.pairs(a, b, len(a) + len(b))
    covered = [genres.coverage(side, known, 0).share for side in (look.a, look.b)]
    title = cards.plain_or("Genres", contrasts.genre(found) if found else None)
    figures.head(title, f"A genre is known for {covered[0]:.0%} of A's time and {covered[1]:.0%} of B's.")
    if not found:
        return
    key = overlay.bars_key(look.tokens, look.sides.a_said, look.sides.b_said)
    svg(legend(key), key="genres_key", css=LEGEND_CSS)
    drawn = found[:_PAIRS]
    figures.draw(pair_rows(drawn), overlay.share_pairs(look.tokens, len(drawn)), key="genres", colours=key)
    behind = replace(look.behind(""), of_rows=True)
    figures.foot(pair_table(found), _COUNTS_GENRES, key="genres_compared", behind=behind)


def pair_rows(found: Sequence[Pair]) -> pd.DataFrame:
    """Return what the pairs of bars draw."""
    rows = [(pair.label.name, side, share) for pair in found for side, share in zip("AB", _shares(pair), strict=True)]
    return pd.DataFrame(rows, columns=["name", "side", "share"])


def pair_table(found: Sequence[Pair]) -> pd.DataFrame:
    """Return the families of both sides as a table a person reads."""
    return pd.DataFrame(
        {
            "Family": [pair.label.name for pair in found],
            "A, %": [round(pair.a_share * 100, 1) for pair in found],
            "B, %": [round(pair.b_share * 100, 1) for pair in found],
            "Hours, A": [round(pair.a_minutes / 60, 1) for pair in found],
            "Hours, B": [round(pair.b_minutes / 60, 1) for pair in found],
        }
    )


def _shares(pair: Pair) -> tuple[float, float]:
    return pair.a_share, pair.b_share


def _key(look: Look, name: str) -> list[tuple[str, str]]:
    """Show which side is which; return it for a file of the chart."""
    key = overlay.key(look.tokens, look.sides.a_said, look.sides.b_said)
    svg(legend(key), key=f"{name}_key", css=LEGEND_CSS)
    return key
