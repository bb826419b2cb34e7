"""Learning genres of artists: who is asked about, in which order, what is kept, and what comes of failures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from rewrapped.clients import lastfm, listenbrainz, musicbrainz
from rewrapped.clients.http import Surroundings
from rewrapped.clients.lastfm import LastFm
from rewrapped.clients.listenbrainz import ListenBrainz
from rewrapped.clients.musicbrainz import MusicBrainz
from rewrapped.clients.turns import RedisTurns
from rewrapped.deps import Deps, GenreSources
from rewrapped.domain.access import Role
from rewrapped.domain.learning import FRESH_FOR, Step
from rewrapped.domain.plays import Kind, Source
from rewrapped.errors import Conflict, InvalidInput
from rewrapped.services import calls, genres, learning
from rewrapped.services.asking import alone
from rewrapped.services.learning import Report
from rewrapped.storage import artist_genres, catalogue, people
from rewrapped.storage.catalogue import ArtistRow
from rewrapped.storage.tables import (
    api_integration_logs,
    artist_lookups,
    event_performers,
    listening_history,
    track_names,
    tracks,
)
from rewrapped.storage.tables import events as events_table
from tests.conftest import Clock
from tests.simulators.server import Asked, Reply, serving
from tests.simulators.tagging import Artist, LastFmSimulator, ListenBrainzSimulator, MusicBrainzSimulator
from workers import jobs, tick

MINUTE = 60_000
SPOTIFY_ID = "4Z8W4fKeB5YxbusRsdQVPb"


@dataclass
class World:
    """The three services, what they know, and Deps that ask them."""

    musicbrainz: MusicBrainzSimulator
    listenbrainz: ListenBrainzSimulator
    lastfm: LastFmSimulator
    deps: Deps

    def know(self, *artists: Artist) -> None:
        """Let MusicBrainz and ListenBrainz know some artists."""
        self.musicbrainz.artists = self.listenbrainz.artists = list(artists)

    def learn(self) -> Report:
        return learning.learn(self.deps)

    @property
    def searched(self) -> list[str]:
        """The names that MusicBrainz was asked for, in order."""
        found = [asked.params["query"] for asked in self.musicbrainz.asked if asked.path.endswith("/artist")]
        return [query.removeprefix('artist:"').removesuffix('"') for query in found]

    def quiet(self) -> None:
        """Forget what was asked so far."""
        for simulator in (self.musicbrainz, self.listenbrainz, self.lastfm):
            simulator.asked.clear()

    @property
    def asked(self) -> tuple[int, int, int]:
        return len(self.musicbrainz.asked), len(self.listenbrainz.asked), len(self.lastfm.asked)


@pytest.fixture
def world(deps: Deps) -> Iterator[World]:
    with ExitStack() as stack:
        mb, lb, fm = MusicBrainzSimulator(), ListenBrainzSimulator(), LastFmSimulator()
        for simulator in (mb, lb, fm):
            stack.enter_context(serving(simulator))
        record = calls.recorder(deps.engine, deps.clock)
        around = Surroundings(record, deps.clock, None, RedisTurns(deps.redis), "Music-Re-Wrapped/0.1 ( here )")
        sources = GenreSources(
            MusicBrainz(musicbrainz.service(f"{mb.url}/ws/2", 0), around),
            ListenBrainz(listenbrainz.service(lb.url, 0), around),
            LastFm(lastfm.service(fm.key, f"{fm.url}/2.0", 0), around),
        )
        stack.callback(sources.close)
        yield World(mb, lb, fm, replace(deps, genre_sources=sources))


def a_listener(deps: Deps, *, is_demo: bool = False) -> int:
    with deps.engine.begin() as conn:
        new = people.NewPerson(None, Role.REGULAR, "UTC", is_demo=is_demo)
        return people.add_person(conn, new) or 0


def hear(
    deps: Deps,
    heard: Mapping[str, int],
    user_id: int | None = None,
    *,
    source: Source = Source.EXTENDED,
    kind: Kind = Kind.TRACK,
) -> dict[str, int]:
    """Store one play an artist of so many milliseconds; return the artists' ids by name."""
    listener = user_id or a_listener(deps)
    with deps.engine.begin() as conn:
        rows = [ArtistRow(catalogue.artist_key(name), name) for name in heard]
        ids = dict(zip(heard, catalogue.add_artists(conn, rows).tolist(), strict=True))
        for name, ms in heard.items():
            key = catalogue.track_key(kind, None, name, f"Song {kind}").hex()
            values = {"key": key, "kind": kind, "title": "Song", "artist_id": ids[name], "duration_ms": 4 * MINUTE}
            found = conn.scalar(select(tracks.c.id).where(tracks.c.key == key))
            track_id = found or conn.scalar(insert(tracks).values(values).returning(tracks.c.id))
            play = {"user_id": listener, "track_id": track_id, "ms_played": ms, "source": source, "flags": 0}
            play |= dict.fromkeys(("platform", "country", "reason_start", "reason_end"), 0)
            conn.execute(insert(listening_history).values(play | {"reported_at": deps.now(), "ended_at": deps.now()}))
        bump = "UPDATE users SET history_version = history_version + 1 WHERE id = :id"
        conn.execute(text(bump), {"id": listener})
    deps.redis.delete("rewrapped:genres:counted-lately")
    return ids


def perform(deps: Deps, name: str, **ids: str) -> None:
    """List a show whose source tells a performer's ids."""
    told = dict.fromkeys(("title", "status", "zone", "venue_name", "city", "region", "country", "attribution"), "x")
    moments = dict.fromkeys(("added_at", "changed_at", "fetched_at", "expires_at", "seen_at"), deps.now())
    lists: dict[str, Any] = {key: [] for key in ("offers", "genres", "bridges")}
    with deps.engine.begin() as conn:
        number = conn.scalar(text("SELECT count(*) FROM events")) or 0
        event = {"source": "x", "source_id": str(number), "start_on": deps.now().date(), "is_festival": False}
        event |= {"digest": catalogue.artist_key(str(number)).hex()}
        event_id = conn.scalar(insert(events_table).values(**told, **moments, **lists, **event).returning(text("id")))
        performer = {"position": 0, "name": name, "normal_name": name.casefold(), "is_headliner": True}
        performer |= {"artist_key": catalogue.artist_key(name).hex(), "is_tribute": False, "ids": ids}
        conn.execute(insert(event_performers).values(event_id=event_id, **performer))


# Who is asked about -------------------------------------------------------------------------------


def test_genres_of_an_artist_are_learned_by_name_and_tags(world: World) -> None:
    ids = hear(world.deps, {"Nordlicht": MINUTE})
    world.know(Artist("Nordlicht", {"dream pop": 4, "shoegaze": 2, "seen live": 90, "ambient": 1}))
    report = world.learn()
    assert (report.asked, report.found, report.stopped) == (2, 2, [])
    weights = genres.weights_for(world.deps, list(ids.values()))
    assert weights == {ids["Nordlicht"]: (("dream-pop", 1.0), ("shoegaze", 0.5), ("ambient", 0.25))}
    assert world.asked == (1, 1, 0)


def test_who_is_heard_most_by_all_people_together_comes_first(world: World) -> None:
    hear(world.deps, {"Third": 5 * MINUTE, "First": 6 * MINUTE})
    hear(world.deps, {"First": 6 * MINUTE, "Second": 9 * MINUTE})
    world.learn()
    assert world.searched == ["First", "Second", "Third"]


def test_a_play_whose_length_is_not_told_counts_by_its_tracks(world: World) -> None:
    hear(world.deps, {"Short": 3 * MINUTE})
    hear(world.deps, {"From the API": 0}, source=Source.SPOTIFY_API)
    hear(world.deps, {"Skipped at once": 0})
    world.learn()
    assert world.searched == ["From the API", "Short"]


def test_whom_the_seed_knows_and_whom_only_samples_hear_are_never_asked_about(world: World) -> None:
    hear(world.deps, {"RADIOHEAD": 9 * MINUTE, "Nordlicht": MINUTE})
    hear(world.deps, {"Invented Band": 9 * MINUTE}, a_listener(world.deps, is_demo=True))
    hear(world.deps, {"Somebody Talking": 9 * MINUTE}, kind=Kind.EPISODE)
    world.learn()
    assert world.searched == ["Nordlicht"]
    assert [asked.params["artist"] for asked in world.lastfm.asked] == ["Nordlicht"]


def test_an_artist_counts_under_the_name_the_listener_sees(world: World) -> None:
    listener = a_listener(world.deps)
    ids = hear(world.deps, {"As the catalogue says": MINUTE}, listener)
    own = hear(world.deps, {"As my file says": 0}, listener, source=Source.EXTENDED)
    with world.deps.engine.begin() as conn:
        track_id = conn.scalar(select(tracks.c.id).where(tracks.c.artist_id == ids["As the catalogue says"]))
        named = {"title": "Song", "artist_id": own["As my file says"], "named_at": world.deps.now()}
        conn.execute(insert(track_names).values(user_id=listener, track_id=track_id, **named))
    world.learn()
    assert world.searched == ["As my file says"]


def test_identifiers_that_sources_of_events_tell_spare_the_search(world: World) -> None:
    known = Artist("Mbid Known", {"techno": 1})
    ids = hear(world.deps, {"Linked": MINUTE, "Unlinked": MINUTE, "Mbid Known": MINUTE, "Two of them": MINUTE})
    perform(world.deps, "Linked", spotify=SPOTIFY_ID)
    perform(world.deps, "LINKED", spotify=SPOTIFY_ID)
    perform(world.deps, "Unlinked", spotify="5" * 22)
    perform(world.deps, "Mbid Known", musicbrainz=known.mbid)
    perform(world.deps, "Two of them", spotify="6" * 22)
    perform(world.deps, "Two of them", spotify="7" * 22)
    world.know(Artist("Of another name there", {"folk": 1}, spotify_id=SPOTIFY_ID), known)
    world.learn()
    assert sorted(world.searched) == ["Two of them", "Unlinked"]
    [link] = [asked for asked in world.musicbrainz.asked if asked.path == "/ws/2/url"]
    assert [one.rpartition("/")[2] for one in link.every("resource")] == [SPOTIFY_ID, "5" * 22]
    weights = genres.weights_for(world.deps, list(ids.values()))
    assert weights == {ids["Linked"]: (("folk", 1.0),), ids["Mbid Known"]: (("techno", 1.0),)}


@pytest.mark.parametrize("bad", ["", "not an id", "spotify:artist:x", "9" * 23])
def test_identifiers_that_cannot_be_right_are_not_sent(world: World, bad: str) -> None:
    hear(world.deps, {"Nordlicht": MINUTE})
    perform(world.deps, "Nordlicht", spotify=bad, musicbrainz=bad)
    assert world.learn().stopped == []
    assert world.searched == ["Nordlicht"]


def test_lastfm_is_asked_where_the_others_know_nothing(world: World) -> None:
    ids = hear(world.deps, {"Both": 3 * MINUTE, "Untagged": 2 * MINUTE, "Unknown": MINUTE})
    world.know(Artist("Both", {"techno": 1}), Artist("Untagged"))
    world.lastfm.artists = [Artist("Both", {"pop": 9}), Artist("Untagged", {"jazz": 9}), Artist("Unknown", {"folk": 9})]
    world.learn()
    assert [asked.params["artist"] for asked in world.lastfm.asked] == ["Untagged", "Unknown"]
    told = genres.weights_for(world.deps, list(ids.values()))
    assert {name: told[ids[name]][0][0] for name in ids} == {"Both": "techno", "Untagged": "jazz", "Unknown": "folk"}


def test_musicbrainz_goes_before_lastfm_where_both_know_an_artist(world: World) -> None:
    [artist_id] = hear(world.deps, {"Nordlicht": MINUTE}).values()
    with world.deps.engine.begin() as conn:
        artist_genres.replace(conn, Step.LASTFM, {artist_id: (("jazz", 1.0), ("folk", 0.5))})
        artist_genres.replace(conn, Step.TAGS, {artist_id: (("techno", 1.0),)})
        table = artist_genres.list_for(conn, [artist_id, artist_id + 1])
    assert table.schema.names == ["artist_id", "genre", "weight", "source"]
    assert table.to_pydict()["source"] == ["lastfm", "lastfm", "listenbrainz"]
    assert genres.weights_for(world.deps, [artist_id]) == {artist_id: (("techno", 1.0),)}
    assert genres.weights_for(world.deps, []) == {}


# What is kept -------------------------------------------------------------------------------------


def test_answers_hold_for_thirty_days_also_those_that_say_nothing(world: World, clock: Clock) -> None:
    hear(world.deps, {"Nordlicht": MINUTE, "Nobody": MINUTE})
    world.know(Artist("Nordlicht", {"folk": 1}))
    world.learn()
    first = world.asked
    clock.at += FRESH_FOR - timedelta(seconds=1)
    assert world.learn().asked == 0
    assert world.asked == first
    clock.advance(seconds=1)
    world.quiet()
    world.learn()
    assert world.asked == first


def test_what_a_service_says_later_takes_the_place_of_what_it_said(world: World, clock: Clock) -> None:
    [artist_id] = hear(world.deps, {"Nordlicht": MINUTE}).values()
    for tags, told in (({"folk": 1, "pop": 1}, {"folk", "pop"}), ({"pop": 1}, {"pop"}), ({}, set())):
        world.know(Artist("Nordlicht", tags))
        world.learn()
        found = genres.weights_for(world.deps, [artist_id]).get(artist_id, ())
        assert {genre for genre, _ in found} == told
        clock.at += FRESH_FOR


def test_artists_of_a_later_import_are_asked_about_and_no_others_again(world: World) -> None:
    listener = a_listener(world.deps)
    hear(world.deps, {"Nordlicht": MINUTE}, listener)
    world.learn()
    world.quiet()
    hear(world.deps, {"Low Harbour": MINUTE}, listener)
    world.learn()
    assert world.searched == ["Low Harbour"]


class Killed(BaseException):
    """The end of a worker."""


@pytest.mark.parametrize("moment", [3, 40, 61, 90])
def test_a_run_that_is_killed_in_the_middle_goes_on_where_it_was(world: World, clock: Clock, moment: int) -> None:
    hear(world.deps, {f"Act {n}": (100 - n) * MINUTE for n in range(30)})
    looks = iter(range(moment))

    def until_killed() -> datetime:
        if next(looks, None) is None:
            raise Killed
        return clock()

    with pytest.raises(Killed):
        learning.learn(replace(world.deps, clock=until_killed))
    world.learn()
    assert len(set(world.searched)) == 30
    assert len(world.searched) <= 31
    assert [asked.params["artist"] for asked in world.lastfm.asked][:1] == ["Act 0"]


def test_a_run_ends_in_time_and_the_next_goes_on(world: World, clock: Clock) -> None:
    hear(world.deps, {f"Act {n}": (200 - n) * MINUTE for n in range(90)})
    answer = world.musicbrainz.answer

    def slowly(asked: Asked) -> Reply:
        clock.advance(seconds=1.1)
        return answer(asked)

    world.musicbrainz.answer = slowly  # type: ignore[method-assign]
    world.learn()
    assert world.searched == [f"Act {n}" for n in range(46)]
    world.learn()
    assert len(set(world.searched)) == len(world.searched) == 90


def test_tags_are_asked_for_before_all_names_are_searched(world: World, clock: Clock) -> None:
    ids = hear(world.deps, {f"Act {n}": (200 - n) * MINUTE for n in range(60)})
    world.know(*(Artist(name, {"folk": 1}) for name in ids))
    answer = world.musicbrainz.answer

    def slowly(asked: Asked) -> Reply:
        clock.advance(seconds=1.1)
        return answer(asked)

    world.musicbrainz.answer = slowly  # type: ignore[method-assign]
    world.learn()
    assert len(genres.weights_for(world.deps, list(ids.values()))) >= 40


# Failing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "rest", "said"),
    [
        (Reply(429, {}, {"Retry-After": "40"}), timedelta(seconds=40), "MusicBrainz asks us to wait."),
        (Reply(503, {}, {"Retry-After": "90"}), timedelta(seconds=90), "MusicBrainz has troubles of its own (503)."),
        (Reply(500, {}), timedelta(minutes=5), "MusicBrainz has troubles of its own (500)."),
        (Reply(200, b"<html>"), timedelta(hours=1), "MusicBrainz sent something that can't be read."),
        (Reply(403, {}), timedelta(hours=1), "MusicBrainz doesn't let us in."),
    ],
)
def test_a_service_that_fails_rests_and_the_others_go_on(
    world: World, clock: Clock, fault: Reply, rest: timedelta, said: str
) -> None:
    known = Artist("Mbid Known", {"techno": 1})
    ids = hear(world.deps, {"Nordlicht": 9 * MINUTE, "Mbid Known": MINUTE})
    perform(world.deps, "Mbid Known", musicbrainz=known.mbid)
    world.know(known, Artist("Nordlicht", {"folk": 1}))
    world.musicbrainz.faults.append(fault)
    assert world.learn().stopped == [said]
    assert set(genres.weights_for(world.deps, list(ids.values()))) == {ids["Mbid Known"]}
    pause = learning.standing(world.deps).rests["musicbrainz"]
    assert (pause.resume_at, pause.reason) == (clock() + rest, said)
    clock.at += rest - timedelta(seconds=1)
    assert world.learn().asked == 0
    clock.advance(seconds=1)
    world.learn()
    assert set(genres.weights_for(world.deps, list(ids.values()))) == set(ids.values())


def test_a_machine_without_network_is_left_in_peace(world: World) -> None:
    hear(world.deps, {"Nordlicht": MINUTE})
    assert world.deps.genre_sources is not None
    around = Surroundings(calls.recorder(world.deps.engine, world.deps.clock), world.deps.clock)
    away = MusicBrainz(musicbrainz.service("http://127.0.0.1:9/ws/2", 0), around)
    deps = replace(world.deps, genre_sources=replace(world.deps.genre_sources, musicbrainz=away))
    assert learning.learn(deps).stopped == ["MusicBrainz can't be reached."]
    assert learning.enqueue_due(deps) == 0
    assert learning.standing(deps).rests["musicbrainz"].reason == "MusicBrainz can't be reached."
    with deps.engine.connect() as conn:
        assert {row.outcome for row in conn.execute(select(artist_lookups))} == {"failed"}


def test_questions_that_are_refused_keep_no_others_waiting(world: World) -> None:
    ids = hear(world.deps, {"The Turned Away": 9 * MINUTE, "Nordlicht": MINUTE})
    world.know(Artist("The Turned Away", {"pop": 1}), Artist("Nordlicht", {"folk": 1}))
    world.musicbrainz.faults.append(Reply(400, {"error": "Unable to parse"}))
    assert world.learn().stopped == []
    assert genres.weights_for(world.deps, list(ids.values())) == {ids["Nordlicht"]: (("folk", 1.0),)}
    assert world.learn().asked == 0


def test_an_artist_that_a_service_always_fails_on_keeps_no_others_waiting(world: World) -> None:
    ids = hear(world.deps, {"The Turned Away": 9 * MINUTE, "Nordlicht": MINUTE})
    world.know(Artist("The Turned Away", {"pop": 1}), Artist("Nordlicht", {"folk": 1}))
    world.musicbrainz.faults.append(Reply(500, {}))
    assert len(world.learn().stopped) == 1
    world.deps.clock.advance(hours=2)
    world.musicbrainz.faults.append(Reply(200, {"artists": [], "count": 0}))  # whoever is asked now is nobody
    world.learn()
    assert set(genres.weights_for(world.deps, list(ids.values()))) == {ids["The Turned Away"]}


def test_one_run_at_a_time(world: World) -> None:
    with alone(world.deps, "learning", 60, "busy"), pytest.raises(Conflict):
        world.learn()
    assert world.learn().stopped == []


def test_what_is_asked_is_logged_without_names_and_keys(world: World) -> None:
    hear(world.deps, {"Nordlicht": MINUTE})
    world.learn()
    with world.deps.engine.connect() as conn:
        rows = conn.execute(select(api_integration_logs)).all()
    assert {(row.service, row.endpoint, row.status) for row in rows} == {
        ("musicbrainz", "/artist", 200),
        ("lastfm", "/", 200),
    }
    assert "Nordlicht" not in str(rows)
    assert world.lastfm.key not in str(rows)


def test_nothing_about_people_leaves(world: World) -> None:
    hear(world.deps, {"Nordlicht": 123_457}, a_listener(world.deps))
    world.know(Artist("Nordlicht"))
    world.learn()
    for simulator in (world.musicbrainz, world.listenbrainz, world.lastfm):
        for asked in simulator.asked:
            told = {"query", "limit", "fmt", "artist_mbids", "inc", "method", "artist", "autocorrect", "format"}
            assert set(asked.params) <= told | {"api_key"}


# By the clock -------------------------------------------------------------------------------------


def test_the_tick_queues_a_run_while_something_is_due(world: World) -> None:
    assert learning.enqueue_due(world.deps) == 1  # nothing was ever counted
    assert learning.enqueue_due(world.deps) == 0  # it waits
    world.deps.queue.drop("learn-genres")
    world.learn()
    assert learning.enqueue_due(world.deps) == 0
    hear(world.deps, {"Nordlicht": MINUTE})
    assert learning.enqueue_due(world.deps) == 1


def test_histories_that_were_counted_just_now_are_not_counted_again(world: World) -> None:
    hear(world.deps, {"Nordlicht": MINUTE})
    world.learn()
    hear(world.deps, {"Low Harbour": MINUTE})
    world.deps.redis.set("rewrapped:genres:counted-lately", "1")
    assert learning.enqueue_due(world.deps) == 0
    assert world.learn().asked == 0
    world.deps.redis.delete("rewrapped:genres:counted-lately")
    assert learning.enqueue_due(world.deps) == 1


def test_a_cleared_redis_costs_one_counting_and_no_question(world: World) -> None:
    hear(world.deps, {"Nordlicht": MINUTE})
    world.learn()
    before = world.asked
    world.deps.redis.flushall()
    assert world.learn().asked == 0
    assert world.asked == before


def test_the_job_and_the_duty_have_the_names_that_are_queued(world: World) -> None:
    assert callable(getattr(jobs, "learn_genres", None))
    [duty] = [duty for duty in tick.DUTIES if duty.name == "learn_genres"]
    assert duty.act is learning.enqueue_due


def test_switched_off_nothing_is_queued_or_asked_and_what_is_known_stays(world: World) -> None:
    ids = hear(world.deps, {"Nordlicht": MINUTE})
    world.know(Artist("Nordlicht", {"folk": 1}))
    world.learn()
    off = replace(world.deps, genre_sources=None)
    hear(off, {"Low Harbour": MINUTE})
    assert learning.enqueue_due(off) == 0
    with pytest.raises(InvalidInput, match="REWRAPPED_GENRES_ONLINE"):
        learning.learn(off)
    assert set(genres.weights_for(off, list(ids.values()))) == set(ids.values())
    standing = learning.standing(off)
    assert (standing.is_on, standing.coverage.wanted) == (False, 0)  # whose time it was made of may leave any day
    world.know(Artist("Low Harbour", {"pop": 1}))
    assert learning.enqueue_due(world.deps) == 1
    assert world.learn().found > 0


def test_how_far_it_has_come_is_counted_in_artists_and_in_time(world: World) -> None:
    hear(world.deps, {"Nordlicht": 3 * MINUTE, "Nobody": MINUTE})
    world.know(Artist("Nordlicht", {"folk": 1}))
    world.learn()
    found = learning.standing(world.deps).coverage
    assert (found.wanted, found.asked, found.known) == (2, 2, 1)
    assert (found.known_ms, found.wanted_ms) == (3 * MINUTE, 4 * MINUTE)
