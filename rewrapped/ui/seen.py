"""What a listening page looks at in this run, so that whatever is drawn of it can say what it counts.

A run has a thread to itself while it lasts: what one page sets, no other sees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import parse_qsl

from rewrapped.charts.framed import Drawing
from rewrapped.charts.palettes import Tokens
from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.history import coverage, filterquery
from rewrapped.history.filterquery import Picked
from rewrapped.history.frame import History
from rewrapped.ui import filters, wording
from rewrapped.ui.filters import View

_BEFORE_ALL = date(1990, 1, 1)  # the first day that an address can name


@dataclass(frozen=True, eq=False)
class Picture:
    """What a file of a chart shows, drawn when it is asked for; `key` has (colour, text) pairs.

    `drawn_by` is the key of a component that draws in the browser: there, the
    file is made by it.
    """

    draw: Callable[[Tokens], Drawing] | None = None
    key: Sequence[tuple[str, str]] = ()
    drawn_by: str = ""


@dataclass(eq=False)
class Card:
    """What was last drawn: the title and the words over a chart, and its picture."""

    title: str = ""
    said: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, eq=False)
class Seen:
    """A whole history, as built, and the view of it that a page shows; `today` is the listener's local day."""

    whole: History
    view: View
    today: date
    _cards: list[Card] = field(default_factory=lambda: [Card()])

    @property
    def card(self) -> Card:
        """Return the card that is being drawn."""
        return self._cards[-1]

    def end_card(self) -> Card:
        """Begin another card; return the one that is done."""
        self._cards[:] = [*self._cards[-1:], Card()]
        return self._cards[0]

    @property
    def filter(self) -> Filter:
        """Return the filter the page looks through."""
        return self.view.filter

    @cached_property
    def holes(self) -> tuple[date, ...]:
        """Return the first days of the months without rows."""
        return coverage.holes(self.whole)

    def narrowed(self, chosen: Filter) -> list[str]:
        """Return what a filter leaves out besides the time, in words; names are shown as they are."""
        plain = Filter()
        names = [key for key in filterquery.NARROWING if getattr(chosen, key) != getattr(plain, key)]
        return [wording.chip(name, chosen, self.whole) for name in names]

    def query(self, chosen: Filter) -> dict[str, str] | None:
        """Return a filter as the address of a listening page; None where an address can't say it."""
        if any(len(ids) > filterquery.MOST_VALUES for ids in (chosen.artists, chosen.albums, chosen.tracks)):
            return None
        address = dict(parse_qsl(filters.address()))
        picked = filterquery.read(address, filters.default_range(self.whole, self.today))
        if picked.time_range(self.today) != chosen.time_range:
            picked = replace(_spanning(chosen.time_range, self.today), rule=picked.rule)
        rest = {key: word for key, word in address.items() if key not in filterquery.KEYS}
        return rest | filterquery.write(replace(picked, rest=chosen))


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


def look_through(whole: History, view: View, today: date) -> None:
    """Remember in this run what the page looks at."""
    _seen.set(Seen(whole, view, today))


def current() -> Seen | None:
    """Return what the page looks at; None on a page that shows no listening."""
    return _seen.get()


def forget() -> None:
    """Begin a run: nothing is looked at yet."""
    _seen.set(None)


def _spanning(days: TimeRange, today: date) -> Picked:
    """Return a time range as the filter bar would be set to it; one without an end reaches to today."""
    if days == TimeRange():
        return Picked("all")
    first = days.start_on or _BEFORE_ALL
    last = days.end_on - timedelta(days=1) if days.end_on else max(today, first)
    return Picked("custom", first, max(first, last))
