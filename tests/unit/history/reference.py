"""The insights written slowly and obviously, row by row: what the engine is held against."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from rewrapped.domain.plays import Filter, Flags, PlayRule, RuleKind, Source, TimeRange, normalise
from rewrapped.history.columns import Columns
from rewrapped.history.frame import History
from rewrapped.history.platforms import family
from tests.unit.history.lists import from_lists

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ESTIMATED = (Source.LISTENBRAINZ, Source.LASTFM, Source.SPOTIFY_API)


def bare(name: str) -> str:
    """Return a name as a search takes it: normalised, without accents."""
    return "".join(
        sign for sign in unicodedata.normalize("NFKD", normalise(name)) if unicodedata.category(sign) != "Mn"
    )


@dataclass(frozen=True)
class Track:
    id: int
    uri: str | None = None
    title: str | None = None
    artist: int | None = None  # an id, as album
    album: int | None = None
    kind: int = 0
    duration_ms: int = 0
    name_key: bytes | None = None


@dataclass(frozen=True)
class Heard:
    """A row as stored."""

    ended_at: datetime
    track: Track
    ms_played: int = 200_000
    source: Source = Source.EXTENDED
    platform: str = ""
    country: str = ""
    reason_end: str = ""
    flags: int = 0


@dataclass(frozen=True)
class Listener:
    rows: list[Heard] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)
    artists: dict[int, str] = field(default_factory=dict)
    albums: dict[int, str] = field(default_factory=dict)
    zone: str = "UTC"
    rule: PlayRule = field(default_factory=PlayRule)

    def __post_init__(self) -> None:
        self.rows.sort(key=lambda row: row.ended_at)

    def columns(self) -> Columns:
        words = {row.platform for row in self.rows} | {row.country for row in self.rows}
        labels = ["", *sorted((words | {row.reason_end for row in self.rows}) - {""})]
        artists, albums, tracks = list(self.artists), list(self.albums), [track.id for track in self.tracks]
        code = {None: -1} | {each: place for place, each in enumerate(artists)}
        album_code = {None: -1} | {each: place for place, each in enumerate(albums)}
        album_artist = {track.album: track.artist for track in self.tracks}
        return from_lists(
            {
                "ended_at": [(row.ended_at - EPOCH) // timedelta(microseconds=1) for row in self.rows],
                "track": [tracks.index(row.track.id) for row in self.rows],
                "ms_played": [row.ms_played for row in self.rows],
                "source": [int(row.source) for row in self.rows],
                "platform": [labels.index(row.platform) for row in self.rows],
                "country": [labels.index(row.country) for row in self.rows],
                "reason_start": [0 for _ in self.rows],
                "reason_end": [labels.index(row.reason_end) for row in self.rows],
                "flags": [row.flags for row in self.rows],
                "tracks.id": tracks,
                "tracks.uri": [track.uri for track in self.tracks],
                "tracks.title": [track.title for track in self.tracks],
                "tracks.artist": [code.get(track.artist, -1) for track in self.tracks],
                "tracks.album": [album_code.get(track.album, -1) for track in self.tracks],
                "tracks.kind": [track.kind for track in self.tracks],
                "tracks.duration_ms": [track.duration_ms for track in self.tracks],
                "tracks.name_key": [track.name_key for track in self.tracks],
                "artists.id": artists,
                "artists.name": list(self.artists.values()),
                "albums.id": albums,
                "albums.name": list(self.albums.values()),
                "albums.artist": [code.get(album_artist.get(album), -1) for album in albums],
                "labels": labels,
            }
        )

    def history(self) -> History:
        return History.build(self.columns(), self.zone, self.rule)

    # What a row means ----------------------------------------------------------------------------

    def local(self, row: Heard) -> datetime:
        return row.ended_at.astimezone(ZoneInfo(self.zone))

    def day(self, row: Heard) -> date:
        return self.local(row).date()

    def track(self, row: Heard) -> Track:
        """Return the track a row counts under."""
        return self._joined.get(row.track, row.track)

    @cached_property
    def _joined(self) -> dict[Track, Track]:
        return {track: self._join(track) for track in self.tracks}

    def _join(self, own: Track) -> Track:
        if own.uri is not None or own.name_key is None:
            return own
        same = [track for track in self.tracks if track.uri is not None and track.name_key == own.name_key]
        if not same:
            return own

        def order(track: Track) -> tuple[int, int, str]:
            of_track = [each.ms_played for each in self.rows if each.track == track]
            return -sum(ms >= 30_000 for ms in of_track), -sum(of_track), track.uri

        return min(same, key=order)

    def heard_ms(self, row: Heard) -> int:
        if row.source in ESTIMATED and row.ms_played == 0:
            return self.track(row).duration_ms
        return row.ms_played

    def is_play(self, row: Heard) -> bool:
        if row.source in ESTIMATED or self.rule.kind is RuleKind.ANY:
            return True
        if self.rule.kind is RuleKind.SECONDS:
            return row.ms_played >= self.rule.seconds * 1000
        if self.rule.kind is RuleKind.HALF and self.track(row).duration_ms:
            return row.ms_played * 2 >= self.track(row).duration_ms
        if self.rule.kind is RuleKind.FINISHED and row.reason_end:
            return row.reason_end == "trackdone"
        return row.ms_played >= 30_000

    # Views -----------------------------------------------------------------------------------------

    def passes(self, row: Heard, chosen: Filter) -> bool:
        local, track = self.local(row), self.track(row)
        span = chosen.time_range
        return (
            (span.start_on is None or local.date() >= span.start_on)
            and (span.end_on is None or local.date() < span.end_on)
            and (not chosen.weekdays or local.weekday() in chosen.weekdays)
            and (not chosen.hours or local.hour in chosen.hours)
            and (not chosen.months or local.month in chosen.months)
            and (not chosen.platforms or (row.platform != "" and family(row.platform) in chosen.platforms))
            and (not chosen.countries or row.country in chosen.countries)
            and (not chosen.sources or row.source in chosen.sources)
            and (not chosen.kinds or track.kind in chosen.kinds)
            and (not chosen.artists or track.artist in chosen.artists)
            and (not chosen.albums or track.album in chosen.albums)
            and (not chosen.tracks or self._is_one_of(track, chosen.tracks))
            and says(row, chosen.skipped, Flags.SKIPPED, Flags.SKIPPED_KNOWN)
            and says(row, chosen.shuffle, Flags.SHUFFLE, Flags.SHUFFLE_KNOWN)
            and says(row, chosen.offline, Flags.OFFLINE, Flags.OFFLINE_KNOWN)
        )

    def _is_one_of(self, track: Track, ids: frozenset[int]) -> bool:
        """Compare what the wanted tracks count under: a name track is looked for under its URI track."""
        wanted = [self.track(Heard(EPOCH, each)).id for each in self.tracks if each.id in ids]
        return track.id in wanted

    def view(self, *filters: Filter) -> list[Heard]:
        return [row for row in self.rows if all(self.passes(row, chosen) for chosen in filters)]

    def previous(self, chosen: Filter) -> list[Heard] | None:
        if not self.rows:
            return None
        before = compared_with(chosen.time_range, max(map(self.day, self.rows)))
        if before is None or before.start_on < min(map(self.day, self.rows)):
            return None
        return self.view(chosen.within(before))

    def span(self, time_range: TimeRange) -> list[date]:
        """Return the days a view is about."""
        if not self.rows:
            return []
        first, last = min(map(self.day, self.rows)), max(map(self.day, self.rows))
        known = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        start, end = time_range.start_on, time_range.end_on
        return [day for day in known if (start is None or day >= start) and (end is None or day < end)]

    # Insights --------------------------------------------------------------------------------------

    def plays(self, rows: list[Heard]) -> list[Heard]:
        return [row for row in rows if self.is_play(row)]

    def minutes(self, rows: list[Heard]) -> float:
        return sum(row.ms_played for row in rows if row.source not in ESTIMATED) / 60_000

    def estimated_minutes(self, rows: list[Heard]) -> float:
        return sum(self.heard_ms(row) for row in rows if row.source in ESTIMATED) / 60_000

    def figures(self, rows: list[Heard]) -> tuple[int, float, float]:
        return len(self.plays(rows)), self.minutes(rows), self.estimated_minutes(rows)

    def grouped(self, rows: list[Heard], key) -> dict:
        groups = defaultdict(list)
        for row in rows:
            groups[key(row)].append(row)
        return groups

    def items(self, rows: list[Heard], noun: str) -> dict[int, list[Heard]]:
        groups = self.grouped(rows, lambda row: getattr(self.track(row), {"tracks": "id"}.get(noun, noun[:-1])))
        groups.pop(None, None)
        return groups

    def name(self, noun: str, item: int) -> str | None:
        if noun == "tracks":
            return next(track.title for track in self.tracks if track.id == item)
        return (self.artists if noun == "artists" else self.albums)[item]

    def ranked(self, rows: list[Heard], noun: str, by: str) -> list[tuple[int, int, int]]:
        """Return (id, plays, heard ms) of everything with a play, or with time, best first."""
        found = [
            (item, len(self.plays(own)), sum(map(self.heard_ms, own))) for item, own in self.items(rows, noun).items()
        ]

        def order(entry: tuple[int, int, int]) -> tuple[int, int, str, int]:
            item, plays, ms = entry
            values = (plays, ms) if by == "plays" else (ms, plays)
            return -values[0], -values[1], (self.name(noun, item) or "").casefold(), item

        return sorted((entry for entry in found if entry[1 if by == "plays" else 2]), key=order)

    def days_played(self, rows: list[Heard]) -> list[date]:
        return sorted({self.day(row) for row in self.plays(rows)})

    def searched(self, rows: list[Heard], search: str) -> list[Heard]:
        def text(row: Heard) -> list[str]:
            track = self.track(row)
            return [
                bare(each or "") for each in (track.title, self.artists.get(track.artist), self.albums.get(track.album))
            ]

        return [row for row in rows if all(any(word in name for name in text(row)) for word in bare(search).split())]


def says(row: Heard, answer: bool | None, flag: Flags, known: Flags) -> bool:
    return answer is None or (bool(row.flags & known) and bool(row.flags & flag) == answer)


def compared_with(span: TimeRange, last_known: date = date.max) -> TimeRange | None:
    """Return what a range is compared with: as many days, counted back one by one.

    Of a year so far those days of last year that have a counterpart, up to the last one known.
    """
    if span.start_on is None or span.end_on is None:
        return None
    if span.is_so_far:
        last = span.end_on - timedelta(days=1)
        last = last_known if span.start_on <= last_known < last else last
        first_before, last_before = compared_with_preset("this_year", last)
        return TimeRange(first_before, last_before + timedelta(days=1))
    start, day = span.start_on, span.start_on
    while day < span.end_on:
        if start == date.min:
            return None
        start, day = start - timedelta(days=1), day + timedelta(days=1)
    return TimeRange(start, span.start_on)


def compared_with_preset(word: str, today: date) -> tuple[date, date]:
    """Return the first and the last day that a preset is compared with, worked out on a calendar by hand."""
    if word == "4w":
        return today - timedelta(days=55), today - timedelta(days=28)
    if word in ("this_year", str(today.year)):
        last_year = [
            date(today.year - 1, 1, 1) + timedelta(days=number)
            for number in range((date(today.year, 1, 1) - date(today.year - 1, 1, 1)).days)
        ]
        return last_year[0], max(day for day in last_year if (day.month, day.day) <= (today.month, today.day))
    if word.isdigit():
        return date(int(word) - 1, 1, 1), date(int(word) - 1, 12, 31)
    start = month_back(today + timedelta(days=1), int(word.removesuffix("m")))
    return month_back(start, int(word.removesuffix("m"))), start - timedelta(days=1)


def month_back(day: date, months: int) -> date:
    """Return the day of that number so many months ago, or the last one that month had."""
    first = day.replace(day=1)
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    of_month = [first + timedelta(days=number) for number in range(31)]
    return max(each for each in of_month if each.month == first.month and each.day <= day.day)


@lru_cache(maxsize=100_000)
def exists(zone: str, day: date) -> bool:
    """Return whether a zone had a day: whether any of the hours around it fell on it."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return any((noon + timedelta(hours=away)).astimezone(ZoneInfo(zone)).date() == day for away in range(-30, 31))


def day_before(zone: str, day: date) -> date:
    """Return the day before in a zone."""
    before = day - timedelta(days=1)
    return before if exists(zone, before) else day_before(zone, before)


def longest_run(zone: str, days: list[date]) -> int:
    return max((run_up_to(zone, days, day) for day in days), default=0)


def current_run(zone: str, days: list[date], today: date) -> int:
    return run_up_to(zone, days, today if today in days else day_before(zone, today))


def run_up_to(zone: str, days: list[date], last: date) -> int:
    run = 0
    while last in days:
        run, last = run + 1, day_before(zone, last)
    return run
