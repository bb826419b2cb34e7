"""What the cards of an item's page look at: the listener's rows in the bar's view, and the item's own among them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np

from rewrapped.domain.plays import Filter, Kind
from rewrapped.history import genres, listing, tops
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap, Level
from rewrapped.history.listing import Row
from rewrapped.history.tops import Measure
from rewrapped.ui.behind import narrowed
from rewrapped.ui.filters import View
from rewrapped.ui.items import About, Of


class Section(StrEnum):
    """A part of the page; while one is shown, the others are neither worked out nor drawn."""

    TIME = "time"
    MUSIC = "music"
    PLAYS = "plays"


SECTIONS = {Section.TIME: "When", Section.MUSIC: "With what", Section.PLAYS: "Every play"}


@dataclass(frozen=True, slots=True)
class Place:
    """A rank, from 1, among `count` that are ranked; None where there is none."""

    rank: int | None
    count: int


@dataclass(frozen=True, eq=False)
class ItemView:
    """An item in a view of a history; the rest is worked out when asked for."""

    about: About
    whole: History
    view: View
    known: GenreMap
    today: date

    @cached_property
    def ever(self) -> History:
        """Return all rows of the item, whatever the bar says."""
        return self.whole.filter(self.about.filter)

    @cached_property
    def chosen(self) -> Filter:
        """Return the bar's filter; of all kinds where it would leave nothing of the item, as of a podcast."""
        kinds = {Kind(kind) for kind in np.unique(self.whole.tracks.kind[self.ever.track]).tolist()}
        chosen = self.view.filter
        return chosen if not kinds or kinds & chosen.kinds else replace(chosen, kinds=frozenset())

    @cached_property
    def shown(self) -> History:
        """Return the view: rows of everything that passes the bar."""
        return self.whole.filter(self.chosen)

    @cached_property
    def mine(self) -> History:
        """Return the item's rows in the view."""
        return self.shown.filter(self.about.filter)

    @property
    def narrowed(self) -> View:
        """Return the view narrowed to the item, for what is drawn of `mine`."""
        own = self.about.filter
        fields = {name: getattr(own, name) for name in ("artists", "albums", "tracks") if getattr(own, name)}
        return replace(self.view, filter=narrowed(self.chosen, fields))

    @cached_property
    def place(self) -> Place:
        """Return its rank in the view: by plays, a genre's by time."""
        return self._place(self.shown)

    @cached_property
    def place_before(self) -> Place | None:
        """Return its rank in the range the view is compared with, None where there is none."""
        before = self.shown.previous()
        return None if before is None else self._place(before)

    @cached_property
    def place_ever(self) -> Place:
        """Return its rank among everything of the kinds shown."""
        return self._place(self.whole.filter(Filter(kinds=self.chosen.kinds)))

    @cached_property
    def first(self) -> Row | None:
        """Return the first play of it, whatever the bar says."""
        return next(iter(listing.earliest(self.ever, 1)), None)

    @cached_property
    def last(self) -> Row | None:
        """Return the latest play of it, whatever the bar says."""
        return next(iter(listing.recent(self.ever, 1)), None)

    def _place(self, history: History) -> Place:
        if self.about.of is not Of.GENRE:
            return Place(*tops.rank_of(history, self.about.noun, int(self.about.key), Measure.PLAYS))
        keys = [part.label.key for part in genres.parts(history, self.known, Level.GENRES)]
        return Place(keys.index(self.about.key) + 1 if self.about.key in keys else None, len(keys))
