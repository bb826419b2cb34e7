"""Listeners of other sizes than the sample one's: of a single week, and of a million plays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.listeners import add_listener
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.genres import seeded_names
from rewrapped.history import genres
from rewrapped.history.genremap import Level
from rewrapped.history.tops import Noun, top
from rewrapped.services import browsers, genre_choices, importing, listening, sessions
from tests import exports
from tests.browser.site import Site
from tests.gigs import a_person

_SEED, _MILLION = 1, 1_000_000
_DAYS, _ROWS, _AWAKE = 7, 190, range(7, 24)


@dataclass(frozen=True)
class Listener:
    """Somebody with a history: the cookie of their session, and the addresses of their most played items."""

    name: str
    cookie: tuple[str, str]
    items: tuple[str, ...]


def of_a_week(site: Site) -> Listener:
    """Return a newcomer whose first plays were a week ago; some of their artists have known genres."""
    with site.opened() as deps, TemporaryDirectory() as folder:
        visitor = a_person(deps)
        export = exports.write_export(Path(folder) / "week.zip", _week(deps.now()))
        importing.import_files(deps, visitor.listening_to(), [export])
        return _listener(deps, "week", visitor)


def of_a_million_plays(site: Site) -> Listener:
    """Return somebody with a million plays over nine years."""
    with site.opened() as deps:
        visitor = Visitor.person(add_listener(deps, _MILLION, _SEED), Role.REGULAR)
        return _listener(deps, "million", visitor)


def _week(now: datetime) -> list[exports.Row]:
    """Return the rows of a week's waking hours until now."""
    heard = exports.listening(_ROWS, _SEED, start=now - timedelta(days=_DAYS))
    names = list(islice((name.title() for name in seeded_names()), 0, 400, 10))
    artist = "master_metadata_album_artist_name"
    by_artist = {name: names[at % len(names)] for at, name in enumerate(dict.fromkeys(row[artist] for row in heard))}
    return [
        row | {"offline": False} | ({artist: by_artist[row[artist]]} if row[artist] else {})
        for row in heard
        if datetime.fromisoformat(row["ts"]) < now and datetime.fromisoformat(row["ts"]).hour in _AWAKE
    ]


def _listener(deps: Deps, name: str, visitor: Visitor) -> Listener:
    history = listening.history(deps, visitor)
    best = {noun: top(history, noun, 1)[0].id for noun in (Noun.ARTISTS, Noun.ALBUMS, Noun.TRACKS)}
    known = genre_choices.map_of(deps, history, genre_choices.own_genres(deps, visitor))
    genre = genres.parts(history, known, Level.GENRES)[0].label.key
    token = sessions.start(deps, visitor.listening_to())
    return Listener(
        name,
        (browsers.cookies(deps.site).session, token),
        (
            *(f"item?of={str(noun).removesuffix('s')}&id={number}&range=all" for noun, number in best.items()),
            f"item?of=genre&id={genre}&range=all",
        ),
    )
