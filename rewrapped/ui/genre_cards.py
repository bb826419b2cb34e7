"""The cards of the Genres page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from rewrapped.charts.lines import line_rows, lines
from rewrapped.charts.multiples import CSS, Small, areas, areas_drawing, bars, bars_drawing
from rewrapped.charts.sleeves import sleeve
from rewrapped.components.bubbles import Bubble, Cluster, bubbles
from rewrapped.components.chord import Tied, chord
from rewrapped.components.stream import Moments, stream
from rewrapped.components.svg import svg
from rewrapped.components.top_list import TopRow, top_list
from rewrapped.domain import days
from rewrapped.domain.plays import Filter
from rewrapped.history import genre_findings, genres, tops
from rewrapped.history.frame import History
from rewrapped.history.genremap import Level
from rewrapped.history.genres import Covered, Part, Ties
from rewrapped.ui import cards, figures, items, ranked, wording
from rewrapped.ui.behind import Behind, Side, by_id
from rewrapped.ui.filters import narrow_to_artist
from rewrapped.ui.genre_tables import as_columns, flow_table, foot, missing, parts_table, portions_table, ties_table
from rewrapped.ui.genre_view import SHOWN, Picked, Ring, Unit, colours
from rewrapped.ui.items import Of
from rewrapped.ui.seen import Picture
from rewrapped.ui.sounding import SMALL, Sounding, bands, said, shares, ticks

_TIED, _TIED_ARTISTS, _LINES, _OF_ONE = 12, 14, 5, 10
_AN_HOUR = 60  # minutes
_MANY = 36  # moments; more of them are drawn as a mean of three
_PARTS = 40  # genres whose plays can be looked at alone
_TALL = 450  # pixels of what stands beside the ring or the circles
_COUNTS_LEFT_OUT = "Ties below 0.4 % of all are left out of the ring, and whoever has no other; the table has them."
_COUNTS_TIES = (
    "A ribbon is the time of artists who are both genres: what they are of one, of what they are of the other. "
    f"{_COUNTS_LEFT_OUT}"
)


def stream_title(shown: Sounding, only: Picked | None) -> str:
    """Return what the stream is of."""
    if only is not None and only.level is Level.FAMILIES:
        return f"The genres of {only.name}"
    if only is not None:
        return f"What else artists of {only.name} are"
    return f"Your {shown.level} over time"


def nothing_known(covered: Covered) -> None:
    """Say that no genre is known of anything in the view, and of whom."""
    st.subheader("No genre is known yet", anchor=False)
    st.write("None of the artists in this view is known here. You can say what they are under “Change genres” below.")
    with st.popover(f"Covers {covered.share:.0%} of the time"):
        missing(covered)


def stream_card(shown: Sounding, unit: Unit, title: str) -> str | None:
    """Show the stream; return the key of the band that was pressed."""
    what = f"{'Share of the time' if unit is Unit.SHARE else 'Time'} by {shown.flow.bucket}, {shown.said}"
    figures.head(wording.plain(title), f"{what}.", hint="Press a band to look closer.")
    found = bands(shown)
    picked = stream(
        shares(found) if unit is Unit.SHARE else found,
        Moments([said(start, shown.flow.bucket) for start in shown.flow.starts], ticks(shown.flow)),
        key=f"stream_{shown.level}",
        label=f"{title}: a stream of {shown.level} over time",
        is_share=unit is Unit.SHARE,
    )
    figures.picture(Picture(drawn_by=f"stream_{shown.level}"))
    foot(flow_table(shown.flow), shown.covered, key="stream", behind=_behind(shown))
    return picked


def ties_card(shown: Sounding, ties: Ties) -> str | None:
    """Show the ring; return the key of the genre that was pressed. An artist who is narrows the filter."""
    title, with_artists = _ties_title(shown, ties), len(ties.names) > ties.genre_count
    what = "within genres" if with_artists else "who are both"
    figures.head(wording.plain(title), f"The time of artists {what}, {shown.said}.")
    if not ties.minutes.any():
        st.write(f"No artist of this time is of two {shown.level} at once, so nothing ties them.")
        return None
    greys = [shown.colours.get(key, shown.tokens.muted) for key in ties.keys[: ties.genre_count]]
    tints = greys + [shown.tokens.muted] * (len(ties.names) - ties.genre_count)
    ring = [
        Tied(key, name, colour, minutes.tolist())
        for key, name, colour, minutes in zip(ties.keys, ties.names, tints, ties.minutes, strict=True)
    ]
    picked = chord(ring, key=f"chord_{shown.level}_{with_artists}", label=title)
    figures.picture(Picture(drawn_by=f"chord_{shown.level}_{with_artists}"))
    said_more = _COUNTS_LEFT_OUT if with_artists else _COUNTS_TIES
    foot(ties_table(ties), shown.covered, key="ties", counts=said_more, behind=_behind(shown))
    if picked in ties.keys[ties.genre_count :]:
        narrow_to_artist(int(picked))
        st.rerun()
    return picked


def lines_card(shown: Sounding) -> None:
    """Show the largest genres or families as lines."""
    labels = shown.flow.labels[:_LINES]
    names = tuple(label.name for label in labels)
    tints = tuple(shown.colours[label.key] for label in labels)
    moments = [said(start, shown.flow.bucket) for start in shown.flow.starts]
    minutes = _calm(shown.flow.minutes[:_LINES])
    in_hours = bool(minutes.max(initial=0.0) >= _AN_HOUR)
    is_calmed = len(shown.flow.starts) > _MANY
    mean = f", each {shown.flow.bucket} with the one before and after" if is_calmed else ""
    unit = "Hours" if in_hours else "Minutes"
    figures.head(f"The largest {shown.level}", f"{unit} by {shown.flow.bucket}{mean}, {shown.said}")
    rows = line_rows(shown.flow.starts, moments, names, minutes / _AN_HOUR if in_hours else minutes)
    form = ",.1~f" if in_hours else ",.0f"
    figures.draw(rows, lines(shown.tokens, names, tints, form, _TALL), key="genre_lines")
    foot(flow_table(shown.flow), shown.covered, key="lines", behind=_behind(shown))


def _calm(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the mean of each value and its neighbours where there are so many that lines would be a thicket."""
    width = values.shape[1]
    if width <= _MANY:
        return values
    around = np.lib.stride_tricks.sliding_window_view(np.pad(values, ((0, 0), (1, 1)), mode="edge"), 3, axis=1)
    mean: npt.NDArray[np.float64] = around.mean(axis=2)
    return mean


def artists_card(shown: Sounding) -> None:
    """Show the most played artists as lines, month by month; as a list where there is one month alone."""
    best = tops.artists(shown.view, _LINES)
    months = tops.months(shown.view, tops.Noun.ARTISTS, [each.id for each in best])
    if len(months.months) < 2:
        _list_artists(shown, best, days.month(months.months[0]) if months.months else "")
        return
    is_calmed = len(months.months) > _MANY
    mean = ", each month with the one before and after" if is_calmed else ""
    figures.head("Your top artists, month by month", f"Plays by month{mean}, {shown.said}")
    names = tuple(wording.called(each.name) for each in best)
    told = [days.month(on) for on in months.months]
    rows = line_rows(months.months, told, names, _calm(months.plays.astype(np.float64)))
    tints = shown.tokens.categorical[: len(names)]
    figures.draw(rows, lines(shown.tokens, names, tints, ",.0f", _TALL), key="artist_lines")
    table = as_columns(("Month", told), list(names), months.plays.T)
    behind = Behind("artist-months", parts=ranked.parts(tops.Noun.ARTISTS, best))
    figures.foot(table, cards.PLAYS_ALONE, key="artist_lines", behind=behind)


def _list_artists(shown: Sounding, best: Sequence[tops.Top], month: str) -> None:
    alone = f". All of it lies in {month}, and a line takes two months" if month else ""
    figures.head("Your top artists", f"By plays, {shown.said}{alone}")
    rows = [
        TopRow(
            key=f"artist-{each.id}",
            rank=each.rank,
            name=wording.called(each.name),
            sub=wording.length(each.heard_minutes),
            value=wording.plays(each.plays),
            detail="",
            share=each.plays / best[0].plays,
            art=sleeve(each.name or ""),
            page=items.address(Of.ARTIST, each.id),
        )
        for each in best
    ]
    items.follow(top_list(rows, key="artists_listed", label="Your top artists"))
    table = pd.DataFrame({"Artist": [row.name for row in rows], "Plays": [each.plays for each in best]})
    behind = Behind("top-artists-plays", parts=ranked.parts(tops.Noun.ARTISTS, best))
    figures.foot(table, cards.PLAYS_ALONE, key="artists_listed", behind=behind)


def bubbles_card(shown: Sounding, whole: History) -> str | None:
    """Show all genres as circles within their families; return the key of the genre that was pressed."""
    of_genres = genres.parts(shown.view, shown.known, Level.GENRES)
    of_families = genres.parts(shown.view, shown.known, Level.FAMILIES)
    music = genres.parts(whole.filter(Filter()), shown.known, Level.FAMILIES)
    tints = colours(of_families, music, shown.tokens)
    count = len(of_genres)
    title = f"{count:,} {'genre' if count == 1 else 'genres'} at a glance"
    figures.head(title, f"A circle's area is its time, {shown.said}")
    by_family: dict[str, list[Part]] = {}
    for part in of_genres:
        by_family.setdefault(part.label.family, []).append(part)
    names = {label.key: label.name for label in shown.known.families.labels}
    clusters = [
        Cluster(
            names.get(family, family),
            tints.get(family, shown.tokens.muted),
            [Bubble(part.label.key, part.label.name, part.minutes) for part in parts],
        )
        for family, parts in by_family.items()
    ]
    picked = bubbles(clusters, key="bubbles", label="Genres as circles, larger for more time")
    figures.picture(Picture(drawn_by="bubbles"))
    foot(parts_table(of_genres, names), shown.covered, key="bubbles", behind=_behind(shown))
    return picked


def multiples_card(shown: Sounding) -> None:
    """Show the largest genres or families each by itself, on one scale."""
    figures.head("Each by itself", f"Time by {shown.flow.bucket}, {shown.said}, all on one scale")
    smalls = [
        Small(
            label.name,
            wording.length(float(minutes.sum())),
            shown.colours.get(label.key, shown.tokens.muted),
            minutes.tolist(),
        )
        for label, minutes in zip(shown.flow.labels[:SMALL], shown.flow.minutes[:SMALL], strict=True)
    ]
    svg(areas(smalls, f"{shown.level} over time"), key="multiples", css=CSS)
    figures.picture(Picture(lambda tokens: areas_drawing(smalls, tokens)))
    foot(flow_table(shown.flow), shown.covered, key="multiples", behind=_behind(shown))


def hours_card(shown: Sounding) -> None:
    """Show at which hours the largest genres or families are heard."""
    figures.head("When you play what", f"Time by hour of the day, from midnight to midnight, {shown.said}")
    keys = [label.key for label in shown.flow.labels[:SMALL]]
    labels, minutes = genres.hours(shown.view, shown.known, shown.level, keys)
    smalls = [
        Small(
            label.name,
            f"most from {wording.hour(int(np.argmax(row)))}" if row.any() else "not played",
            shown.colours.get(label.key, shown.tokens.muted),
            row.tolist(),
        )
        for label, row in zip(labels, minutes, strict=True)
    ]
    svg(bars(smalls, f"{shown.level} by hour of the day"), key="hours", css=CSS)
    whole_minutes = np.round(minutes.T).astype(int)
    hours = ("From", [wording.hour(hour) for hour in range(24)])
    table = as_columns(hours, [label.name for label in labels], whole_minutes)
    figures.picture(Picture(lambda tokens: bars_drawing(smalls, tokens)))
    foot(table, shown.covered, key="genre_hours", behind=_behind(shown))


def one_card(shown: Sounding, only: Picked) -> None:
    """Show the artists of the genre or family the page is narrowed to."""
    found = genres.artists_of(shown.view, shown.known, only.level, only.key, _OF_ONE)
    said = f"Artists by their time within {wording.plain(only.name)}, {shown.said}"
    figures.head(wording.plain(f"Your {only.name}"), said)
    most = max((each.minutes for each in found), default=0.0)
    rows = [
        TopRow(
            key=f"artist-{each.id}",
            rank=place,
            name=wording.called(each.name),
            sub=_of_all(each),
            value=wording.length(each.minutes),
            detail="",
            share=each.minutes / most if most else 0.0,
            art=sleeve(each.name),
            page=items.address(Of.ARTIST, each.id),
        )
        for place, each in enumerate(found, start=1)
    ]
    items.follow(top_list(rows, key="genre_artists", label=f"Artists of {only.name}", columns=2))
    named = {each.id: wording.called(each.name) for each in found}
    behind = Behind(of_rows=True, sides=_behind(shown).sides, parts=by_id("artists", named))
    foot(portions_table(found), shown.covered, key="genre_artists", behind=behind)


def _behind(shown: Sounding) -> Behind:
    """Return the rows of the page's view, narrowed as it is, each genre or family as a part of them."""

    def parts() -> Mapping[str, Mapping[str, Any]]:
        found = {}
        for label in (part.label for part in shown.parts[:_PARTS]):
            ids = genres.artist_ids(shown.view, shown.known, shown.level, label.key)
            found[label.name] = {"artists": ids or frozenset({0})}
        return found

    return Behind(of_rows=True, sides=[Side(shown.filter, shown.said)], parts=parts)


def ties_of(shown: Sounding, ring: Ring) -> Ties:
    """Return the ties between genres, or between genres and artists."""
    if ring is Ring.ARTISTS:
        return genres.artist_ties(shown.view, shown.known, shown.level, SHOWN, _TIED_ARTISTS)
    return genres.genre_ties(shown.view, shown.known, shown.level, _TIED)


def _ties_title(shown: Sounding, ties: Ties) -> str:
    """Return which two go together most, where that is clear."""
    if len(ties.names) > ties.genre_count:
        return f"Which artists make which {shown.level}"
    return genre_findings.closest(ties, shown.parts) or f"How {shown.level} hang together"


def _of_all(each: genres.Portion) -> str:
    share = each.minutes / each.whole_minutes if each.whole_minutes else 0.0
    return "all of their time" if share > 0.995 else f"{share:.0%} of their {wording.length(each.whole_minutes)}"
