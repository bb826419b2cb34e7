"""How a listening endpoint's query narrows a history: the filter bar's parts, each checked."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from rewrapped.domain.plays import Filter, Kind, PlayRule, Source, TimeRange, preset_range
from rewrapped.errors import InvalidInput
from rewrapped.history.platforms import FAMILIES
from rewrapped.web.v1.asking import Query


def _iso(text: object) -> object:
    """Refuse what else could be read as a day: "epoch", or seconds since 1970."""
    if isinstance(text, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        raise ValueError("a day is written YYYY-MM-DD")
    return text


Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2200, 12, 31)), BeforeValidator(_iso)]
Weekday = Annotated[int, Field(ge=0, le=6)]
Hour = Annotated[int, Field(ge=0, le=23)]
Month = Annotated[int, Field(ge=1, le=12)]
Platform = Annotated[str, Field(json_schema_extra={"enum": sorted(FAMILIES)})]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
SourceWord = Literal["extended", "account", "listenbrainz", "lastfm", "spotify_api"]
KindWord = Literal["track", "episode", "chapter"]
EntityId = Annotated[int, Field(ge=1, lt=2**63)]

_RANGE = "`all`, `4w`, `3m`, `6m`, `12m`, `this_year`, or a year such as `2019`; or else `from` and `to`."
_RULE = (
    "What counts as a play: `30s` or another number of seconds up to 86400, `half`, `finished`, `any`; your own else."
)
_MOST = 50  # values of one parameter
_SOURCES = {source.word: source for source in Source}
_KINDS = {kind.name.lower(): kind for kind in Kind}


class Narrowing(Query):
    """Which plays count: those that fit every part that is given. Days and hours are the listener's own."""

    range: Annotated[str, Field(pattern="^(all|4w|3m|6m|12m|this_year|20[0-9]{2})$", description=_RANGE)] = "all"
    start_on: Annotated[Day | None, Field(alias="from", description="The first day.")] = None
    end_on: Annotated[Day | None, Field(alias="to", description="The day after the last.")] = None
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7, description="0 is Monday.")] = ()
    hours: Annotated[tuple[Hour, ...], Field(max_length=24)] = ()
    months: Annotated[tuple[Month, ...], Field(max_length=12)] = ()
    platforms: Annotated[tuple[Platform, ...], Field(max_length=_MOST)] = ()
    countries: Annotated[tuple[Country, ...], Field(max_length=_MOST)] = ()
    sources: Annotated[tuple[SourceWord, ...], Field(max_length=_MOST)] = ()
    kinds: Annotated[tuple[KindWord, ...], Field(max_length=3, description="Music alone unless given.")] = ()
    artists: Annotated[tuple[EntityId, ...], Field(max_length=_MOST)] = ()
    albums: Annotated[tuple[EntityId, ...], Field(max_length=_MOST)] = ()
    tracks: Annotated[tuple[EntityId, ...], Field(max_length=_MOST)] = ()
    skipped: bool | None = None
    shuffle: bool | None = None
    offline: bool | None = None
    rule: Annotated[str | None, Field(pattern="^([0-9]{1,5}s|half|finished|any)$", description=_RULE)] = None

    @property
    def play_rule(self) -> PlayRule | None:
        """Return the rule that is asked for, None for the listener's own.

        Raises:
            InvalidInput: that are too many seconds.
        """
        return None if self.rule is None else PlayRule.parse(self.rule)

    def filter(self, today: date) -> Filter:
        """Return the filter; `today` is the listener's local day.

        Raises:
            InvalidInput: the range ends before it starts, or is given twice.
        """
        return Filter(
            time_range=self._time_range(today),
            weekdays=frozenset(self.weekdays),
            hours=frozenset(self.hours),
            months=frozenset(self.months),
            platforms=frozenset(self.platforms),
            countries=frozenset(self.countries),
            sources=frozenset(_SOURCES[word] for word in self.sources),
            kinds=frozenset(_KINDS[word] for word in self.kinds) or Filter().kinds,
            artists=frozenset(self.artists),
            albums=frozenset(self.albums),
            tracks=frozenset(self.tracks),
            skipped=self.skipped,
            shuffle=self.shuffle,
            offline=self.offline,
        )

    def _time_range(self, today: date) -> TimeRange:
        if self.start_on is None and self.end_on is None:
            return preset_range(self.range, today)
        if self.range != "all":
            raise InvalidInput("Give either `range`, or days by `from` and `to`.")
        return TimeRange(self.start_on, self.end_on)
