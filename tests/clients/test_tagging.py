"""MusicBrainz, ListenBrainz and Last.fm over HTTP: who an artist is, how one is tagged, and their refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import pytest
from redis import Redis

from rewrapped.clients import http, lastfm, listenbrainz, musicbrainz
from rewrapped.clients.http import Call, Surroundings
from rewrapped.clients.lastfm import LastFm
from rewrapped.clients.listenbrainz import ListenBrainz
from rewrapped.clients.musicbrainz import MusicBrainz
from rewrapped.clients.turns import RedisTurns
from rewrapped.errors import BadPayload, IntegrationError, KeyRefused, RateLimited, RequestRefused, Unavailable
from rewrapped.queueing import make_redis
from tests.clients.asking import NOW
from tests.simulators.server import Reply, Simulator, serving
from tests.simulators.tagging import Artist, LastFmSimulator, ListenBrainzSimulator, MusicBrainzSimulator

AGENT = "Music-Re-Wrapped/0.1 ( http://127.0.0.1:8501 )"
ARTISTS = [
    Artist("Nordlicht", {"dream pop": 5, "shoegaze": 2}, spotify_id="1" * 22),
    Artist("Low Harbour", {"post-punk": 3, "seen live": 9}, spotify_id="2" * 22),
    Artist("Kleine Welle", {}, spotify_id="3" * 22),
]


@dataclass
class Asking:
    """The three simulators, clients of them, and the calls that were told."""

    of_musicbrainz: MusicBrainzSimulator
    of_listenbrainz: ListenBrainzSimulator
    of_lastfm: LastFmSimulator
    calls: list[Call]
    around: Surroundings

    @contextmanager
    def musicbrainz(self, around: Surroundings | None = None, pause_s: float = 0) -> Iterator[MusicBrainz]:
        service = musicbrainz.service(f"{self.of_musicbrainz.url}/ws/2", pause_s)
        client = MusicBrainz(service, around or self.around)
        yield client
        client.close()

    @contextmanager
    def listenbrainz(self) -> Iterator[ListenBrainz]:
        client = ListenBrainz(listenbrainz.service(self.of_listenbrainz.url, 0), self.around)
        yield client
        client.close()

    @contextmanager
    def lastfm(self, key: str = Simulator.key) -> Iterator[LastFm]:
        client = LastFm(lastfm.service(key, f"{self.of_lastfm.url}/2.0", 0), self.around)
        yield client
        client.close()


@pytest.fixture
def asking() -> Iterator[Asking]:
    with ExitStack() as stack:
        mb, lb, fm = MusicBrainzSimulator(ARTISTS), ListenBrainzSimulator(ARTISTS), LastFmSimulator(ARTISTS)
        for simulator in (mb, lb, fm):
            stack.enter_context(serving(simulator))
        calls: list[Call] = []
        yield Asking(mb, lb, fm, calls, Surroundings(calls.append, lambda: NOW, user_agent=AGENT))


# MusicBrainz --------------------------------------------------------------------------------------


def test_a_hundred_artists_are_found_by_their_addresses_in_one_call(asking: Asking) -> None:
    asking.of_musicbrainz.artists = [Artist(f"Act {n}", spotify_id=f"{n:022d}") for n in range(150)]
    wanted = [f"{n:022d}" for n in range(100, 200)]
    with asking.musicbrainz() as client:
        found = client.find_linked(wanted)
    assert found == {one.spotify_id: one.mbid for one in asking.of_musicbrainz.artists[100:]}
    assert len(asking.of_musicbrainz.asked) == 1


@pytest.mark.parametrize("others", [[], ["9" * 22]])
def test_one_address_and_several_are_answered_in_two_shapes_that_say_the_same(
    asking: Asking, others: list[str]
) -> None:
    with asking.musicbrainz() as client:
        assert client.find_linked(["1" * 22, *others]) == {"1" * 22: ARTISTS[0].mbid}
        assert client.find_linked(["8" * 22, *others]) == {}


def test_an_address_of_several_artists_says_nothing(asking: Asking) -> None:
    asking.of_musicbrainz.artists = [replace(ARTISTS[0], number=1), ARTISTS[0], ARTISTS[1]]
    with asking.musicbrainz() as client:
        assert client.find_linked(["1" * 22, "2" * 22]) == {"2" * 22: ARTISTS[1].mbid}


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        ([("Nordlicht", 100)], 0),
        ([("Nordlicht", 100), ("Nordlicht Trio", 99)], 0),
        ([("NORDLICHT", 100), ("nordlicht", 81)], None),
        ([("NORDLICHT", 100), ("nordlicht", 80)], 0),
        ([("Nordlicht Trio", 100), ("Nordlicht", 40)], 1),
        ([("Nordlicht Trio", 100)], None),
        ([], None),
    ],
)
def test_a_name_is_found_when_one_alone_has_it_or_is_far_above_the_others(
    asking: Asking, scores: list[tuple[str, int]], found: int | None
) -> None:
    held = [Artist(name, score=score, number=n) for n, (name, score) in enumerate(scores)]
    asking.of_musicbrainz.artists = held
    with asking.musicbrainz() as client:
        assert client.find_named("Nordlicht") == (None if found is None else held[found].mbid)


@pytest.mark.parametrize("name", ['Say "Hi"', "Back\\slash", "AND", "a:b*?~", "!!!  Nordlicht", "(", "Zoë ☂ 夜"])
def test_a_name_with_signs_of_the_search_is_no_search(asking: Asking, name: str) -> None:
    asking.of_musicbrainz.artists = [Artist(name)]
    with asking.musicbrainz() as client:
        assert client.find_named(name) == (Artist(name).mbid if name != "(" else None)


def test_who_does_not_say_who_asks_is_not_let_in(asking: Asking) -> None:
    with (
        asking.musicbrainz(replace(asking.around, user_agent="python")) as client,
        pytest.raises(KeyRefused, match="doesn't let us in"),
    ):
        client.find_named("Nordlicht")


def test_a_service_that_is_busy_for_a_moment_is_asked_again_and_every_call_is_told(asking: Asking) -> None:
    asking.of_musicbrainz.faults.extend([Reply(503, {"error": "busy"})] * 3)
    with asking.musicbrainz() as client:
        assert client.find_named("Nordlicht") == ARTISTS[0].mbid
    assert [(call.endpoint, call.status) for call in asking.calls] == [("/artist", 503)] * 3 + [("/artist", 200)]


@pytest.mark.parametrize(
    ("fault", "times", "calls", "wait_s"),
    [(Reply(503, {}), 9, 4, None), (Reply(503, {}, {"Retry-After": "30"}), 9, 1, 30), (Reply(502, {}), 9, 1, None)],
)
def test_a_service_that_stays_busy_or_says_how_long_is_left_alone(
    asking: Asking, fault: Reply, times: int, calls: int, wait_s: int | None
) -> None:
    asking.of_musicbrainz.faults.extend([fault] * times)
    with asking.musicbrainz() as client, pytest.raises(Unavailable) as caught:
        client.find_named("Nordlicht")
    assert (len(asking.calls), caught.value.retry_after_s) == (calls, wait_s)


def test_no_name_stands_in_what_is_told_of_a_call(asking: Asking) -> None:
    with asking.musicbrainz() as client:
        client.find_named("Nordlicht")
        client.find_linked(["1" * 22])
    assert {call.endpoint for call in asking.calls} == {"/artist", "/url"}
    assert "Nordlicht" not in repr(asking.calls)


@pytest.mark.parametrize("body", [{"artists": None}, {"odd": 1}, [1]])
def test_an_answer_of_another_form_is_no_answer(asking: Asking, body: object) -> None:
    asking.of_musicbrainz.faults.append(Reply(200, body))
    with asking.musicbrainz() as client, pytest.raises(BadPayload):
        client.find_named("Nordlicht")


def test_what_is_no_identifier_is_left_out(asking: Asking) -> None:
    rows = [{"id": "../../1", "name": "Nordlicht", "score": 100}, {"id": 7, "name": "Nordlicht"}, None]
    asking.of_musicbrainz.faults.append(Reply(200, {"artists": rows}))
    with asking.musicbrainz() as client:
        assert client.find_named("Nordlicht") is None


# Turns --------------------------------------------------------------------------------------------


def test_two_processes_take_turns_and_neither_is_ever_told_that_it_asks_too_often(asking: Asking, redis: Redis) -> None:
    asking.of_musicbrainz.pause_s = 0.02
    around = replace(asking.around, turns=RedisTurns(redis))
    with asking.musicbrainz(around, 0.2) as one, asking.musicbrainz(around, 0.2) as other:
        for _ in range(3):
            one.find_named("Nordlicht")
            other.find_named("Nordlicht")
    assert [call.status for call in asking.calls] == [200] * 6


def test_each_turn_comes_a_pause_after_the_one_before(redis: Redis) -> None:
    turns = RedisTurns(redis)
    waits = [turns.wait_s("musicbrainz", 10) for _ in range(3)]
    assert [round(wait or 0) for wait in waits] == [0, 10, 20]
    assert turns.wait_s("listenbrainz", 10) == 0
    assert 0 < redis.pttl("rewrapped:turn:musicbrainz") <= 70_000


def test_a_turn_that_lies_too_far_ahead_counts_for_nothing(redis: Redis) -> None:
    redis.set("rewrapped:turn:musicbrainz", 10**14)
    assert RedisTurns(redis).wait_s("musicbrainz", 1) == 0
    assert 0 < (RedisTurns(redis).wait_s("musicbrainz", 1) or 0) <= 1


def test_without_redis_each_process_keeps_its_own_pace(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    with make_redis("redis://127.0.0.1:9/0") as away, monkeypatch.context() as patch:
        patch.setattr(http.time, "sleep", slept.append)
        with asking.musicbrainz(replace(asking.around, turns=RedisTurns(away)), 500) as client:
            client.find_named("Nordlicht")
            client.find_named("Nordlicht")
    assert max(slept) > 400


# ListenBrainz -------------------------------------------------------------------------------------


def test_tags_of_many_artists_come_in_one_call_and_unknown_ones_are_left_out(asking: Asking) -> None:
    unknown = Artist("Nobody").mbid
    with asking.listenbrainz() as client:
        found = client.tags([*(one.mbid for one in ARTISTS), unknown])
    assert found == {one.mbid: one.tags for one in ARTISTS}
    assert len(asking.of_listenbrainz.asked) == 1


def test_a_limit_that_is_used_up_says_how_long_to_wait(asking: Asking) -> None:
    asking.of_listenbrainz.allowed = 0
    with asking.listenbrainz() as client, pytest.raises(RateLimited) as caught:
        client.tags([ARTISTS[0].mbid])
    assert caught.value.retry_after_s == 7


def test_tags_that_are_none_are_left_out(asking: Asking) -> None:
    mbid = ARTISTS[0].mbid
    said = [{"tag": "rock", "count": 0}, {"tag": "", "count": 3}, {"tag": "pop", "count": "x"}, 7, {"count": 1}]
    said += [{"tag": "jazz", "count": -2}, {"tag": "folk", "count": 2}]
    asking.of_listenbrainz.faults.append(Reply(200, [{"artist_mbid": mbid, "tag": {"artist": said}}, [], {"tag": 1}]))
    with asking.listenbrainz() as client:
        assert client.tags([mbid]) == {mbid: {"folk": 2}}


def test_an_object_in_place_of_the_list_cannot_be_read(asking: Asking) -> None:
    asking.of_listenbrainz.faults.append(Reply(200, {"artist_mbid": ARTISTS[0].mbid}))
    with asking.listenbrainz() as client, pytest.raises(BadPayload):
        client.tags([ARTISTS[0].mbid])


# Last.fm ------------------------------------------------------------------------------------------


def test_tags_of_a_name_are_read_also_when_there_is_only_one_or_none(asking: Asking) -> None:
    asking.of_lastfm.artists.append(Artist("One Tag", {"krautrock": 4}))
    with asking.lastfm() as client:
        assert client.tags("nordlicht") == {"dream pop": 100, "shoegaze": 40}
        assert client.tags("One Tag") == {"krautrock": 100}
        assert client.tags("Kleine Welle") == {}
        assert client.tags("Nobody at all") == {}


@pytest.mark.parametrize("status", [200, 400, 403, 404])
@pytest.mark.parametrize(
    ("number", "kind"), [(10, KeyRefused), (26, KeyRefused), (29, RateLimited), (16, Unavailable), (7, RequestRefused)]
)
def test_what_goes_wrong_has_its_kind_wherever_it_stands(
    asking: Asking, status: int, number: int, kind: type[IntegrationError]
) -> None:
    asking.of_lastfm.faults.append(Reply(status, {"error": number, "message": f"key {Simulator.key}"}))
    with asking.lastfm() as client, pytest.raises(kind) as caught:
        client.tags("Nordlicht")
    assert type(caught.value) is kind
    assert Simulator.key not in str(caught.value)


def test_a_wrong_key_and_a_used_up_limit_are_told_apart(asking: Asking) -> None:
    with asking.lastfm("wrong-and-secret") as client, pytest.raises(KeyRefused) as caught:
        client.tags("Nordlicht")
    assert "wrong-and-secret" not in str(caught.value) + repr(asking.calls)
    asking.of_lastfm.allowed = 0
    with asking.lastfm() as client, pytest.raises(RateLimited):
        client.tags("Nordlicht")
