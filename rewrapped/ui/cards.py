"""Parts that several listening pages show: cards, tiles, rows of a list, the strip."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from rewrapped.charts.calendar import PHONE_WEEKS
from rewrapped.charts.sleeves import art_name, sleeve
from rewrapped.charts.sparkline import dots, sparkline
from rewrapped.components.strip import StripItem
from rewrapped.components.tiles import Tile
from rewrapped.components.top_list import TopRow
from rewrapped.domain import days
from rewrapped.domain.plays import Filter, Kind, TimeRange
from rewrapped.history import findings, firsts
from rewrapped.history.frame import History
from rewrapped.history.listing import Row
from rewrapped.history.localtime import day_of
from rewrapped.history.streaks import days_open, streaks
from rewrapped.history.timeline import Bucket, course
from rewrapped.history.tops import Measure, Noun, Top
from rewrapped.history.totals import Totals, with_previous
from rewrapped.ui import items, wording
from rewrapped.ui.behind import Side
from rewrapped.ui.filters import View
from rewrapped.ui.links import spotify_link

#: What a chart of plays counts; the view tells the rest.
PLAYS_ALONE = "Plays alone, by your clock: a row too short for your play rule isn't one, and isn't counted."
COUNTS_FIGURES = (
    "Time counts every row, plays or not. Plays, artists and days count plays alone; a day counts when it has one, of "
    "all days from your first row to your last within this time."
)
_DOTS = 28  # days shown as dots
_WEEKS = 53  # of the calendar


def counts_plays(history: History) -> str:
    """Return what the plays of a view are: by which rule, on whose clock, of what."""
    always = " Scrobbles and plays from an API always count." if len(history.rows.estimated) else ""
    return (
        f"{wording.counted_by(history.rule)}{always} More filters has other rules. Times are in your time zone. "
        "Podcasts and audiobooks count only when the filter includes them."
    )


def counts_time(chosen: Filter) -> str:
    """Return what the time of a view counts."""
    return (
        f"The time of every row of {chosen.subject}, whether it counts as a play or not. Rows whose source doesn't say "
        "how long they were played count with the track's length."
    )


def card(key: str) -> Any:
    """Return a container that looks like a card and is as high as its neighbours."""
    return st.container(key=f"card_{key}", height="stretch")


def bucket_for(history: History) -> Bucket:
    """Return the bars' length that suits a view: about 30 to 120 of them."""
    length = len(history.span)
    return Bucket.DAY if length <= 100 else Bucket.WEEK if length <= 800 else Bucket.MONTH


def kpi_tiles(history: History, view: View, today: date) -> tuple[Tile, ...]:
    """Return the four figures of a view, each against the range before where the two can be compared."""
    now, before = with_previous(history)
    bucket = bucket_for(history)
    by = f"by {bucket}"
    _, bars = course(history, bucket)
    makers = wording.makers(view.filter)
    line = sparkline(bars.heard_minutes.tolist())
    return (
        _hours_tile(history, (now, before), view, line, f"Hours {by}"),
        Tile(
            *("Plays", f"{now.plays:,}", counts_plays(history)),
            *_change(now.plays, before.plays if before else None, view),
            *(sparkline(bars.plays.tolist()), f"Plays {by}"),
        ),
        Tile(
            *(makers.capitalize(), f"{now.artists:,}"),
            f"Different {makers} with at least one play, among {wording.titles(view.filter, now.tracks)}.",
            *_change(now.artists, before.artists if before else None, view),
            *_artists_line(history, makers),
        ),
        _days_tile(history, now, view, today),
    )


def tiles_table(shown: Iterable[Tile]) -> pd.DataFrame:
    """Return tiles as a table a person reads."""
    rows = [(tile.label, tile.value, tile.change) for tile in shown]
    return pd.DataFrame(rows, columns=["Figure", "Value", "And"])


def top_rows(tops: Iterable[Top], noun: Noun, by: Measure, view: View, whose: str = "your") -> list[TopRow]:
    """Return tops as rows of the animated list; `whose` says of whose plays or time they are a share."""
    tops = list(tops)
    most = max((each.value(by) for each in tops), default=0.0)
    return [_top_row(each, noun, by, view, most, whose) for each in tops]


def strip_items(rows: Iterable[Row], today: date) -> list[StripItem]:
    """Return plays as items of the strip."""
    return [
        StripItem(
            name=wording.called(row.title),
            sub=row.artist or "",
            when=wording.moment(row.ended_at, today),
            at=row.ended_at.isoformat(),
            art=sleeve(art_name(row.title, row.artist)),
            link=spotify_link(row.uri),
            page=items.address(Noun.TRACKS, row.track_id),
        )
        for row in rows
    ]


def timeline_table(bars: pd.DataFrame, bucket: Bucket) -> pd.DataFrame:
    """Return a timeline as a table a person reads."""
    return pd.DataFrame(
        {
            bucket.value.capitalize(): [days.day(start) for start in _dates(bars["start_on"])],
            "Plays": bars["plays"],
            "Hours": (bars["heard_minutes"] / 60).round(1),
        }
    )


def _dates(moments: pd.Series[Any]) -> list[date]:
    """Return days as dates, without making a Timestamp of each."""
    dates: list[date] = moments.to_numpy().astype("datetime64[D]").tolist()
    return dates


def week_table(week: pd.DataFrame) -> pd.DataFrame:
    """Return the hours of the week as a table a person reads."""
    return pd.DataFrame(
        {
            "Day": [days.WEEKDAYS[day] for day in week["weekday"].tolist()],
            "From": [wording.hour(hour) for hour in week["hour"].tolist()],
            "Plays": week["plays"],
            "Minutes": week["heard_minutes"].round().astype(int),
        }
    )


def last_year(history: History, shown: History, chosen: Filter) -> History:
    """Return the 53 weeks up to the last day of a view, under the same filters, or up to its last play.

    The last play it is where the later weeks hold none: an artist given up long ago has a calendar, too.
    """
    year = _weeks_up_to(history, chosen, shown.span.stop)
    if len(year.plays) or not len(shown.plays):
        return year
    return _weeks_up_to(history, chosen, int(shown.plays.day[-1]) + 1)


def _weeks_up_to(history: History, chosen: Filter, stop: int) -> History:
    last = day_of(stop - 1)
    monday = last - timedelta(days=last.weekday() + 7 * (_WEEKS - 1))
    return history.filter(chosen.within(TimeRange(monday, day_of(stop))))


def span_said(history: History) -> str:
    """Return the days a view is about: "5 March 2025 to 9 March 2026"."""
    if not len(history.span):
        return "no days"
    first, last = day_of(history.span.start), day_of(history.span.stop - 1)
    return f"{days.day(first)} to {days.day(last)}"


def ends_early(history: History, chosen: Filter, today: date, *, is_compared: bool = True) -> str:
    """Return a sentence where a time range goes on for a day or more after the last known row, else "".

    `is_compared` says that the page tells changes against the time before.
    """
    asked = min(chosen.time_range.end_on or date.max, today)
    if not len(history.span) or day_of(history.span.stop) >= asked:
        return ""
    last = days.day(day_of(history.span.stop - 1))
    said = f" Your history ends on {last}"
    if chosen.time_range.previous() is None:
        return f"{said}."
    if not is_compared:
        return f"{said}, so this time isn't complete."
    return f"{said}, so this time isn't complete. Changes set it against a complete one, and come out too low."


def calendar_title(view: History, drawn: History) -> str:
    """Return the busiest day of those that are both in the view and drawn, and in which time it is the busiest."""
    within = TimeRange(max(_first_on(view), _first_on(drawn)), None)
    found = findings.busiest_day(view.filter(Filter(kinds=frozenset(Kind), time_range=within)))
    if found is None:
        return "Day by day"
    return f"{found}: the most of these 53 weeks" if _first_on(view) < _first_on(drawn) else found


def _first_on(history: History) -> date:
    return day_of(history.span.start) if len(history.span) else date.min


def calendar_caption(history: History) -> tuple[str, str]:
    """Return what the calendar shows, and as HTML: on a phone it has room for fewer weeks, and says so there."""
    said = f"Plays on each day, {_days_with_rows(history)}"
    phone = f'<span class="rw-phone">; the last {PHONE_WEEKS} weeks are drawn</span>'
    return said, f'<p class="rw-caption">{said}{phone}</p>'


def last_year_side(drawn: History, chosen: Filter) -> Side:
    """Return the 53 weeks that `last_year` gives as what a chart is of."""
    return Side(chosen.within(drawn.time_range), f"the 53 weeks drawn, {_days_with_rows(drawn)}")


def _days_with_rows(history: History) -> str:
    """Return from when to when there are rows of a view: what was drawn before the first of them is empty.

    It ends with the last day that could hold one: a Wednesday isn't part of weekends.
    """
    if not len(history.day):
        return span_said(history)
    last = history.span.start + int(np.flatnonzero(days_open(history))[-1])
    return f"{days.day(day_of(int(history.day[0])))} to {days.day(day_of(last))}"


def plain_or(fallback: str, finding: str | None) -> str:
    """Return a finding as a title that shows outside names as they are, else the plain title."""
    return wording.plain(finding) if finding else fallback


def _hours_tile(history: History, both: tuple[Totals, Totals | None], view: View, line: str, says: str) -> Tile:
    now, before = both
    source = "its source" if len(history.rows.estimated) else "Spotify"  # files of Spotify's are never estimated
    counts = f"The time of every row of {view.filter.subject}, plays or not, as {source} recorded it."
    counts = wording.with_estimate(counts, now.estimated_minutes)
    if now.unknown_length_count:
        counts += f" {now.unknown_length_count:,} rows add nothing, because their length isn't known."
    past = before.heard_minutes if before else None
    return Tile(
        "Listened", wording.length(now.heard_minutes), counts, *_change(now.heard_minutes, past, view), line, says
    )


def _artists_line(history: History, makers: str) -> tuple[str, str]:
    months = firsts.artists_by_month(history)
    return (sparkline(months), f"Different {makers} by month") if len(months) >= 3 else ("", "")


def _days_tile(history: History, now: Totals, view: View, today: date) -> Tile:
    runs, could = streaks(history, today), days_open(history)
    is_whole = bool(could.all())
    said = ""
    if is_whole and runs.current.days > 1:
        said = f"{runs.current.days:,} days in a row, up to now"
    elif is_whole and now.longest_streak_days > 1:  # of weekends alone, no run is longer than two days
        said = f"longest run: {now.longest_streak_days:,} in a row"
    latest = history.by_day.plays[could].tolist()[-_DOTS:]
    which = "" if is_whole else " that the filter's weekdays and months let count"
    return Tile(
        label=f"Days with {view.filter.subject}",
        value=f"{now.days:,} of {np.count_nonzero(could):,}" if len(could) else "0",
        counts=f"Days with at least one play, of all days{which} from your first row to your last within this time "
        "range.",
        change=said,
        line=dots(latest),
        line_says=f"The last {len(latest)} days{which}: a full dot for each day with a play",
    )


def _change(now: float, before: float | None, view: View) -> tuple[str, Literal["up", "down", ""]]:
    """Return the change in words with its base, and its direction; empty where there is nothing to compare with."""
    if not before or not view.before_said:
        return "", ""
    change = (now - before) / before
    if abs(change) < 0.005:
        return f"same as {view.before_said}", ""
    sign = "+" if change > 0 else "−"
    return f"{sign}{abs(change) * 100:,.0f} % on {view.before_said}", "up" if change > 0 else "down"


def _top_row(top: Top, noun: Noun, by: Measure, view: View, most: float, whose: str) -> TopRow:
    time = wording.time_of(top)
    figures = (wording.plays(top.plays), time) if by is Measure.PLAYS else (time, wording.plays(top.plays))
    moved, said = _moved(top, by, view)
    share = f"{top.share * 100:.1f} % of {whose} {'plays' if by is Measure.PLAYS else 'time'}"
    return TopRow(
        key=f"{noun}-{top.id}",
        rank=top.rank,
        name=wording.called(top.name),
        sub=top.artist or share,
        value=figures[0],
        detail=figures[1],
        share=top.value(by) / most if most else 0.0,
        art=sleeve(art_name(top.name, top.artist)),
        link=spotify_link(top.uri),
        page=items.address(noun, top.id),
        moved=moved,
        moved_text=said,
    )


def _moved(top: Top, by: Measure, view: View) -> tuple[Literal["up", "down", "same", "new", ""], str]:
    if top.is_new:
        return "new", f"not {'played' if by is Measure.PLAYS else 'heard'} in {view.before_said}"
    if top.change is None:
        return "", ""
    if top.change == 0:
        return "same", "same rank"
    ranks = f"{abs(top.change):,} {'rank' if abs(top.change) == 1 else 'ranks'}"
    return ("up", f"up {ranks}") if top.change > 0 else ("down", f"down {ranks}")
