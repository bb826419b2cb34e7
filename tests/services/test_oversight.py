"""What admins do with promoters' events: each undoes harm, is noted, and is told to those whom it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, select, update

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.events import EventSource, EventStatus
from rewrapped.domain.notices import Kind
from rewrapped.domain.promoting import Interaction, Placement
from rewrapped.domain.shows import Search
from rewrapped.errors import Conflict, InvalidInput, NotFound
from rewrapped.services import (
    events,
    eventsheets,
    interactions,
    keeping,
    notices,
    oversight,
    pictures,
    promoting,
)
from rewrapped.services.interactions import Onlooker
from rewrapped.services.whereabouts import Whereabouts
from rewrapped.storage.tables import audit_log, saved_events
from rewrapped.storage.tables import events as events_table
from tests.conftest import Clock
from tests.gigs import store
from tests.promoters import DRAFT, draft, person
from tests.services.test_pictures import picture

NOWHERE = Whereabouts()
DECEMBER = Search(start_on=date(2026, 12, 1), end_on=date(2026, 12, 31))


@pytest.fixture
def admin(deps: Deps) -> Visitor:
    return person(deps, Role.ADMIN)


@pytest.fixture
def owner(deps: Deps) -> Visitor:
    return person(deps, Role.PROMOTER)


@pytest.fixture
def own_id(deps: Deps, owner: Visitor) -> int:
    return promoting.create(deps, owner, DRAFT)


def told(deps: Deps, visitor: Visitor) -> list[str]:
    return [message.body for message in reversed(notices.list_messages(deps, visitor))]


def noted(deps: Deps, admin: Visitor) -> list[str]:
    query = select(audit_log.c.action).where(audit_log.c.user_id == admin.user_id).order_by(audit_log.c.id)
    with deps.engine.connect() as conn:
        return list(conn.scalars(query))


def outside(deps: Deps, owner: Visitor, own_id: int) -> int:
    """Let JamBase list the same show; return its id."""
    own = promoting.find_event(deps, owner, own_id).event.listing
    [event_id] = store(deps, replace(own, source=EventSource.JAMBASE, source_id="j1", title="By JamBase"))
    promoting.edit(deps, owner, own_id, draft(tags="new"))  # ties anew
    return event_id


def show_id(deps: Deps, event_id: int) -> int:
    return events.event(deps, Visitor(), event_id, NOWHERE).show.id


# Called off ---------------------------------------------------------------------------------------


def test_an_event_called_off_can_be_reinstated_and_is_tied_again(
    deps: Deps, admin: Visitor, owner: Visitor, own_id: int
) -> None:
    fan, twin = person(deps), outside(deps, owner, own_id)
    keeping.save(deps, fan, own_id)
    promoting.cancel(deps, owner, own_id)
    assert show_id(deps, own_id) == own_id
    oversight.reinstate(deps, admin, own_id)
    assert promoting.find_event(deps, owner, own_id).event.listing.status is EventStatus.SCHEDULED
    assert show_id(deps, own_id) == twin
    assert told(deps, fan)[-1].startswith("Harbour Nights takes place after all. Now it is on Saturday, 12 December")
    assert told(deps, owner) == ["Harbour Nights takes place after all, an admin says."]
    assert noted(deps, admin) == [f"event {own_id}: reinstated"]
    promoting.edit(deps, owner, own_id, draft(title="Harbour Nights II"))  # it lives again
    with pytest.raises(Conflict, match="isn't called off"):
        oversight.reinstate(deps, admin, own_id)


def test_savers_who_were_told_long_ago_are_told_that_it_takes_place_after_all(
    deps: Deps, admin: Visitor, owner: Visitor, own_id: int, clock: Clock
) -> None:
    fan = person(deps)
    keeping.save(deps, fan, own_id)
    promoting.cancel(deps, owner, own_id)
    clock.advance(days=1)
    oversight.reinstate(deps, admin, own_id)
    assert told(deps, fan) == ["Harbour Nights: it is called off.", "Harbour Nights: it takes place after all."]


def test_an_event_that_is_over_is_not_reinstated(
    deps: Deps, admin: Visitor, owner: Visitor, own_id: int, clock: Clock
) -> None:
    promoting.cancel(deps, owner, own_id)
    clock.advance(days=40)
    with pytest.raises(Conflict, match="over"):
        oversight.reinstate(deps, admin, own_id)


# Taken away ---------------------------------------------------------------------------------------


def test_what_is_taken_away_is_nowhere_to_be_seen_until_it_is_given_back(
    deps: Deps, admin: Visitor, owner: Visitor, own_id: int
) -> None:
    fan = person(deps)
    keeping.save(deps, fan, own_id)
    image = pictures.set_picture(deps, owner, own_id, picture())
    oversight.take_away(deps, admin, own_id, "It isn't\nyours.")
    sees_nothing(deps, fan, own_id, image)
    assert told(deps, fan) == [
        "A show on Saturday, 12 December 2026 that you saved isn't listed here any more: an admin took it away."
    ]
    assert told(deps, owner) == ["Harbour Nights was taken away by an admin. Reason: It isn't yours."]
    own = promoting.find_event(deps, owner, own_id)
    assert (own.taken_at, own.taken_reason) == (deps.now(), "It isn't yours.")

    oversight.give_back(deps, admin, own_id)
    assert events.board(deps, Visitor(), DECEMBER, NOWHERE).total == 1
    assert [card.show.id for card in events.saved(deps, fan, NOWHERE)] == [own_id]
    assert pictures.find_picture(deps, image.rpartition("/")[2])
    assert noted(deps, admin) == [f"event {own_id}: taken away", f"event {own_id}: given back"]


def sees_nothing(deps: Deps, fan: Visitor, own_id: int, image: str) -> None:
    assert events.board(deps, Visitor(), DECEMBER, NOWHERE).total == 0
    assert events.saved(deps, fan, NOWHERE) == ()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: show_id(deps, own_id),
        lambda: keeping.save(deps, person(deps), own_id),
        lambda: keeping.add_tag(deps, fan, own_id, "jazz"),
        lambda: pictures.find_picture(deps, image.rpartition("/")[2]),
    )
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    onlooker = Onlooker(fan, None, "Mozilla/5.0 Firefox/145.0")
    assert not interactions.record(deps, onlooker, own_id, Interaction.VIEW, Placement.DIRECT)


def test_its_promoter_cannot_bring_back_what_was_taken_away(
    deps: Deps, admin: Visitor, owner: Visitor, own_id: int
) -> None:
    oversight.take_away(deps, admin, own_id, "No.")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: promoting.edit(deps, owner, own_id, draft(title="Again")),
        lambda: promoting.cancel(deps, owner, own_id),
        lambda: pictures.set_picture(deps, owner, own_id, picture()),
        lambda: oversight.take_away(deps, admin, own_id, "Twice."),
        lambda: oversight.reinstate(deps, admin, own_id),
    )
    for attempt in attempts:
        with pytest.raises(Conflict, match="took this event away: No"):
            attempt()
    promoting.create(deps, person(deps, Role.PROMOTER), DRAFT)  # ties the day anew
    assert [card.show.group == own_id for card in events.board(deps, Visitor(), DECEMBER, NOWHERE).everything] == [
        False
    ]


def test_a_sheet_cannot_bring_back_what_was_taken_away(deps: Deps, admin: Visitor) -> None:
    sheet = b"title,date,venue,city,country\nHarbour,2026-12-12,Doca,Lisbon,PT\n"
    [own_id] = eventsheets.load(deps, admin, sheet).listed
    oversight.take_away(deps, admin, own_id, "No.")
    again = eventsheets.load(deps, admin, sheet)
    assert list(again.left_out) == [2]
    assert events.board(deps, Visitor(), DECEMBER, NOWHERE).total == 0


def test_taking_away_a_twin_leaves_the_other_sources_show_as_it_was(
    deps: Deps, admin: Visitor, owner: Visitor, own_id: int
) -> None:
    twin = outside(deps, owner, own_id)
    assert [one.id for one in oversight.list_twins(deps, admin, own_id)] == [twin]
    oversight.take_away(deps, admin, own_id, "No.")
    card = events.event(deps, Visitor(), twin, NOWHERE)
    assert [sale.event_id for sale in card.show.sales] == [twin]
    assert events.description(deps, card.show) == ""
    assert oversight.list_twins(deps, admin, own_id) == []


def test_a_show_that_others_list_too_stays_saved_and_nobody_hears_that_it_is_gone(
    deps: Deps, admin: Visitor, owner: Visitor, own_id: int
) -> None:
    fan, both = person(deps), person(deps)
    keeping.save(deps, fan, own_id)
    keeping.save(deps, both, own_id)
    twin = outside(deps, owner, own_id)
    with deps.engine.begin() as conn:  # saved while the two weren't known to be one show
        conn.execute(insert(saved_events).values(user_id=both.user_id, event_id=twin))
    before = told(deps, fan)
    oversight.take_away(deps, admin, own_id, "No.")
    for visitor in (fan, both):
        assert [card.show.id for card in events.saved(deps, visitor, NOWHERE)] == [twin]
    assert told(deps, fan) == before
    oversight.give_back(deps, admin, own_id)
    assert [card.show.id for card in events.saved(deps, fan, NOWHERE)] == [show_id(deps, own_id)]


def test_a_twin_that_is_gone_keeps_nothing_saved(deps: Deps, admin: Visitor, owner: Visitor, own_id: int) -> None:
    fan, twin = person(deps), outside(deps, owner, own_id)
    keeping.save(deps, fan, own_id)
    with deps.engine.begin() as conn:
        conn.execute(update(events_table).where(events_table.c.id == twin).values(gone_at=deps.now()))
    oversight.take_away(deps, admin, own_id, "No.")
    assert told(deps, fan)[-1].endswith("isn't listed here any more: an admin took it away.")


@pytest.mark.parametrize(("reason", "words"), [("", "Give a reason"), (" \u202e", "Give a reason"), ("x" * 501, "500")])
def test_taking_away_needs_a_reason(deps: Deps, admin: Visitor, own_id: int, reason: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        oversight.take_away(deps, admin, own_id, reason)
    assert show_id(deps, own_id) == own_id


# Kept apart ---------------------------------------------------------------------------------------


def test_an_event_kept_apart_stays_so_until_it_may_be_tied_again(
    deps: Deps, admin: Visitor, owner: Visitor, own_id: int
) -> None:
    twin = outside(deps, owner, own_id)
    oversight.untie(deps, admin, own_id)
    promoting.edit(deps, owner, own_id, draft(tags="another"))  # ties the day anew
    assert (show_id(deps, own_id), show_id(deps, twin)) == (own_id, twin)
    with pytest.raises(Conflict, match="apart already"):
        oversight.untie(deps, admin, own_id)
    oversight.tie_again(deps, admin, own_id)
    assert show_id(deps, own_id) == twin
    with pytest.raises(Conflict, match="isn't kept apart"):
        oversight.tie_again(deps, admin, own_id)
    assert noted(deps, admin) == [f"event {own_id}: kept apart", f"event {own_id}: no longer kept apart"]


def test_admins_hear_of_events_of_promoters_alone(deps: Deps, admin: Visitor, owner: Visitor, own_id: int) -> None:
    twin = outside(deps, owner, own_id)
    for event_id in (twin, 999_999):
        for act in (oversight.reinstate, oversight.give_back, oversight.untie, oversight.list_twins):
            with pytest.raises(NotFound):
                act(deps, admin, event_id)


def test_a_decision_on_ones_event_cannot_be_switched_off(
    deps: Deps, admin: Visitor, owner: Visitor, own_id: int
) -> None:
    from rewrapped.services import preferences

    with pytest.raises(InvalidInput):
        preferences.set_told(deps, owner, Kind.OWN_EVENT, is_told=False)
