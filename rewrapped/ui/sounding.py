"""What every card of the Genres page draws from: the parts of a view, their flow over time, and their colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from rewrapped.charts.palettes import Tokens
from rewrapped.components.stream import Band
from rewrapped.domain import days
from rewrapped.domain.plays import Filter
from rewrapped.history import genres
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap, Label, Level
from rewrapped.history.genres import Covered, Flow, Part
from rewrapped.history.timeline import Bucket
from rewrapped.ui.genre_view import SHOWN, Picked, bucket_for, colours, shown_parts

SMALL = 12  # parts that have lines and pictures of their own
_REST = {"dark": "#4A4058", "light": "#CFC4B2"}  # a band of all that has no colour of its own


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
    filter: Filter
    said: str

    @property
    def labels(self) -> tuple[Label, ...]:
        """Return the labels that have a colour, the largest first."""
        return self.flow.labels[:SHOWN]


def sound(whole: History, chosen: Filter, look: Look, only: Picked | None, said: str) -> Sounding:
    """Return what the cards draw from, of the whole history through a filter."""
    view = whole.filter(chosen)
    music = genres.parts(whole.filter(Filter()), look.known, look.level)
    parts = shown_parts(genres.parts(view, look.known, look.level), only)
    keys = [part.label.key for part in parts]
    is_within = only is not None and only.level is Level.FAMILIES
    flow = genres.flow(view, look.known, look.level, bucket_for(view), keys if is_within else keys[:SMALL])
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
        filter=chosen,
        said=said,
    )


def bands(shown: Sounding) -> list[Band]:
    found = [
        Band(label.key, label.name, shown.colours[label.key], minutes.tolist())
        for label, minutes in zip(shown.labels, shown.flow.minutes, strict=False)
    ]
    if not shown.rest.any():
        return found
    return [*found, Band("", f"{len(shown.parts) - len(found)} more", _REST[shown.tokens.name], shown.rest.tolist())]


def shares(found: Sequence[Band]) -> list[Band]:
    """Return bands whose values are parts of each moment's whole."""
    wholes = np.sum([band.values for band in found], axis=0)
    wholes[wholes == 0] = 1.0
    return [replace(band, values=(np.array(band.values) / wholes).tolist()) for band in found]


def said(start: date, bucket: Bucket) -> str:
    if bucket is Bucket.MONTH:
        return days.month(start)
    return days.day(start) if bucket is Bucket.DAY else f"the week from {days.day(start)}"


def ticks(flow: Flow) -> list[tuple[int, str]]:
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
