"""Counting: each person once per event, kind and day of the venue, and nobody who shouldn't count."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from redis import Redis
from sqlalchemy import func, select

from rewrapped.deps import Deps, Rest
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.events import EventSource
from rewrapped.domain.promoting import Interaction, Placement
from rewrapped.services import accounts, browsers, interactions, strangers
from rewrapped.services.interactions import Onlooker
from rewrapped.storage.tables import event_interactions as table
from tests.conftest import Clock
from tests.gigs import a_person, gig, promote, store, tie

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
VIEW = Interaction.VIEW


def view(deps: Deps, onlooker: Onlooker, event_id: int) -> bool:
    return interactions.record(deps, onlooker, event_id, VIEW, Placement.DIRECT)


def anybody(deps: Deps, visit: str | None = None, agent: str = FIREFOX, address: str = "203.0.113.9") -> Onlooker:
    return Onlooker(Visitor(), visit or browsers.new_visit(deps.site), agent, address)


def person(deps: Deps, role: Role = Role.REGULAR) -> Onlooker:
    return Onlooker(a_person(deps, role), browsers.new_visit(deps.site), FIREFOX)


def counted(deps: Deps) -> list[tuple[int, date, int]]:
    query = select(table.c.event_id, table.c.day, table.c.kind).order_by(table.c.event_id, table.c.day, table.c.kind)
    with deps.engine.connect() as conn:
        return [tuple(row) for row in conn.execute(query)]


def test_a_person_counts_once_per_event_kind_and_day(deps: Deps, clock: Clock) -> None:
    [one, other] = store(deps, gig("A"), gig("B"))
    somebody = person(deps)
    assert view(deps, somebody, one) is True
    assert view(deps, somebody, one) is False
    assert (
        view(deps, Onlooker(somebody.visitor, browsers.new_visit(deps.site), FIREFOX), one) is False
    )  # another browser
    assert view(deps, somebody, other) is True
    assert interactions.record(deps, somebody, one, Interaction.CLICK, Placement.FOR_YOU) is True
    clock.advance(days=1)
    assert view(deps, somebody, one) is True
    assert len(counted(deps)) == 4


def test_the_day_changes_at_the_venue_and_nowhere_else(deps: Deps, clock: Clock) -> None:
    [tokyo, honolulu] = store(deps, gig("T", zone="Asia/Tokyo"), gig("H", zone="Pacific/Honolulu"))
    for somebody in (person(deps), anybody(deps)):
        clock.at = datetime(2026, 11, 22, 14, 59, tzinfo=UTC)  # 23:59 in Tokyo, 4:59 in Honolulu
        assert view(deps, somebody, tokyo) is True
        assert view(deps, somebody, honolulu) is True
        clock.at = datetime(2026, 11, 22, 15, 1, tzinfo=UTC)
        assert view(deps, somebody, tokyo) is True
        assert view(deps, somebody, honolulu) is False
        clock.at = datetime(2026, 11, 23, 0, 1, tzinfo=UTC)  # UTC's own midnight means nothing
        assert view(deps, somebody, tokyo) is False
        assert view(deps, somebody, honolulu) is False
    assert {day for _, day, _ in counted(deps)} == {date(2026, 11, 22), date(2026, 11, 23)}


def test_somebody_unknown_has_another_key_every_day_and_nothing_of_them_is_stored(deps: Deps, clock: Clock) -> None:
    [event_id] = store(deps, gig("A"))
    visit = browsers.new_visit(deps.site)
    for _ in range(3):
        view(deps, anybody(deps, visit), event_id)
        clock.advance(days=1)
    with deps.engine.connect() as conn:
        keys = [bytes(key) for key in conn.scalars(select(table.c.person_key))]
    assert len(set(keys)) == 3
    assert all(visit.encode() not in key and len(key) == 16 for key in keys)


@pytest.mark.parametrize(
    "agent",
    [
        *(
            "",
            "Googlebot/2.1",
            "Mozilla/5.0 (compatible; bingbot/2.0)",
            "curl/8.5",
            "python-requests/2.34",
            "Wget/1.21",
        ),
        *(
            "facebookexternalhit/1.1",
            "Slackbot-LinkExpanding 1.0",
            "HeadlessChrome/140",
            "AhrefsBot/7.0",
            "Go-http-client/2",
        ),
    ],
)
def test_programs_never_count(deps: Deps, agent: str) -> None:
    [event_id] = store(deps, gig("A"))
    assert view(deps, anybody(deps, agent=agent), event_id) is False
    assert counted(deps) == []


@pytest.mark.parametrize(
    "agent",
    [
        FIREFOX,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
        "Mozilla/5.0 (Linux; Android 12; CUBOT X50) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
    ],
)
def test_browsers_of_people_count(deps: Deps, agent: str) -> None:
    [event_id] = store(deps, gig("A"))
    assert view(deps, anybody(deps, agent=agent), event_id) is True


def test_the_own_team_admins_and_the_sample_data_never_count(deps: Deps) -> None:
    pair = store(deps, gig("A"), gig("A", source=EventSource.INTERNAL))
    tie(deps, *pair)
    promoter, rival = person(deps, Role.PROMOTER), person(deps, Role.PROMOTER)
    promote(deps, pair[1], promoter.visitor.user_id)
    for nobody in (
        promoter,
        person(deps, Role.ADMIN),
        Onlooker(Visitor.demo(1), browsers.new_visit(deps.site), FIREFOX),
    ):
        assert view(deps, nobody, pair[0]) is False
    assert view(deps, Onlooker(Visitor(), None, FIREFOX), pair[0]) is False
    assert view(deps, rival, pair[0]) is True


def test_a_show_is_counted_for_itself_and_for_our_own_promoter(deps: Deps) -> None:
    pair = store(deps, gig("A"), gig("A", source=EventSource.INTERNAL))
    tie(deps, *pair)
    somebody = anybody(deps)
    assert view(deps, somebody, pair[0]) is True
    assert view(deps, somebody, pair[1]) is False
    assert [event_id for event_id, _, _ in counted(deps)] == pair


def test_a_click_counts_for_the_listing_it_leads_from_alone(deps: Deps) -> None:
    pair = store(deps, gig("A"), gig("A", source=EventSource.INTERNAL))
    tie(deps, *pair)
    assert interactions.record(deps, anybody(deps), pair[0], Interaction.CLICK, Placement.DIRECT) is True
    assert [event_id for event_id, _, _ in counted(deps)] == [pair[0]]


# Strangers ----------------------------------------------------------------------------------------


def test_of_strangers_a_network_counts_as_a_few_a_day(deps: Deps, clock: Clock) -> None:
    [event_id, other] = store(deps, gig("A"), gig("B"))
    crowd = [anybody(deps) for _ in range(strangers.MOST + 40)]
    assert sum(view(deps, somebody, event_id) for somebody in crowd) == strangers.MOST
    assert view(deps, crowd[0], other) is True  # who is one of them goes on
    assert view(deps, crowd[-1], other) is False
    assert view(deps, person(deps), event_id) is True  # signed in
    assert view(deps, anybody(deps, address="203.0.113.10"), event_id) is True
    clock.advance(days=1)
    assert view(deps, crowd[-1], event_id) is True


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("2001:db8:0:7::{0:x}", strangers.MOST),  # all of one /64
        ("2001:db8:0:{0:x}::1", strangers.MOST_OF_BLOCK),  # each in another, all of one /48
        ("::ffff:203.0.113.9", strangers.MOST),
        ("", strangers.MOST),
    ],
)
def test_networks_of_ipv6_are_as_wide_as_one_customer_has_them(deps: Deps, address: str, most: int) -> None:
    [event_id] = store(deps, gig("A"))
    crowd = [anybody(deps, address=address.format(number)) for number in range(1, most + 11)]
    assert sum(view(deps, somebody, event_id) for somebody in crowd) == most


def test_while_redis_is_away_strangers_are_counted_in_memory(deps: Deps, clock: Clock) -> None:
    clock.advance(days=400)  # a day no other test counts on
    away = replace(deps, redis=Redis(host="127.0.0.1", port=1), redis_rest=Rest())
    [event_id] = store(deps, gig("A", on=410))
    crowd = [anybody(deps) for _ in range(strangers.MOST + 3)]
    assert sum(view(away, somebody, event_id) for somebody in crowd) == strangers.MOST


@pytest.mark.parametrize(
    "visit",
    [
        *("", "x", "A" * 32, "A" * 32 + "." + "0" * 32, "A" * 32 + "." + "x" * 32, "." * 65, "ä" * 32 + "." + "0" * 32),
    ],
)
def test_a_visit_that_was_not_handed_out_here_is_nobody(deps: Deps, visit: str) -> None:
    [event_id] = store(deps, gig("A"))
    assert view(deps, Onlooker(Visitor(), visit, FIREFOX, "203.0.113.9"), event_id) is False
    assert counted(deps) == []


def test_a_visit_of_another_site_is_nobody_here(deps: Deps) -> None:
    [event_id] = store(deps, gig("A"))
    other = browsers.new_visit(replace(deps.site, secret_key=b"another secret of 32 bytes here!"))
    assert view(deps, anybody(deps, other), event_id) is False
    assert view(deps, anybody(deps, browsers.new_visit(deps.site)[:-1] + "!"), event_id) is False


def test_an_unknown_event_counts_nothing(deps: Deps) -> None:
    assert view(deps, anybody(deps), 4711) is False


def test_a_page_of_cards_is_counted_in_one_go(deps: Deps) -> None:
    ids = store(deps, *(gig(f"Act {number}") for number in range(30)))
    seen = dict.fromkeys(ids, Placement.EVERYTHING)
    somebody = anybody(deps)
    assert interactions.record_all(deps, somebody, seen, Interaction.IMPRESSION) == 30
    assert interactions.record_all(deps, somebody, seen, Interaction.IMPRESSION) == 0


def test_a_deleted_persons_totals_stand_and_nobody_can_tell_they_were_theirs(deps: Deps, clock: Clock) -> None:
    [event_id] = store(deps, gig("A"))
    somebody = person(deps)
    view(deps, somebody, event_id)
    clock.advance(days=1)
    view(deps, somebody, event_id)
    user_id = somebody.visitor.signed_in()
    accounts.delete_person(deps, user_id)
    with deps.engine.connect() as conn:
        keys = [bytes(key) for key in conn.scalars(select(table.c.person_key))]
    assert len(keys) == 2
    assert interactions.person_key(deps, user_id) not in keys


def test_traffic_comes_back_exactly_as_it_truly_was(deps: Deps, clock: Clock) -> None:
    chance = random.Random(11)
    zones = ["Asia/Tokyo", "America/New_York", "Europe/Berlin"]
    ids = store(deps, *(gig(f"Act {zone}", zone=zone) for zone in zones))
    promoter = person(deps, Role.PROMOTER)
    promote(deps, ids[0], promoter.visitor.user_id)
    crowd = [*(person(deps) for _ in range(6)), *(anybody(deps) for _ in range(6))]
    silent = [anybody(deps, agent="Googlebot/2.1"), person(deps, Role.ADMIN)]
    true: set[tuple[int, date, int, int]] = set()
    for _ in range(400):
        clock.advance(minutes=chance.randint(0, 25))
        event_id, kind = chance.choice(ids), chance.choice(list(Interaction))
        somebody = chance.choice([*crowd, *silent, promoter])
        interactions.record(deps, somebody, event_id, kind, chance.choice(list(Placement)))
        is_team = somebody is promoter and event_id == ids[0]
        if somebody not in silent and not is_team:
            day = clock.at.astimezone(ZoneInfo(zones[ids.index(event_id)])).date()
            true.add((event_id, day, kind, id(somebody)))
    expected: dict[tuple[int, date, int], int] = {}
    for event_id, day, kind, _ in true:
        expected[event_id, day, kind] = expected.get((event_id, day, kind), 0) + 1
    columns = (table.c.event_id, table.c.day, table.c.kind)
    with deps.engine.connect() as conn:
        stored = {tuple(row[:3]): row[3] for row in conn.execute(select(*columns, func.count()).group_by(*columns))}
    assert stored == expected
