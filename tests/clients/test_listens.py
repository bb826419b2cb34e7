"""People's listens over HTTP: pages by moment, who isn't known, what is hidden, and odd shapes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rewrapped.clients import listens
from rewrapped.clients.http import Call, Surroundings
from rewrapped.clients.listens import LastFmListens, ListenBrainzListens
from rewrapped.domain.scrobbling import Listed, Listen
from rewrapped.errors import BadPayload, KeyRefused, NotFound, RateLimited, Unavailable
from tests.clients.asking import NOW
from tests.simulators.listens import Heard, Keeper, LastFmListensSimulator, ListenBrainzListensSimulator
from tests.simulators.server import Reply, Simulator, serving

START = 1_700_000_000
YEARS = [Heard(START + 200 * n, title=f"Tide {n}") for n in range(1_500)]


@contextmanager
def of_listenbrainz(simulator: Keeper, calls: list[Call] | None = None) -> Iterator[ListenBrainzListens]:
    tell = ([] if calls is None else calls).append
    with serving(simulator):
        client = ListenBrainzListens(listens.listenbrainz(simulator.url, 0), Surroundings(tell, lambda: NOW))
        yield client
        client.close()


@contextmanager
def of_lastfm(simulator: Keeper, key: str = Simulator.key) -> Iterator[LastFmListens]:
    with serving(simulator):
        service = listens.lastfm(key, f"{simulator.url}/2.0", 0)
        client = LastFmListens(service, Surroundings([].append, lambda: NOW))
        yield client
        client.close()


def test_listenbrainz_is_read_a_thousand_at_a_time_down_to_the_first() -> None:
    with of_listenbrainz(ListenBrainzListensSimulator({"mira": YEARS})) as client:
        assert client.find("mira") == Listed("mira", 1_500)
        first = client.page("mira", None)
        rest = client.page("mira", first.oldest_s)
    assert (first.row_count, first.is_last, rest.row_count, rest.is_last) == (1_000, False, 500, True)
    assert first.listens[0] == Listen(YEARS[-1].at_s, "Xenia", "Tide 1499", "Shore")
    assert rest.oldest_s == START


def test_lastfm_is_read_by_moment_and_what_plays_now_is_left_out() -> None:
    simulator = LastFmListensSimulator({"mira": YEARS[:250]})
    simulator.playing = Heard(0, title="Just now")
    with of_lastfm(simulator) as client:
        assert client.find("mira") == Listed("mira", 250)
        first = client.page("mira", None)
        rest = client.page("mira", first.oldest_s)
    assert (first.row_count, first.is_last, rest.row_count, rest.is_last) == (200, False, 50, True)
    assert "Just now" not in {one.title for one in (*first.listens, *rest.listens)}


@pytest.mark.parametrize("count", [0, 1])
def test_no_scrobble_and_a_single_one_have_shapes_of_their_own(count: int) -> None:
    with of_lastfm(LastFmListensSimulator({"mira": YEARS[:count]})) as client:
        told = client.page("mira", None)
    assert (told.row_count, told.is_last) == (count, True)


def test_who_isnt_known_or_hides_it_is_told_from_a_service_that_fails() -> None:
    hiding = LastFmListensSimulator({"mira": YEARS})
    hiding.hidden.add("mira")
    with of_lastfm(hiding) as client:
        with pytest.raises(NotFound, match="hidden"):
            client.page("mira", None)
        with pytest.raises(NotFound, match="nobody"):
            client.page("jonas", None)
    with of_listenbrainz(ListenBrainzListensSimulator()) as client, pytest.raises(NotFound, match="nobody"):
        client.find("mira")
    with of_lastfm(LastFmListensSimulator({"mira": YEARS}), key="another") as client, pytest.raises(KeyRefused):
        client.find("mira")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Reply(502, b"<html>Bad gateway</html>"), Unavailable),
        (Reply(200, b"<html>Hello</html>"), BadPayload),
        (Reply(200, {"payload": {}}), BadPayload),
        (Reply(200, {"payload": {"listens": [], "count": 3}}, cut_at=9), Unavailable),
        (Reply(429, {"code": 429}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": "9"}), RateLimited),
    ],
)
def test_faults_of_listenbrainz_are_told_apart(fault: Reply, error: type[Exception]) -> None:
    simulator = ListenBrainzListensSimulator({"mira": YEARS})
    simulator.faults.append(fault)
    with of_listenbrainz(simulator) as client, pytest.raises(error):
        client.page("mira", None)


def test_an_empty_page_is_the_last_only_where_nothing_is_left() -> None:
    listenbrainz = ListenBrainzListensSimulator({"mira": YEARS})
    with of_listenbrainz(listenbrainz) as client:
        assert client.page("mira", START).is_last
        hollow = Reply(200, {"payload": {"listens": [], "oldest_listen_ts": START}})
        for below_s in (None, START + 1):
            listenbrainz.faults.append(hollow)
            with pytest.raises(BadPayload, match="more"):
                client.page("mira", below_s)
    lastfm = LastFmListensSimulator({"mira": YEARS[:250]})
    with of_lastfm(lastfm) as client:
        assert client.page("mira", START).is_last
        for said in ({"total": "250"}, {"totalPages": "2"}):
            lastfm.faults.append(Reply(200, {"recenttracks": {"track": [], "@attr": said}}))
            with pytest.raises(BadPayload, match="more"):
                client.page("mira", START + 9)


def test_rows_of_any_shape_break_nothing() -> None:
    good = {"listened_at": START, "track_metadata": {"artist_name": "A", "track_name": "T", "additional_info": 7}}
    odd = [{}, {"listened_at": "x"}, {"listened_at": 1e300}, {"listened_at": START, "track_metadata": [1]}, 5, None]
    simulator = ListenBrainzListensSimulator()
    simulator.faults.append(Reply(200, {"payload": {"listens": [*odd, good], "oldest_listen_ts": "never"}}))
    with of_listenbrainz(simulator) as client:
        told = client.page("mira", None)
    assert (told.listens[-1], told.oldest_s) == (Listen(START, "A", "T"), START)


@pytest.mark.parametrize(("said", "count"), [(-5, 0), (1e300, 2**31 - 1), ("12", 12), ("x", 0), (None, 0)])
def test_counts_and_names_from_outside_can_be_stored(said: object, count: int) -> None:
    listenbrainz, lastfm = ListenBrainzListensSimulator(), LastFmListensSimulator({"mira": []})
    listenbrainz.faults.append(Reply(200, {"payload": {"count": said, "listens": []}}))
    lastfm.faults.append(Reply(200, {"user": {"name": "a/b\0" + "x" * 99, "playcount": said}}))
    with of_lastfm(lastfm) as client:
        assert client.find("mira") == Listed("mira", count)
    if said is not None:
        with of_listenbrainz(listenbrainz) as other:
            assert other.find("mira") == Listed("mira", count)


def test_a_name_stays_one_part_of_the_address_and_out_of_the_log() -> None:
    simulator, calls = ListenBrainzListensSimulator({"a ü": YEARS[:1]}), list[Call]()
    with of_listenbrainz(simulator, calls) as client:
        assert client.find("a ü").total == 1
    assert simulator.asked[0].path == "/1/user/a%20%C3%BC/listen-count"
    assert [call.endpoint for call in calls] == ["/1/user/NAME/listen-count"]
