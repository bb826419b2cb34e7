"""The invented catalogue: complete, different everywhere, the same on every machine."""

from __future__ import annotations

import re
from collections import Counter

from rewrapped.demo.catalogue import ARTIST_GENRES, ARTISTS_BY_GENRE, SHOWS
from rewrapped.demo.spoken import chapters
from rewrapped.demo.titles import TITLES
from rewrapped.demo.works import discography, spotify_id
from rewrapped.domain.plays import normalise

TRACKS = [track for artist in discography() for album in artist.albums for track in album.tracks]


def test_every_artist_has_one_genre_and_every_genre_has_words() -> None:
    names = [name for artists in ARTISTS_BY_GENRE.values() for name in artists]

    assert len(names) == 144
    assert len({normalise(name) for name in names}) == len(names)
    assert {artist.name: artist.genre for artist in discography()} == dict(ARTIST_GENRES)
    assert set(TITLES) == set(ARTISTS_BY_GENRE)


def test_there_are_about_fifteen_hundred_tracks_and_no_two_share_an_id() -> None:
    assert 1_450 <= len(TRACKS) <= 1_800
    assert len({track.uri for track in TRACKS}) == len(TRACKS)
    assert all(re.fullmatch(r"spotify:track:[0-9A-Za-z]{22}", track.uri or "") for track in TRACKS)


def test_a_record_holds_no_title_twice() -> None:
    for artist in discography():
        for album in artist.albums:
            titles = Counter(normalise(track.title) for track in album.tracks)
            assert max(titles.values()) == 1, (artist.name, album.name)


def test_tracks_last_as_long_as_tracks_do() -> None:
    assert min(track.duration_ms for track in TRACKS) >= 84_000
    assert max(track.duration_ms for track in TRACKS) < 661_000


def test_every_artist_has_a_record_from_the_start() -> None:
    assert all(artist.albums[0].released == 0.0 for artist in discography())
    assert all(0.0 <= album.released < 1.0 for artist in discography() for album in artist.albums)


def test_an_id_depends_on_where_its_parts_are_cut() -> None:
    assert spotify_id("ab", "c") != spotify_id("a", "bc")
    assert spotify_id("Mosslight", "Moss, Slowly", "Pollen") == spotify_id("Mosslight", "Moss, Slowly", "Pollen")


def test_ids_stay_what_they_are_so_that_saved_links_keep_pointing_at_the_same_track() -> None:
    assert spotify_id("Mosslight") == "0PmLkdcfYB6W03UGw2eSGD"


def test_spoken_things_have_names_of_their_own() -> None:
    assert len({show.name for show in SHOWS}) == len(SHOWS)
    assert len({chapter.uri for chapter in chapters()}) == len(chapters()) == 42
