"""The cards of the Genres page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from rewrapped.charts.lines import line_rows, lines
from rewrapped.charts.multiples import CSS, Small, areas, bars
from rewrapped.charts.palettes import Tokens
from rewrapped.charts.sleeves import sleeve
from rewrapped.components.bubbles import Bubble, Cluster, bubbles
from rewrapped.components.chord import Tied, chord
from rewrapped.components.stream import Band, Moments, stream
from rewrapped.components.svg import svg
from rewrapped.components.top_list import TopRow, top_list
from rewrapped.domain import days
from rewrapped.domain.plays import Filter
from rewrapped.history import genre_findings, genres, tops
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap, Label, Level
from rewrapped.history.genres import Covered, Flow, Part, Ties
from rewrapped.history.timeline import Bucket
from rewrapped.ui import cards, figures, sheet, wording
from rewrapped.ui.filters import narrow_to_artist
from rewrapped.ui.genre_view import SHOWN, Picked, Ring, Unit, bucket_for, colours, shown_parts

DIVIDED = (
    "The time of every row, plays or not. An artist's time is divided among their genres, the most fitting "
    "most (1, 1/2 and 1/3 in proportion), so that no minute counts twice."
)
_TIED, _TIED_ARTISTS, _LINES, _SMALL, _OF_ONE = 12, 14, 5, 12, 10
REST = {"dark": "#4A4058", "light": "#CFC4B2"}  # a band of all that has no colour of its own
_MANY = 36  # moments; more of them are drawn as a mean of three
_TALL = 400  # pixels of what stands beside the ring or the circles


@dataclass(frozen=True, slots=True)
class Look:
    """How the page looks at genres: the map of artists, how finely, and the colours at hand."""

    known: GenreMap
    level: Level
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Sounding:
    """What every card of the page draws from."""

    view: History
    known: GenreMap
    level: Level
    covered: Covered
    parts: tuple[Part, ...]
    flow: Flow  # of the largest parts
    rest: npt.NDArray[np.float64]  # minutes of the other parts, by bucket
    colours: Mapping[str, str]
    tokens: Tokens
    said: str

    @property
    def labels(self) -> tuple[Label, ...]:
        """Return the labels that have a colour, the largest first."""
        return self.flow.labels[:SHOWN]


def sound(whole: History, view: History, look: Look, only: Picked | None, said: str) -> Sounding:
    """Return what the cards draw from, of a view of the whole history."""
    music = genres.parts(whole.filter(Filter()), look.known, look.level)
    parts = shown_parts(genres.parts(view, look.known, look.level), only)
    keys = [part.label.key for part in parts]
    is_within = only is not None and only.level is Level.FAMILIES
    flow = genres.flow(view, look.known, look.level, bucket_for(view), keys if is_within else keys[:_SMALL])
    every = flow.minutes.sum(axis=0) if is_within else flow.covered
    rest = np.maximum(every - flow.minutes[:SHOWN].sum(axis=0), 0.0)
    return Sounding(
        view=view,
        known=look.known,
        level=look.level,
        covered=genres.coverage(view, look.known),
        parts=parts,
        flow=flow,
        rest=rest if len(parts) > SHOWN else np.zeros_like(rest),
        colours=colours(parts, shown_parts(music, only), look.tokens),
        tokens=look.tokens,
        said=said,
    )


def stream_title(shown: Sounding, only: Picked | None) -> str:
    """Return what the stream is of."""
    if only is not None and only.level is Level.FAMILIES:
        return wording.plain(f"The genres of {only.name}")
    if only is not None:
        return wording.plain(f"What else artists of {only.name} are")
    return f"Your {shown.level} over time"


def nothing_known(covered: Covered) -> None:
    """Say that no genre is known of anything in the view, and of whom."""
    st.subheader("No genre is known yet", anchor=False)
    st.write("None of the artists in this view is known here. You can say what they are under “Change genres” below.")
    with st.popover(f"Covers {covered.share:.0%} of the time"):
        _missing(covered)


def stream_card(shown: Sounding, unit: Unit, title: str) -> str | None:
    """Show the stream; return the key of the band that was pressed."""
    st.subheader(title, anchor=False)
    what = "Share of the time" if unit is Unit.SHARE else "Time"
    st.caption(f"{what} by {shown.flow.bucket}, {shown.said}. Press a band to look closer.")
    bands = _bands(shown)
    picked = stream(
        _shares(bands) if unit is Unit.SHARE else bands,
        Moments([_said(start, shown.flow.bucket) for start in shown.flow.starts], _ticks(shown.flow)),
        key=f"stream_{shown.level}",
        label=f"{title}: a stream of {shown.level} over time",
        is_share=unit is Unit.SHARE,
    )
    foot(flow_table(shown.flow), shown.covered, key="stream")
    return picked


def ties_card(shown: Sounding, ties: Ties) -> str | None:
    """Show the ring; return the key of the genre that was pressed. An artist who is narrows the filter."""
    title, with_artists = _ties_title(shown, ties), len(ties.names) > ties.genre_count
    st.subheader(title, anchor=False)
    st.caption(
        f"The time of artists within genres, {shown.said}."
        if with_artists
        else f"The time of artists who are both, {shown.said}."
    )
    greys = [shown.colours.get(key, shown.tokens.muted) for key in ties.keys[: ties.genre_count]]
    tints = greys + [shown.tokens.muted] * (len(ties.names) - ties.genre_count)
    ring = [
        Tied(key, name, colour, minutes.tolist())
        for key, name, colour, minutes in zip(ties.keys, ties.names, tints, ties.minutes, strict=True)
    ]
    picked = chord(ring, key=f"chord_{shown.level}_{with_artists}", label=title)
    counts = "A ribbon is the time of artists who are both genres: what they are of one, of what they are of the other."
    foot(ties_table(ties), shown.covered, key="ties", counts="" if with_artists else counts)
    if picked in ties.keys[ties.genre_count :]:
        narrow_to_artist(int(picked))
        st.rerun()
    return picked


def lines_card(shown: Sounding) -> None:
    """Show the largest genres or families as lines."""
    st.subheader(f"The largest {shown.level}", anchor=False)
    labels = shown.flow.labels[:_LINES]
    names = tuple(label.name for label in labels)
    tints = tuple(shown.colours[label.key] for label in labels)
    said = [_said(start, shown.flow.bucket) for start in shown.flow.starts]
    _draw_lines(
        shown, (names, tints), line_rows(shown.flow.starts, said, names, _calm(shown.flow.minutes[:_LINES] / 60))
    )
    foot(flow_table(shown.flow), shown.covered, key="lines")


def _draw_lines(shown: Sounding, series: tuple[tuple[str, ...], tuple[str, ...]], rows: pd.DataFrame) -> None:
    is_calmed = len(shown.flow.starts) > _MANY
    mean = f", each {shown.flow.bucket} with the one before and after" if is_calmed else ""
    st.caption(f"Hours by {shown.flow.bucket}{mean}, {shown.said}")
    figures.draw(rows, lines(shown.tokens, *series, ",.1~f", _TALL), key="genre_lines")


def _calm(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the mean of each value and its neighbours where there are so many that lines would be a thicket."""
    width = values.shape[1]
    if width <= _MANY:
        return values
    around = np.lib.stride_tricks.sliding_window_view(np.pad(values, ((0, 0), (1, 1)), mode="edge"), 3, axis=1)
    mean: npt.NDArray[np.float64] = around.mean(axis=2)
    return mean


def artists_card(shown: Sounding) -> None:
    """Show the most played artists as lines, month by month."""
    best = tops.artists(shown.view, _LINES)
    months = tops.months(shown.view, tops.Noun.ARTISTS, [each.id for each in best])
    is_calmed = len(months.months) > _MANY
    st.subheader("Your top artists, month by month", anchor=False)
    st.caption(f"Plays by month{', each month with the one before and after' if is_calmed else ''}, {shown.said}")
    names = tuple(wording.called(each.name) for each in best)
    said = [days.month(on) for on in months.months]
    rows = line_rows(months.months, said, names, _calm(months.plays.astype(np.float64)))
    tints = shown.tokens.categorical[: len(names)]
    figures.draw(rows, lines(shown.tokens, names, tints, ",.0f", _TALL), key="artist_lines")
    table = pd.DataFrame(months.plays.T, columns=unique(names))
    table.insert(0, "Month", said)
    figures.foot(table, cards.COUNTS_PLAYS, key="artist_lines")


def bubbles_card(shown: Sounding, whole: History) -> str | None:
    """Show all genres as circles within their families; return the key of the genre that was pressed."""
    of_genres = genres.parts(shown.view, shown.known, Level.GENRES)
    of_families = genres.parts(shown.view, shown.known, Level.FAMILIES)
    music = genres.parts(whole.filter(Filter()), shown.known, Level.FAMILIES)
    tints = colours(of_families, music, shown.tokens)
    count = len(of_genres)
    st.subheader(f"{count:,} {'genre' if count == 1 else 'genres'} at a glance", anchor=False)
    st.caption(f"A circle's area is its time, {shown.said}")
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
    foot(parts_table(of_genres, names), shown.covered, key="bubbles")
    return picked


def multiples_card(shown: Sounding) -> None:
    """Show the largest genres or families each by itself, on one scale."""
    st.subheader("Each by itself", anchor=False)
    st.caption(f"Time by {shown.flow.bucket}, {shown.said}, all on one scale")
    smalls = [
        Small(
            label.name,
            wording.length(float(minutes.sum())),
            shown.colours.get(label.key, shown.tokens.muted),
            minutes.tolist(),
        )
        for label, minutes in zip(shown.flow.labels[:_SMALL], shown.flow.minutes[:_SMALL], strict=True)
    ]
    svg(areas(smalls, f"{shown.level} over time"), key="multiples", css=CSS)
    foot(flow_table(shown.flow), shown.covered, key="multiples")


def hours_card(shown: Sounding) -> None:
    """Show at which hours the largest genres or families are heard."""
    st.subheader("When you play what", anchor=False)
    st.caption(f"Time by hour of the day, from midnight to midnight, {shown.said}")
    keys = [label.key for label in shown.flow.labels[:_SMALL]]
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
    table = pd.DataFrame(np.round(minutes.T).astype(int), columns=[label.name for label in labels])
    table.insert(0, "From", [wording.hour(hour) for hour in range(24)])
    foot(table, shown.covered, key="genre_hours")


def one_card(shown: Sounding, only: Picked) -> None:
    """Show the artists of the genre or family the page is narrowed to."""
    found = genres.artists_of(shown.view, shown.known, only.level, only.key, _OF_ONE)
    st.subheader(wording.plain(f"Your {only.name}"), anchor=False)
    st.caption(f"Artists by their time within {wording.plain(only.name)}, {shown.said}")
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
        )
        for place, each in enumerate(found, start=1)
    ]
    top_list(rows, key="genre_artists", label=f"Artists of {only.name}", columns=2)


def foot(table: pd.DataFrame, covered: Covered, *, key: str, counts: str = "") -> None:
    """Close a card: its numbers as a table and a file, what they count, and whom no genre is known of."""
    with st.container(horizontal=True, key=f"foot_{key}"):
        with st.popover("View as table"):
            st.dataframe(table, hide_index=True, key=f"table_{key}")
            st.download_button(
                "Download as CSV",
                lambda: sheet.csv(table),
                f"genres-{key}.csv",
                "text/csv",
                on_click="ignore",
                key=f"csv_{key}",
            )
        with st.popover("What this counts"):
            st.write(f"{DIVIDED} {counts}".strip())
        with st.popover(f"Covers {covered.share:.0%} of the time"):
            _missing(covered)


def _missing(covered: Covered) -> None:
    hours = wording.length(covered.known_minutes), wording.length(covered.minutes)
    st.write(f"Genres are known for {hours[0]} of {hours[1]}.")
    if covered.hidden_minutes:
        st.write(f"{wording.length(covered.hidden_minutes)} are of artists or genres you left out.")
    if not covered.missing:
        return
    count = covered.artist_count
    st.write(f"No genre is known of {count:,} {'artist' if count == 1 else 'artists'}; those you hear most:")
    table = pd.DataFrame(
        {
            "Artist": [each.name for each in covered.missing],
            "Time": [wording.length(each.minutes) for each in covered.missing],
        }
    )
    st.dataframe(table, hide_index=True)
    st.caption("You can say what they are under “Change genres” at the end of this page.")


def flow_table(flow: Flow) -> pd.DataFrame:
    """Return minutes of the largest over time as a table a person reads."""
    table = pd.DataFrame(np.round(flow.minutes.T, 1), columns=unique([label.name for label in flow.labels]))
    table.insert(0, "From", [days.day(start) for start in flow.starts])
    return table


def parts_table(parts: Sequence[Part], families: Mapping[str, str]) -> pd.DataFrame:
    """Return genres as a table a person reads."""
    return pd.DataFrame(
        {
            "Genre": [part.label.name for part in parts],
            "Family": [families.get(part.label.family, "") for part in parts],
            "Hours": [round(part.minutes / 60, 1) for part in parts],
            "Share": [f"{part.share:.1%}" for part in parts],
            "Artists": [part.artist_count for part in parts],
        }
    )


def ties_table(ties: Ties) -> pd.DataFrame:
    """Return ties as pairs, the strongest first."""
    pairs = [
        (float(ties.minutes[i, j]), ties.names[i], ties.names[j])
        for i in range(len(ties.names))
        for j in range(i + 1, len(ties.names))
        if ties.minutes[i, j] > 0
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1:]))
    return pd.DataFrame(
        {
            "One": [one for _, one, _ in pairs],
            "Other": [other for *_, other in pairs],
            "Minutes": [round(each) for each, *_ in pairs],
        }
    )


def ties_of(shown: Sounding, ring: Ring) -> Ties:
    """Return the ties between genres, or between genres and artists."""
    if ring is Ring.ARTISTS:
        return genres.artist_ties(shown.view, shown.known, shown.level, SHOWN, _TIED_ARTISTS)
    return genres.genre_ties(shown.view, shown.known, shown.level, _TIED)


def _ties_title(shown: Sounding, ties: Ties) -> str:
    """Return which two go together most, where that is clear."""
    if len(ties.names) > ties.genre_count:
        return f"Which artists make which {shown.level}"
    return wording.plain(genre_findings.closest(ties, shown.parts) or f"How {shown.level} hang together")


def _bands(shown: Sounding) -> list[Band]:
    bands = [
        Band(label.key, label.name, shown.colours[label.key], minutes.tolist())
        for label, minutes in zip(shown.labels, shown.flow.minutes, strict=False)
    ]
    if not shown.rest.any():
        return bands
    return [*bands, Band("", f"{len(shown.parts) - len(bands)} more", REST[shown.tokens.name], shown.rest.tolist())]


def _shares(bands: Sequence[Band]) -> list[Band]:
    """Return bands whose values are parts of each moment's whole."""
    wholes = np.sum([band.values for band in bands], axis=0)
    wholes[wholes == 0] = 1.0
    return [replace(band, values=(np.array(band.values) / wholes).tolist()) for band in bands]


def _of_all(each: genres.Portion) -> str:
    share = each.minutes / each.whole_minutes if each.whole_minutes else 0.0
    return "all of their time" if share > 0.995 else f"{share:.0%} of their {wording.length(each.whole_minutes)}"


def _said(start: date, bucket: Bucket) -> str:
    if bucket is Bucket.MONTH:
        return days.month(start)
    return days.day(start) if bucket is Bucket.DAY else f"the week from {days.day(start)}"


def _ticks(flow: Flow) -> list[tuple[int, str]]:
    """Return short words under some moments: years, or months where there are few."""
    starts = flow.starts
    by_year = bool(starts) and starts[-1].year - starts[0].year >= 2
    found: list[tuple[int, str]] = []
    for at, start in enumerate(starts):
        before = starts[at - 1] if at else None
        if by_year:
            if before is not None and before.year != start.year:
                found.append((at, str(start.year)))
        elif flow.bucket is Bucket.DAY:
            if start.weekday() == 0:
                found.append((at, f"{start.day} {days.MONTHS_SHORT[start.month - 1]}"))
        elif before is not None and before.month != start.month:
            year = f" {start.year}" if start.month == 1 else ""
            found.append((at, f"{days.MONTHS_SHORT[start.month - 1]}{year}"))
    return found


def unique(names: Sequence[str]) -> list[str]:
    """Return names as columns, which must differ: a family and a genre may share one."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found
