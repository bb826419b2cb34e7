"""What is played right before and after something, against its slow reference."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewrapped.domain.plays import Filter, Source
from rewrapped.history import tops
from rewrapped.history.neighbours import Side, around
from rewrapped.history.tops import Measure, Noun, ids_of
from tests.unit.history.listeners import filters, listeners
from tests.unit.history.reference import Heard, Listener, Track

EVERY_KIND = Filter(kinds=frozenset())
START = datetime(2024, 5, 1, 18, 0, tzinfo=UTC)


def owner(listener: Listener, row: Heard, noun: Noun) -> int | None:
    track = listener.track(row)
    return {Noun.TRACKS: track.id, Noun.ALBUMS: track.album, Noun.ARTISTS: track.artist}[noun]


def side(listener: Listener, chosen: Filter, noun: Noun, item: int, step: int) -> tuple[int, int, int, Counter[int]]:
    """Return plays, those alone, those beside the item itself, and how often others stood there."""
    every = listener.plays(sorted(listener.rows, key=lambda row: row.ended_at))
    own = [
        place for place, row in enumerate(every) if listener.passes(row, chosen) and owner(listener, row, noun) == item
    ]
    alone, same, others = 0, 0, Counter[int]()
    for place in own:
        beside = place + step
        if not 0 <= beside < len(every):
            alone += 1
            continue
        first, second = every[min(place, beside)], every[max(place, beside)]
        began = second.ended_at - timedelta(milliseconds=listener.heard_ms(second))
        if began - first.ended_at > timedelta(minutes=20):
            alone += 1
            continue
        there = owner(listener, every[beside], noun)
        same += there == item
        if there is not None and there != item:
            others[there] += 1
    return len(own), alone, same, others


def told(found: Side) -> tuple[int, int, int, Counter[int]]:
    return found.plays, found.alone, found.same, Counter({each.id: each.times for each in found.others})


@pytest.mark.parametrize("noun", tuple(Noun))
@settings(max_examples=60)
@given(listener=listeners(), chosen=st.just(EVERY_KIND) | filters())
def test_what_stands_beside_each_item(noun: Noun, listener: Listener, chosen: Filter) -> None:
    history = listener.history()

    for item in ids_of(history, noun).tolist():
        mine = history.filter(chosen).filter(Filter(kinds=frozenset(), **{noun.value: frozenset({item})}))
        found = around(history, mine, noun, [item], 50)
        if noun is Noun.TRACKS and any(track.id == item for track in listener._joined):
            continue  # its rows count under another track
        assert told(found.before) == side(listener, chosen, noun, item, -1)
        assert told(found.after) == side(listener, chosen, noun, item, 1)


def test_the_most_frequent_come_first_and_what_is_too_short_is_passed_over() -> None:
    tide, ebb, surf = (
        Track(number, f"spotify:track:{number}", title, 11, None)
        for number, title in ((1, "Tide"), (2, "Ebb"), (3, "Surf"))
    )
    rows, at = [], START
    for track, ms in ((tide, 200_000), (surf, 5_000), (ebb, 200_000), (tide, 200_000), (ebb, 200_000), (surf, 200_000)):
        at += timedelta(milliseconds=ms)
        rows.append(Heard(at, track, ms))
    history = Listener(rows, [tide, ebb, surf], {11: "Ana"}, {}, "UTC").history()

    found = around(history, history.filter(Filter(tracks=frozenset({2}))), Noun.TRACKS, [2], 5)

    assert [(each.name, each.artist, each.times) for each in found.before.others] == [("Tide", "Ana", 2)]
    assert [(each.name, each.times) for each in found.after.others] == [("Surf", 1), ("Tide", 1)]


@pytest.mark.parametrize(("minutes", "alone"), [(20, 1), (21, 2)])
def test_a_longer_silence_parts_two_plays(minutes: int, alone: int) -> None:
    tide, ebb = (Track(number, f"spotify:track:{number}", "Tide", 11 + number, None) for number in (0, 1))
    later = START + timedelta(minutes=minutes, milliseconds=200_000)
    rows = [Heard(START, tide), Heard(later, ebb)]
    history = Listener(rows, [tide, ebb], {11: "Ana", 12: "Bo"}, {}, "UTC").history()

    found = around(history, history, Noun.ARTISTS, [11, 12], 5)

    assert found.before.alone == alone


def test_a_length_that_is_only_known_of_the_track_counts() -> None:
    tide = Track(1, "spotify:track:1", "Tide", 11, None, duration_ms=40 * 60_000)
    rows = [Heard(START, tide), Heard(START + timedelta(minutes=50), tide, 0, Source.LASTFM)]
    history = Listener(rows, [tide], {11: "Ana"}, {}, "UTC").history()

    assert around(history, history, Noun.TRACKS, [1], 5).after.same == 1


@pytest.mark.parametrize("noun", tuple(Noun))
@pytest.mark.parametrize("by", tuple(Measure))
@settings(max_examples=30)
@given(listener=listeners(), chosen=filters())
def test_the_rank_of_one_item_is_its_place_among_the_tops(
    noun: Noun, by: Measure, listener: Listener, chosen: Filter
) -> None:
    view = listener.history().filter(chosen)

    every = tops.top(view, noun, 100, by)
    places = {each.id: each.rank for each in every}
    for item in ids_of(view, noun).tolist():
        assert tops.rank_of(view, noun, item, by) == (places.get(item), len(every))
