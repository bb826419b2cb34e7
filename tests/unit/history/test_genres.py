"""Genres against a slow reference: row by row, an artist's time divided among their genres."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import strategies as st

from rewrapped.domain.owngenres import Change, OwnGenres, artist_subject
from rewrapped.domain.plays import Filter, normalise
from rewrapped.history import genres
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap, Level, genre_map
from rewrapped.history.timeline import Bucket, timeline
from tests.unit.history.listeners import filters, listeners
from tests.unit.history.reference import Heard, Listener
from tests.unit.history.test_against_reference import close, held

TOLD = {"ana": (("indie-rock", 1.0), ("synth-pop", 0.5), ("rock", 0.5)), "strasse": (("techno", 1.0),)}
NOTHING = OwnGenres()


def told(_code: int, key: str) -> tuple[tuple[str, float], ...]:
    return TOLD.get(key, ())


def mapped(history: History, own: OwnGenres = NOTHING) -> GenreMap:
    return genre_map([normalise(name) for name in history.artists.name.to_pylist()], told, own)


def family(key: str) -> str:
    return NOTHING.family_of(key)


def divided(listener: Listener, row: Heard, level: Level) -> dict[str, float]:
    """Return the minutes of a row by genre or family."""
    artist = listener.track(row).artist
    weights = TOLD.get(normalise(listener.artists.get(artist, "")), ())
    whole = sum(weight for _, weight in weights)
    found: dict[str, float] = defaultdict(float)
    for key, weight in weights:
        found[key if level is Level.GENRES else family(key)] += weight / whole * listener.heard_ms(row) / 60_000
    return found


def summed(parts: list[dict[str, float]]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for part in parts:
        for key, minutes in part.items():
            found[key] += minutes
    return {key: minutes for key, minutes in found.items() if minutes}


@pytest.mark.parametrize("level", Level)
@held(listener=listeners(), chosen=filters())
def test_the_parts_of_a_view_add_up_to_the_time_that_is_known(level: Level, listener: Listener, chosen: Filter) -> None:
    view = listener.history().filter(chosen)
    rows = listener.view(chosen)
    expected = summed([divided(listener, row, level) for row in rows])

    found = genres.parts(view, mapped(view), level)

    assert {part.label.key: part.minutes for part in found} == {key: close(value) for key, value in expected.items()}
    assert [part.minutes for part in found] == sorted((part.minutes for part in found), reverse=True)
    assert sum(part.share for part in found) == (close(1) if found else 0)
    covered = genres.coverage(view, mapped(view))
    assert covered.known_minutes == close(sum(expected.values()))
    assert covered.minutes == close(sum(map(listener.heard_ms, rows)) / 60_000)
    assert covered.estimated_minutes == close(listener.estimated_minutes(rows))


@held(listeners(), filters())
def test_who_is_missing_is_told_with_what_it_costs(listener: Listener, chosen: Filter) -> None:
    view = listener.history().filter(chosen)
    missing: dict[int, float] = defaultdict(float)
    for row in listener.view(chosen):
        artist = listener.track(row).artist
        if artist is not None and normalise(listener.artists[artist]) not in TOLD:
            missing[artist] += listener.heard_ms(row) / 60_000

    found = genres.coverage(view, mapped(view))

    assert {each.id: each.minutes for each in found.missing} == {
        artist: close(minutes) for artist, minutes in missing.items() if minutes
    }
    assert found.artist_count == len(found.missing)
    assert [each.name for each in found.missing] == [listener.artists[each.id] for each in found.missing]


@pytest.mark.parametrize("level", Level)
@held(listener=listeners(), chosen=filters(), bucket=st.sampled_from(Bucket))
def test_the_flow_has_every_bucket_and_nothing_twice(
    level: Level, listener: Listener, chosen: Filter, bucket: Bucket
) -> None:
    view = listener.history().filter(chosen)
    expected: dict[tuple[str, date], float] = defaultdict(float)
    for row in listener.view(chosen):
        day = listener.day(row)
        start = {
            Bucket.DAY: day,
            Bucket.WEEK: day - timedelta(days=day.weekday()),
            Bucket.MONTH: day.replace(day=1),
        }[bucket]
        for key, minutes in divided(listener, row, level).items():
            expected[key, start] += minutes

    keys = [label.key for label in mapped(view).at(level).labels]
    found = genres.flow(view, mapped(view), level, bucket, keys)

    bars = timeline(view, bucket)
    assert [start.date() for start in bars["start_on"]] == list(found.starts)
    assert found.heard.tolist() == [close(value) for value in bars["heard_minutes"]]
    cells = {
        (label.key, start): float(found.minutes[row, column])
        for row, label in enumerate(found.labels)
        for column, start in enumerate(found.starts)
        if found.minutes[row, column]
    }
    assert cells == {at: close(value) for at, value in expected.items() if value}
    assert found.covered.tolist() == [close(value) for value in found.minutes.sum(axis=0)]


@held(listeners(), filters())
def test_hours_of_genres_are_the_listeners_clock(listener: Listener, chosen: Filter) -> None:
    view = listener.history().filter(chosen)
    expected: dict[tuple[str, int], float] = defaultdict(float)
    for row in listener.view(chosen):
        for key, minutes in divided(listener, row, Level.GENRES).items():
            expected[key, listener.local(row).hour] += minutes

    labels, found = genres.hours(view, mapped(view), Level.GENRES, ["techno", "rock", "no such genre"])

    assert {label.key for label in labels} == {"techno", "rock"}
    for place, label in enumerate(labels):
        assert found[place].tolist() == [close(expected[label.key, hour]) for hour in range(24)]


@held(listeners(), filters())
def test_ties_are_what_artists_are_of_both(listener: Listener, chosen: Filter) -> None:
    view = listener.history().filter(chosen)
    expected: dict[tuple[str, str], float] = defaultdict(float)
    for row in listener.view(chosen):
        parts = divided(listener, row, Level.GENRES)
        whole = sum(parts.values())
        for one in parts:
            for other in parts:
                if one != other and whole:
                    expected[one, other] += parts[one] * parts[other] / whole

    found = genres.genre_ties(view, mapped(view), Level.GENRES, 10)

    assert found.genre_count == len(found.names)
    for i, one in enumerate(found.keys):
        for j, other in enumerate(found.keys):
            assert found.minutes[i, j] == close(expected[one, other])


@held(listeners(), filters())
def test_artists_are_tied_to_genres_by_their_time_in_them(listener: Listener, chosen: Filter) -> None:
    view = listener.history().filter(chosen)
    expected: dict[tuple[str, str], float] = defaultdict(float)
    for row in listener.view(chosen):
        for key, minutes in divided(listener, row, Level.GENRES).items():
            expected[key, str(listener.track(row).artist)] += minutes

    found = genres.artist_ties(view, mapped(view), Level.GENRES, 10, 10)

    cells = {
        (found.keys[i], found.keys[j]): found.minutes[i, j]
        for i in range(found.genre_count)
        for j in range(found.genre_count, len(found.keys))
        if found.minutes[i, j]
    }
    assert cells == {at: close(value) for at, value in expected.items() if value}
    assert (found.minutes == found.minutes.T).all()
    assert not found.minutes[: found.genre_count, : found.genre_count].any()


@held(listeners(), filters())
def test_the_artists_of_a_genre_come_with_all_their_time(listener: Listener, chosen: Filter) -> None:
    view = listener.history().filter(chosen)
    within: dict[int, float] = defaultdict(float)
    whole: dict[int, float] = defaultdict(float)
    for row in listener.view(chosen):
        minutes = divided(listener, row, Level.FAMILIES).get("pop", 0.0)
        if minutes:
            within[listener.track(row).artist] += minutes
            whole[listener.track(row).artist] += listener.heard_ms(row) / 60_000

    found = genres.artists_of(view, mapped(view), Level.FAMILIES, "pop", 10)

    assert {each.id: each.minutes for each in found} == {artist: close(value) for artist, value in within.items()}
    assert {each.id: each.whole_minutes for each in found} == {artist: close(value) for artist, value in whole.items()}


@held(listeners(), filters())
def test_what_a_listener_leaves_out_is_neither_known_nor_missing(listener: Listener, chosen: Filter) -> None:
    view = listener.history().filter(chosen)
    own = OwnGenres({artist_subject("Ana"): Change(is_hidden=True), "genre:techno": Change(is_hidden=True)})
    hidden = sum(
        listener.heard_ms(row) / 60_000
        for row in listener.view(chosen)
        if normalise(listener.artists.get(listener.track(row).artist, "")) in TOLD
    )

    found = genres.coverage(view, mapped(view, own))

    assert genres.parts(view, mapped(view, own), Level.GENRES) == ()
    assert found.known_minutes == 0
    assert found.hidden_minutes == close(hidden)
    assert found.share == 0


def test_an_artist_put_into_a_family_stands_there_alone() -> None:
    listener = Listener(artists={11: "Ana", 13: "Straße"})
    own = OwnGenres(
        {
            "family:own-slow": Change(name="Slow"),
            artist_subject("ana"): Change(("family:own-slow",)),
            "genre:techno": Change(("family:own-slow",), "Thump"),
        }
    )
    found = mapped(listener.history(), own)

    assert [(label.key, label.name) for label in found.families.labels] == [("own-slow", "Slow")]
    assert [(label.name, label.family) for label in found.genres.labels] == [
        ("Slow", "own-slow"),
        ("Thump", "own-slow"),
    ]
    assert found.families.weight.tolist() == [1.0, 1.0]


def test_a_hidden_genre_leaves_its_artists_to_their_others() -> None:
    listener = Listener(artists={11: "Ana"})
    own = OwnGenres({"family:rock": Change(is_hidden=True)})

    found = mapped(listener.history(), own)

    assert [label.key for label in found.genres.labels] == ["indie-rock", "synth-pop"]
    assert found.genres.weight.tolist() == [close(2 / 3), close(1 / 3)]
    assert not found.is_hidden.any()


def test_nobody_at_all_has_no_genres() -> None:
    empty = Listener().history()

    assert genres.parts(empty, mapped(empty), Level.FAMILIES) == ()
    assert genres.flow(empty, mapped(empty), Level.GENRES, Bucket.MONTH, ["pop"]).starts == ()
    assert genres.coverage(empty, mapped(empty)).share == 0
    assert genres.genre_ties(empty, mapped(empty), Level.GENRES, 5).names == ()
    assert genres.artist_ties(empty, mapped(empty), Level.GENRES, 5, 5).names == ()


def test_an_artist_whose_own_genre_is_left_out_is_not_missing() -> None:
    listener = Listener(artists={14: "Nobody"})
    own = OwnGenres({artist_subject("nobody"): Change(("genre:techno",)), "genre:techno": Change(is_hidden=True)})

    found = mapped(listener.history(), own)

    assert found.is_hidden.tolist() == [True]
    assert found.genres.labels_of(0) == ()
