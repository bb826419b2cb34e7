"""Becoming a promoter: asked once, decided once, told to both, and at once in every open tab."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.promoting import ApplicationState
from rewrapped.errors import AccessDenied, Conflict, InvalidInput, NotFound, SignInNeeded
from rewrapped.services import applications, membership, notices, sessions
from rewrapped.services.applications import Form
from rewrapped.storage.tables import audit_log
from tests.promoters import person

FORM = Form("Harbour Nights", "https://harbour.example.org", "Two festivals a year.")
EVERYBODY = (
    lambda deps: Visitor(),
    lambda deps: Visitor.demo(person(deps, is_demo=True).signed_in()),
    *(lambda deps, role=role: person(deps, role) for role in Role if role is not Role.ANONYMOUS),
)


def told(deps: Deps, visitor: Visitor) -> list[str]:
    return [message.body for message in notices.list_messages(deps, visitor)]


def audited(deps: Deps, visitor: Visitor) -> list[str]:
    with deps.engine.begin() as conn:
        query = select(audit_log.c.action).where(audit_log.c.user_id == visitor.user_id).order_by(audit_log.c.id)
        return list(conn.scalars(query))


@pytest.mark.parametrize("make", EVERYBODY)
def test_regular_people_and_analysts_alone_can_apply(deps: Deps, make: Callable[[Deps], Visitor]) -> None:
    visitor = make(deps)
    if visitor.role in (Role.REGULAR, Role.ANALYST):
        assert applications.apply(deps, visitor, FORM)
    else:
        with pytest.raises((SignInNeeded, AccessDenied)):
            applications.apply(deps, visitor, FORM)


@pytest.mark.parametrize("make", EVERYBODY[:-1])
def test_admins_alone_see_decide_and_give_roles(deps: Deps, make: Callable[[Deps], Visitor]) -> None:
    visitor = make(deps)
    somebody = person(deps)
    found = applications.apply(deps, somebody, FORM)
    for act in (
        lambda: applications.list_open(deps, visitor),
        lambda: applications.approve(deps, visitor, found),
        lambda: applications.refuse(deps, visitor, found, "no"),
        lambda: membership.list_people(deps, visitor),
        lambda: membership.change_role(deps, visitor, somebody.signed_in(), Role.ADMIN),
    ):
        with pytest.raises((SignInNeeded, AccessDenied)):
            act()
    latest = applications.latest(deps, somebody)
    assert latest is not None
    assert latest.state is ApplicationState.OPEN


def test_an_approved_person_is_a_promoter_at_once_in_every_open_tab(deps: Deps) -> None:
    somebody, admin = person(deps), person(deps, Role.ADMIN)
    token = sessions.start(deps, somebody.signed_in())
    assert sessions.visitor(deps, token).role is Role.REGULAR
    found = applications.apply(deps, somebody, FORM)
    assert told(deps, admin) == ["Harbour Nights asks to list events."]

    applications.approve(deps, admin, found)

    assert sessions.visitor(deps, token).role is Role.PROMOTER
    assert told(deps, somebody) == ["You are a promoter now: list your first event."]
    assert audited(deps, admin) == [f"approved application {found}"]
    assert audited(deps, somebody) == ["became promoter"]
    assert applications.list_open(deps, admin) == []


def test_a_refusal_says_why_and_the_person_can_ask_again(deps: Deps) -> None:
    somebody, admin = person(deps), person(deps, Role.ADMIN)
    found = applications.apply(deps, somebody, FORM)
    with pytest.raises(InvalidInput, match="reason"):
        applications.refuse(deps, admin, found, "  ")

    applications.refuse(deps, admin, found, "We can't find your website.")

    latest = applications.latest(deps, somebody)
    assert latest is not None
    assert (latest.state, latest.reason) == (ApplicationState.REFUSED, "We can't find your website.")
    assert told(deps, somebody) == ["Your application as a promoter was turned down: We can't find your website."]
    assert sessions.visitor(deps, sessions.start(deps, somebody.signed_in())).role is Role.REGULAR
    assert applications.apply(deps, somebody, FORM) != found


def test_one_application_waits_at_a_time_and_is_decided_once(deps: Deps) -> None:
    somebody, admin, other = person(deps), person(deps, Role.ADMIN), person(deps, Role.ADMIN)
    found = applications.apply(deps, somebody, FORM)
    with pytest.raises(Conflict):
        applications.apply(deps, somebody, FORM)
    applications.refuse(deps, admin, found, "no")
    for act in (applications.approve, lambda *given: applications.refuse(*given, "no")):
        with pytest.raises(NotFound):
            act(deps, other, found)
    assert len(told(deps, somebody)) == 1


@pytest.mark.parametrize(
    "form",
    [
        Form("", "", "a message"),
        Form("somebody", "", " \n "),
        Form("somebody", "javascript:alert(1)", "a message"),
        Form("somebody", "ftp://example.org", "a message"),
        Form("x" * 121, "", "a message"),
        Form("somebody", "", "x" * 100_000),
        Form("\u202e", "", "a message"),
    ],
)
def test_an_application_that_cannot_be_used_is_refused_with_a_sentence(deps: Deps, form: Form) -> None:
    with pytest.raises(InvalidInput):
        applications.apply(deps, person(deps), form)


def test_a_role_changes_at_once_and_is_noted(deps: Deps) -> None:
    somebody, admin = person(deps), person(deps, Role.ADMIN)
    token = sessions.start(deps, somebody.signed_in())
    sessions.visitor(deps, token)
    membership.change_role(deps, admin, somebody.signed_in(), Role.ANALYST)
    assert sessions.visitor(deps, token).role is Role.ANALYST
    assert audited(deps, admin) == [f"made person {somebody.user_id} analyst"]


def test_nobody_takes_the_last_admin_away(deps: Deps) -> None:
    admin = person(deps, Role.ADMIN)
    with pytest.raises(AccessDenied):
        membership.change_role(deps, admin, admin.signed_in(), Role.REGULAR)
    other = person(deps, Role.ADMIN)
    membership.change_role(deps, admin, other.signed_in(), Role.REGULAR)
    with pytest.raises(AccessDenied):  # whose tab still believes it
        membership.change_role(deps, other, admin.signed_in(), Role.REGULAR)


def test_guests_are_not_made_by_hand_and_samples_are_nobody(deps: Deps) -> None:
    admin, sample = person(deps, Role.ADMIN), person(deps, is_demo=True)
    with pytest.raises(InvalidInput):
        membership.change_role(deps, admin, person(deps).signed_in(), Role.GUEST)
    for user_id in (sample.signed_in(), 999_999):
        with pytest.raises(NotFound):
            membership.change_role(deps, admin, user_id, Role.REGULAR)


def test_people_are_found_by_a_part_of_their_address_and_wildcards_are_text(deps: Deps) -> None:
    admin, somebody = person(deps, Role.ADMIN), person(deps)
    with deps.engine.begin() as conn:
        from rewrapped.storage import people

        found = people.find_person(conn, somebody.signed_in())
    assert found is not None
    assert found.email is not None
    assert [one.id for one in membership.list_people(deps, admin, found.email.upper()[:-3])] == [somebody.user_id]
    assert membership.list_people(deps, admin, "%") == []
    assert {one.id for one in membership.list_people(deps, admin)} == {admin.user_id, somebody.user_id}
