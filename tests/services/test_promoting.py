"""Promoters' events: theirs alone, listed like every other, and whoever saved one is told once of each change."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import insert, update

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.attention import Period
from rewrapped.domain.drafts import Draft
from rewrapped.domain.events import EventSource, EventStatus
from rewrapped.domain.notices import Kind
from rewrapped.errors import AccessDenied, Conflict, InvalidInput, NotFound, SignInNeeded, StoreDown
from rewrapped.services import attention, notices, promoting
from rewrapped.storage import events
from rewrapped.storage.tables import events as table
from rewrapped.storage.tables import user_preferences
from tests import stored
from tests.conftest import Clock
from tests.promoters import DRAFT, draft, person, save


def told(deps: Deps, visitor: Visitor) -> list[str]:
    return [message.body for message in reversed(notices.list_messages(deps, visitor))]


ACTS: dict[str, Callable[[Deps, Visitor, int], object]] = {
    "find": promoting.find_event,
    "edit": lambda deps, visitor, event_id: promoting.edit(deps, visitor, event_id, DRAFT),
    "cancel": promoting.cancel,
    "draft": promoting.draft,
    "duplicate": promoting.duplicate,
    "figures": lambda deps, visitor, event_id: attention.overview(deps, visitor, Period.ALL, event_id),
}
MAKING: dict[str, Callable[[Deps, Visitor], object]] = {
    "list": promoting.list_events,
    "create": lambda deps, visitor: promoting.create(deps, visitor, DRAFT),
    "all figures": lambda deps, visitor: attention.overview(deps, visitor, Period.ALL),
}


@pytest.mark.parametrize("act", ACTS)
def test_another_promoters_event_is_not_there(deps: Deps, act: str) -> None:
    owner, other = person(deps, Role.PROMOTER), person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, DRAFT)
    for number in (event_id, 999_999):
        with pytest.raises(NotFound):
            ACTS[act](deps, other, number)
    assert promoting.find_event(deps, owner, event_id).event.listing.status is EventStatus.SCHEDULED


def test_a_form_that_is_sent_again_lists_one_event(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, other, form = person(deps, Role.PROMOTER), person(deps, Role.PROMOTER), uuid.uuid4()

    def gone(*_: object) -> None:
        raise StoreDown

    with monkeypatch.context() as broken:
        broken.setattr(promoting, "tie", gone)  # stored, and nobody was told so
        with pytest.raises(StoreDown):
            promoting.create(deps, owner, DRAFT, form)
    again = promoting.create(deps, owner, draft(title="Harbour Days"), form)
    assert [(own.id, own.event.listing.title) for own in promoting.list_events(deps, owner)] == [
        (again, "Harbour Days")
    ]
    assert promoting.create(deps, other, DRAFT, form) != again
    assert promoting.create(deps, owner, DRAFT, uuid.uuid4()) != again
    assert len(promoting.list_events(deps, owner)) == 2


@pytest.mark.parametrize("act", ACTS)
def test_an_admin_may_everything_with_any_promoters_event(deps: Deps, act: str) -> None:
    event_id = promoting.create(deps, person(deps, Role.PROMOTER), DRAFT)
    ACTS[act](deps, person(deps, Role.ADMIN), event_id)


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.GUEST, Role.REGULAR, Role.ANALYST, "demo"])
@pytest.mark.parametrize("act", [*ACTS, *MAKING])
def test_whoever_is_no_promoter_may_nothing(deps: Deps, act: str, role: Role | str) -> None:
    event_id = promoting.create(deps, person(deps, Role.PROMOTER), DRAFT)
    if role == "demo":
        visitor = Visitor.demo(person(deps, is_demo=True).signed_in())
    else:
        visitor = Visitor() if role is Role.ANONYMOUS else person(deps, Role(role))
    with pytest.raises((SignInNeeded, AccessDenied)):
        MAKING[act](deps, visitor) if act in MAKING else ACTS[act](deps, visitor, event_id)


def test_an_event_is_listed_like_every_other(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, DRAFT)
    [own] = promoting.list_events(deps, owner)
    listing = own.event.listing
    assert own.id == event_id
    assert (listing.source, listing.title, listing.zone) == (EventSource.INTERNAL, "Harbour Nights", "Europe/Lisbon")
    assert (listing.start_on, listing.start_time, listing.doors_time) == (date(2026, 12, 12), time(20, 30), time(19))
    assert (listing.venue.city, listing.venue.country) == ("Lisbon", "PT")
    assert listing.venue.latitude == pytest.approx(38.72, abs=0.05)
    assert [(act.name, act.is_headliner) for act in listing.performers] == [
        ("The Headliner", True),
        ("A Support", False),
    ]
    [offer] = listing.offers
    assert (offer.seller, offer.min_cents, offer.max_cents, offer.currency) == (
        "tickets.example.org",
        2000,
        3550,
        "EUR",
    )
    assert own.promotion.tags == ("open air", "boats")


def test_a_draft_of_an_event_lists_the_same_event_again(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    whole = draft(
        is_sponsored=True,
        target_countries=("PT", "DE"),
        target_genres=("techno",),
        target_artists="Björk\nMitski",
        minimum_plays=5,
        target_roles=("regular",),
        latitude=38.7,
        longitude=-9.2,
    )
    event_id = promoting.create(deps, owner, whole)
    before = promoting.find_event(deps, owner, event_id)
    promoting.edit(deps, owner, event_id, promoting.draft(deps, owner, event_id))
    after = promoting.find_event(deps, owner, event_id)
    assert after.promotion == before.promotion
    assert after.event.listing.venue == before.event.listing.venue
    assert after.event.changed_at == before.event.changed_at


def test_a_duplicate_is_a_form_without_a_date_and_lists_nothing(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, DRAFT)
    again = promoting.duplicate(deps, owner, event_id)
    assert (again.start_on, again.title, again.latitude) == (None, "Harbour Nights", None)
    assert len(promoting.list_events(deps, owner)) == 1


def test_the_same_show_of_another_source_is_tied_until_it_is_called_off_and_own_savers_are_told(deps: Deps) -> None:
    owner, fan, other = person(deps, Role.PROMOTER), person(deps), person(deps)
    own_id = promoting.create(deps, owner, DRAFT)
    with deps.engine.begin() as conn:
        own = events.find_event(conn, own_id)
        assert own is not None
        twin = replace(own.listing, source=EventSource.JAMBASE, source_id="j1")
        events.add_or_refresh(conn, [twin], deps.now())
    promoting.edit(deps, owner, own_id, draft(tags="new"))  # ties anew
    with deps.engine.begin() as conn:
        twins = stored.list_twins(conn, own_id)
    assert len(twins) == 2
    save(deps, fan, own_id)
    save(deps, other, next(one.id for one in twins if one.id != own_id))
    promoting.cancel(deps, owner, own_id)
    assert told(deps, other) == []
    with deps.engine.begin() as conn:
        assert len(stored.list_twins(conn, own_id)) == 1
    assert told(deps, fan) == ["Harbour Nights: it is called off."]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"start_on": date(2026, 12, 13)}, "it is on Sunday, 13 December 2026 now"),
        ({"start_time": time(21)}, "it begins at 21:00 now"),
        ({"start_time": None}, "it has no time yet"),
        ({"venue": "Musicbox"}, "it is at Musicbox in Lisbon now"),
        ({"place_id": 2735943}, "it is at Doca de Santo Amaro in Porto now"),
    ],
)
def test_savers_are_told_once_of_each_change_that_matters(deps: Deps, change: dict[str, object], words: str) -> None:
    owner, fan, other = person(deps, Role.PROMOTER), person(deps), person(deps)
    event_id = promoting.create(deps, owner, DRAFT)
    save(deps, fan, event_id)
    for _ in range(2):  # saving the form twice changes nothing the second time
        promoting.edit(deps, owner, event_id, draft(**change))
    assert told(deps, fan) == [f"Harbour Nights: {words}."]
    assert told(deps, other) == []


def test_savers_are_told_again_hours_after_they_were(deps: Deps, clock: Clock) -> None:
    owner, fan = person(deps, Role.PROMOTER), person(deps)
    event_id = promoting.create(deps, owner, DRAFT)
    save(deps, fan, event_id)
    for at in (time(21), time(20, 30), time(21)):
        clock.advance(hours=7)
        promoting.edit(deps, owner, event_id, draft(start_time=at))
    assert len(told(deps, fan)) == 3


def test_nobody_is_told_of_a_new_description_or_after_they_said_no(deps: Deps) -> None:
    owner, fan, quiet = person(deps, Role.PROMOTER), person(deps), person(deps)
    event_id = promoting.create(deps, owner, DRAFT)
    save(deps, fan, event_id)
    save(deps, quiet, event_id)
    with deps.engine.begin() as conn:
        conn.execute(insert(user_preferences).values(user_id=quiet.user_id, muted=[Kind.EVENT]))
    promoting.edit(deps, owner, event_id, draft(description="Another text", price_from=1.0))
    assert told(deps, fan) == []
    promoting.cancel(deps, owner, event_id)
    assert (told(deps, fan), told(deps, quiet)) == (["Harbour Nights: it is called off."], [])


def test_a_moved_event_says_so_and_one_called_off_or_over_stays(deps: Deps, clock: Clock) -> None:
    owner = person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, DRAFT)
    promoting.edit(deps, owner, event_id, draft(start_on=date(2026, 12, 20)))
    assert promoting.find_event(deps, owner, event_id).event.listing.status is EventStatus.RESCHEDULED
    promoting.cancel(deps, owner, event_id)
    for act in (lambda: promoting.cancel(deps, owner, event_id), lambda: promoting.edit(deps, owner, event_id, DRAFT)):
        with pytest.raises(Conflict, match="called off"):
            act()
    late = promoting.create(deps, owner, DRAFT)
    clock.advance(days=40)
    with pytest.raises((Conflict, InvalidInput)):
        promoting.cancel(deps, owner, late)


def test_an_event_of_a_promoter_who_left_stays_listed(deps: Deps) -> None:
    from rewrapped.services import accounts

    owner, admin = person(deps, Role.PROMOTER), person(deps, Role.ADMIN)
    event_id = promoting.create(deps, owner, DRAFT)
    accounts.delete_person(deps, owner.signed_in())
    assert promoting.find_event(deps, admin, event_id).promoter_id is None
    promoting.cancel(deps, admin, event_id)


def test_a_demoted_promoter_loses_the_panel_and_keeps_the_events_listed(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, DRAFT)
    with pytest.raises(AccessDenied):
        promoting.find_event(deps, Visitor.person(owner.signed_in(), Role.REGULAR), event_id)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": "  "}, "title"),
        ({"title": "\u202e\u2066"}, "title"),
        ({"title": "x" * 151}, "title can have up to 150"),
        ({"title": "x" * 100_000}, "title can have up to 150"),
        ({"place_id": None}, "Choose the city"),
        ({"place_id": 1}, "Choose the city"),
        ({"venue": ""}, "venue"),
        ({"venue": "v" * 100_000}, "venue"),
        ({"start_on": None}, "date"),
        ({"start_on": date(2026, 11, 21)}, "over"),
        ({"start_on": date(2031, 1, 1)}, "three years"),
        ({"doors_time": time(22)}, "Doors"),
        ({"latitude": 1.0}, "both latitude and longitude"),
        ({"latitude": float("nan"), "longitude": 1.0}, "latitude"),
        ({"latitude": 91.0, "longitude": 1.0}, "latitude"),
        ({"ticket_url": "javascript:alert(1)"}, "https://"),
        ({"ticket_url": "data:text/html,x"}, "https://"),
        ({"ticket_url": "https://user@evil.example"}, "https://"),
        ({"ticket_url": "//evil.example"}, "https://"),
        ({"ticket_url": ""}, "price needs the address"),
        ({"price_from": -1.0}, "price is a number"),
        ({"price_from": float("inf")}, "price is a number"),
        ({"price_from": 50.0}, "lowest price"),
        ({"currency": "EURO"}, "currency"),
        ({"currency": ""}, "currency"),
        ({"line_up": "\n".join(map(str, range(51)))}, "51 names"),
        ({"line_up": "x" * 1_000}, "name can have up to 200"),
        ({"line_up": "x\n" * 100_000}, "line-up is too long"),
        ({"description": "x" * 5_001}, "description"),
        ({"tags": ",".join(map(str, range(11)))}, "tags"),
        ({"tags": "x" * 41}, "tag has 1 to 40"),
        ({"tags": "x" * 100_000}, "tags"),
        ({"genres": ("no such genre",)}, "genres"),
        ({"target_countries": ("XX",)}, "countries"),
        ({"target_countries": ("Germany",)}, "two letters"),
        ({"target_genres": ("no such genre",)}, "genres"),
        ({"target_roles": ("admin",)}, "roles"),
        ({"minimum_plays": 0}, "plays"),
        ({"target_artists": "\n".join(map(str, range(51)))}, "51 names"),
    ],
)
def test_a_form_that_cannot_be_used_says_what_to_change_and_stores_nothing(
    deps: Deps, values: dict[str, object], words: str
) -> None:
    owner = person(deps, Role.PROMOTER)
    with pytest.raises(InvalidInput, match=words):
        promoting.create(deps, owner, draft(**values))
    assert promoting.list_events(deps, owner) == []


def test_what_is_stored_of_a_hostile_form_is_text(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    title = "<script>alert(1)</script>\u202e\x00 =1+1"
    event_id = promoting.create(deps, owner, draft(title=title, line_up="<img src=x onerror=alert(1)>\n\n"))
    listing = promoting.find_event(deps, owner, event_id).event.listing
    assert listing.title == "<script>alert(1)</script> =1+1"
    assert [act.name for act in listing.performers] == ["<img src=x onerror=alert(1)>"]


def test_nothing_at_all_but_the_needed_is_enough(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    least = Draft(title="A", place_id=DRAFT.place_id, venue="B", start_on=date(2026, 11, 22))
    listing = promoting.find_event(deps, owner, promoting.create(deps, owner, least)).event.listing
    assert (listing.start_time, listing.offers, listing.performers) == (None, (), ())


def test_an_event_hidden_as_over_cannot_be_changed(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, DRAFT)
    with deps.engine.begin() as conn:
        conn.execute(update(table).values(start_on=date(2026, 11, 1)))
    with pytest.raises(Conflict, match="over"):
        promoting.edit(deps, owner, event_id, DRAFT)
