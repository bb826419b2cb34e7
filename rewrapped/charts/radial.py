"""Round pictures: the hours of a day as a clock, the months of years around a dial. SVG of ours, shown by `svg`."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from math import cos, pi, sin

import pandas as pd

from rewrapped.charts.calendar import LEGEND_CSS
from rewrapped.charts.framed import Drawing
from rewrapped.charts.legends import legend
from rewrapped.charts.lettering import Face
from rewrapped.charts.palettes import Tokens, mixed
from rewrapped.domain.days import MONTHS, MONTHS_SHORT

#: Dresses both; `svg` shows them as wide as their place, up to a size that stays a picture.
CSS = (
    LEGEND_CSS
    + """
.picture { display: grid; justify-items: center; gap: 10px; }
.svg .picture svg { width: 100%; max-width: 390px; height: auto; overflow: visible; }
.picture :is(path.hour, circle) { transition: opacity .15s; }
.picture svg:has(path.hour:hover) path.hour:not(:hover) { opacity: .45; }
.picture circle:hover { r: 6px; }
.picture .legend { justify-content: center; }
"""
)
_SIZE = 400
_CENTRE = _SIZE / 2
_LABELS = 186  # where words stand, from the centre
_HUB, _REACH = 84, 84  # the clock's hole, and its longest hour
_INNER, _OUTER = 24, 164  # none, and the most, of the dial
_STEPS = [float(f"{digit}e{size}") for size in range(7) for digit in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)]
_YEARS_TOLD = 5  # the latest, which have colours of their own


def clock(plays: Sequence[int], tokens: Tokens, busiest: str = "") -> str:
    """Return 24 hours as a clock, midnight at the top; `busiest` ("18:00") stands in its middle where one hour is."""
    most = max(plays, default=0) or 1
    hours = "".join(_hour(hour, count, count / most, tokens) for hour, count in enumerate(plays))
    words = "".join(_word(f"{hour:02d}", hour / 24, tokens.muted) for hour in range(0, 24, 3))
    middle = (
        f'<text x="{_CENTRE}" y="{_CENTRE + 8}" text-anchor="middle" font-size="38" font-weight="650" '
        f'fill="{tokens.text}" style="font-family: var(--st-heading-font)">{html.escape(busiest)}</text>'
        f'<text x="{_CENTRE}" y="{_CENTRE + 32}" text-anchor="middle" font-size="14" fill="{tokens.muted}">'
        "busiest hour</text>"
        if busiest
        else ""
    )
    return _framed("Plays by hour of the day", hours + words + middle)


def year_dial(months: pd.DataFrame, tokens: Tokens) -> str:
    """Return monthly hours around a dial, a line per year, January at the top, with a key of the years.

    `months` has a row per month of every year: `year`, `month` (1 to 12),
    `heard_minutes`, and `known`, without which a month isn't drawn. The latest
    five years have colours of their own, those before stand behind them.
    Months of which each is known in one year alone are one line, once around.
    """
    if is_one_turn(months):
        return _one_turn(months[months["known"]], tokens)
    years = months["year"].unique().tolist()
    told = _year_colours(years, tokens)
    most = _round_up(months["heard_minutes"].max() / 60 if len(months) else 0)
    parts = [*_rings(most, tokens)]
    parts += [_word(name, at / 12, tokens.muted) for at, name in enumerate(MONTHS_SHORT)]
    for year in years:
        own = months[(months["year"] == year) & months["known"]]
        parts.append(_year(own, most, told.get(year, _faint(tokens)), is_latest=year == years[-1]))
    return _framed("Hours by month, a line for each year", "".join(parts)) + legend(dial_key(months, tokens))


def drawing(markup: str) -> Drawing:
    """Return the round picture that one of the two above begins with, to be taken away."""
    alone = markup[: markup.index("</svg>") + len("</svg>")]
    return Drawing(alone.replace("var(--st-heading-font)", Face.DISPLAY.family), _SIZE, _SIZE)


def is_one_turn(months: pd.DataFrame) -> bool:
    """Return whether months of two years, none of them known twice, go once around the dial."""
    known = months[months["known"]]
    return bool(known["month"].is_unique and known["year"].nunique() > 1)


def _one_turn(known: pd.DataFrame, tokens: Tokens) -> str:
    most = _round_up(known["heard_minutes"].max() / 60)
    parts = [*_rings(most, tokens)]
    parts += [_word(name, at / 12, tokens.muted) for at, name in enumerate(MONTHS_SHORT)]
    parts.append(_year(known, most, tokens.categorical[0], is_latest=True))
    ends = (known.iloc[0], known.iloc[-1])
    said = " to ".join(f"{MONTHS_SHORT[int(end['month']) - 1]} {int(end['year'])}" for end in ends)
    return _framed("Hours by month, once around", "".join(parts)) + legend([(tokens.categorical[0], said)])


def _hour(hour: int, count: int, share: float, tokens: Tokens) -> str:
    start, end = hour / 24 + 0.002, (hour + 1) / 24 - 0.002
    outer = _HUB + 2 + _REACH * share
    colour = tokens.sequential[1 + round(share * (len(tokens.sequential) - 2))]
    (ax, ay), (bx, by) = _place(start, _HUB), _place(start, outer)
    (cx, cy), (dx, dy) = _place(end, outer), _place(end, _HUB)
    said = f"{hour:02d}:00 to {(hour + 1) % 24:02d}:00: {count:,} {'play' if count == 1 else 'plays'}"
    return (
        f'<path class="hour" fill="{colour}" d="M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}A{outer:.1f} {outer:.1f} 0 0 1 '
        f'{cx:.1f} {cy:.1f}L{dx:.1f} {dy:.1f}A{_HUB} {_HUB} 0 0 0 {ax:.1f} {ay:.1f}Z"><title>{said}</title></path>'
    )


def _year(own: pd.DataFrame, most: float, colour: str, *, is_latest: bool) -> str:
    spots = []
    marks = []
    for year, month, minutes in zip(own["year"], own["month"], own["heard_minutes"], strict=True):
        x, y = _place((month - 1) / 12, _radius(minutes / 60, most))
        spots.append(f"{x:.1f} {y:.1f}")
        said = f"{MONTHS[month - 1]} {year}: {minutes / 60:,.1f} hours"
        size = 4 if is_latest else 3
        marks.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" style="fill: {colour}"><title>{said}</title></circle>'
        )
    width = 3 if is_latest else 1.75
    line = f'<path fill="none" stroke-width="{width}" style="stroke: {colour}" d="M{"L".join(spots)}" />'
    return (line if len(spots) > 1 else "") + "".join(marks)


def _rings(most: float, tokens: Tokens) -> Iterator[str]:
    """Return the dial's rings, each with its hours beside the line of December and January."""
    for part in (1 / 3, 2 / 3, 1):
        radius = _radius(most * part, most)
        x, y = _place(1 / 24, radius)
        yield f'<circle cx="{_CENTRE}" cy="{_CENTRE}" r="{radius:.1f}" fill="none" stroke="{tokens.edge}" />'
        yield (
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" dominant-baseline="middle" font-size="12" '
            f'fill="{tokens.muted}" stroke="{tokens.card}" stroke-width="4" paint-order="stroke">{most * part:,.0f} h'
            "</text>"
        )


def dial_key(months: pd.DataFrame, tokens: Tokens) -> list[tuple[str, str]]:
    """Return the colour of each year of a dial, the ones without a colour of their own together."""
    years = months["year"].unique().tolist()
    told = _year_colours(years, tokens)
    entries = [(told[year], str(year)) for year in years if year in told]
    earlier = [year for year in years if year not in told]
    if earlier:
        said = f"{earlier[0]}" if len(earlier) == 1 else f"{earlier[0]}–{earlier[-1]}"
        entries.insert(0, (_faint(tokens), said))
    return entries


def _faint(tokens: Tokens) -> str:
    """Return the colour of years that stand behind the others."""
    return mixed(tokens.muted, tokens.card, 0.45)


def _year_colours(years: Sequence[int], tokens: Tokens) -> dict[int, str]:
    """Return the colours of the latest years, that of the last one first in the palette."""
    return dict(zip(list(reversed(years))[:_YEARS_TOLD], tokens.categorical, strict=False))


def _round_up(hours: float) -> float:
    """Return a number of hours above these that three rings divide evenly."""
    return 3 * next(step for step in _STEPS if 3 * step >= hours)


def _radius(hours: float, most: float) -> float:
    return _INNER + (_OUTER - _INNER) * hours / most


def _place(turn: float, radius: float) -> tuple[float, float]:
    """Return where a part of a turn, 0 to 1 clockwise from the top, lies at a radius."""
    return _CENTRE + radius * sin(2 * pi * turn), _CENTRE - radius * cos(2 * pi * turn)


def _word(text: str, turn: float, colour: str) -> str:
    x, y = _place(turn, _LABELS)
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" dominant-baseline="middle" font-size="14" '
        f'fill="{colour}">{text}</text>'
    )


def _framed(says: str, inside: str) -> str:
    return f'<svg viewBox="0 0 {_SIZE} {_SIZE}" role="img" aria-label="{says}">{inside}</svg>'
