"""Saved views: kept under a name, theirs alone, and never leading anywhere but to a listening page of this site."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, text, update

from rewrapped.charts.rings import COLOURWAYS
from rewrapped.charts.sharecard import Card, Layout, Ranked
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.savedviews import Address
from rewrapped.errors import Conflict, InvalidInput, NotFound, StoreDown
from rewrapped.services import accounts, profiles, savedviews, shares
from rewrapped.services.profiles import Profile
from rewrapped.storage import people, saved_views
from rewrapped.storage.tables import saved_views as table

TOPS = ("tops", "of=artists&range=12m&weekdays=5%2C6&rule=finished")


def person(deps: Deps, role: Role = Role.REGULAR) -> Visitor:
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, people.NewPerson(email=None, role=role, zone="UTC"))
    return Visitor.person(user_id or 0, role)


def names(deps: Deps, visitor: Visitor) -> list[str]:
    return [view.name for view in savedviews.list_views(deps, visitor)]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANONYMOUS])
def test_a_view_is_kept_renamed_and_taken_away_by_everybody_with_an_account(deps: Deps, role: Role) -> None:
    visitor = person(deps, role)
    view_id = savedviews.save_view(deps, visitor, "  Weekend   artists ", *TOPS)
    [kept] = savedviews.list_views(deps, visitor)
    assert (kept.id, kept.name, kept.address, kept.created_at) == (
        view_id,
        "Weekend artists",
        Address(*TOPS),
        deps.now(),
    )
    assert savedviews.rename_view(deps, visitor, view_id, "Other") == "Other"
    assert names(deps, visitor) == ["Other"]
    savedviews.delete_view(deps, visitor, view_id)
    assert names(deps, visitor) == []


def test_two_views_of_one_person_are_never_called_alike_but_those_of_two_are(deps: Deps) -> None:
    mira, jane = person(deps), person(deps)
    first = savedviews.save_view(deps, mira, "Straße", *TOPS)
    second = savedviews.save_view(deps, mira, "Other", *TOPS)
    for alike in ("STRASSE", "strasse", "Stra\N{LATIN SMALL LETTER SHARP S}e"):
        with pytest.raises(Conflict, match="already"):
            savedviews.save_view(deps, mira, alike, *TOPS)
        with pytest.raises(Conflict, match="already"):
            savedviews.rename_view(deps, mira, second, alike)
    assert savedviews.rename_view(deps, mira, first, "STRASSE") == "STRASSE"
    savedviews.save_view(deps, jane, "Straße", *TOPS)
    assert names(deps, mira) == ["Other", "STRASSE"]


def test_views_of_others_answer_as_if_there_were_none(deps: Deps) -> None:
    owner, other = person(deps), person(deps, Role.ADMIN)
    kept = savedviews.save_view(deps, owner, "Mine", *TOPS)
    for wanted in (kept, 999_999, 0, -1):
        with pytest.raises(NotFound):
            savedviews.delete_view(deps, other, wanted)
        with pytest.raises(NotFound):
            savedviews.rename_view(deps, other, wanted, "Taken")
    assert names(deps, other) == []
    assert names(deps, owner) == ["Mine"]


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("profile", "range=all"),
        ("//evil.example", "range=all"),
        ("tops", ""),
        ("tops", "of=artists"),
        ("tops", "range=1999"),
        ("tops", "range=custom&from=2026-02-30&to=2026-03-01"),
        ("tops", "range=all&weekdays=9"),
        ("tops", "range=all&rule=HALF"),
        ("tops", "range=all&rule=1;drop"),
        ("tops", "range=all&artists=0"),
        ("tops", "range=all&kinds=opera"),
    ],
)
def test_a_forged_address_is_neither_kept_nor_opened(deps: Deps, page: str, query: str) -> None:
    visitor = person(deps)
    with pytest.raises(InvalidInput, match="can't be kept or opened"):
        savedviews.save_view(deps, visitor, "Mine", page, query)
    assert names(deps, visitor) == []

    view_id = savedviews.save_view(deps, visitor, "Mine", *TOPS)
    with deps.engine.begin() as conn:  # by a hand that our checks don't see
        conn.execute(update(table).values(page=page, query=query))
    [listed] = savedviews.list_views(deps, visitor)
    assert listed.address is None
    savedviews.delete_view(deps, visitor, view_id)


def test_a_hundred_are_the_most_and_two_tabs_take_the_last_place_once(deps: Deps) -> None:
    visitor = person(deps)
    for number in range(99):
        savedviews.save_view(deps, visitor, f"Number {number}", *TOPS)

    def keep(number: int) -> bool:
        try:
            savedviews.save_view(deps, visitor, f"Last {number}", *TOPS)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(keep, range(4))) == [False, False, False, True]
    assert len(names(deps, visitor)) == 100
    with pytest.raises(Conflict, match="100 saved views"):
        savedviews.save_view(deps, visitor, "One more", *TOPS)


def test_two_tabs_that_take_one_name_at_once_keep_one_view(deps: Deps) -> None:
    visitor = person(deps)

    def keep(_: int) -> bool:
        try:
            savedviews.save_view(deps, visitor, "Mine", *TOPS)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(keep, range(4))) == 1


def test_a_database_that_goes_away_while_saving_keeps_nothing_and_says_so(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, add = person(deps), saved_views.add_view

    def add_and_lose(conn: Connection, *row: Any, **values: Any) -> int:
        added = add(conn, *row, **values)
        number = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with deps.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
        return added

    with monkeypatch.context() as patch:
        patch.setattr(saved_views, "add_view", add_and_lose)
        with pytest.raises(StoreDown, match="doesn't answer"):
            savedviews.save_view(deps, visitor, "Mine", *TOPS)
    assert names(deps, visitor) == []
    savedviews.save_view(deps, visitor, "Mine", *TOPS)


def test_views_go_with_their_account(deps: Deps) -> None:
    mira, jane = person(deps), person(deps)
    savedviews.save_view(deps, mira, "Mine", *TOPS)
    savedviews.save_view(deps, jane, "Mine", *TOPS)
    accounts.delete_person(deps, mira.signed_in())
    with deps.engine.connect() as conn:
        assert saved_views.count_views(conn, mira.signed_in()) == 0
        assert saved_views.count_views(conn, jane.signed_in()) == 1


def test_a_public_card_keeps_the_figures_of_the_rule_it_was_made_under(deps: Deps) -> None:
    visitor = person(deps)
    card = Card("x", "2026", "1", "hour", "Tops", [Ranked("Xenia", "5 plays", "x")], [], "", "Wrapped")
    made = shares.create(deps, visitor, card, Layout.BOTH, COLOURWAYS[0])

    profiles.change_profile(deps, visitor, Profile("Mira", "UTC", "", "any"))

    assert shares.find(deps, made.path.rpartition("/")[2]).card == card
