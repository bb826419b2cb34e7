"""Access tokens against a real Postgres: made once, bounded, revoked at once, gone with their account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select

from rewrapped.deps import Deps
from rewrapped.domain import tokens as rules
from rewrapped.domain.access import MAY, Permission, Role, Visitor
from rewrapped.domain.tokens import Scope
from rewrapped.errors import AccessDenied, Conflict, InvalidInput, NotFound, SignInNeeded, TooMany
from rewrapped.services import accounts, tokens
from rewrapped.storage import people
from rewrapped.storage.tables import api_tokens, audit_log
from tests.conftest import Clock
from tests.promoters import person

HERE = "203.0.113.9"


def made(deps: Deps, visitor: Visitor, *scopes: Scope, days: int | None = None) -> str:
    return tokens.create(deps, visitor, "Sheet", scopes or [Scope.LISTENING], days).secret


def test_a_token_stands_for_its_person_and_its_scopes(deps: Deps) -> None:
    jane = person(deps)
    secret = made(deps, jane, Scope.LISTENING, Scope.EVENTS)
    holder = tokens.holder(deps, secret, HERE)
    assert (holder.visitor, holder.scopes) == (jane, {Scope.LISTENING, Scope.EVENTS})


def test_nothing_that_is_stored_or_shown_later_holds_the_token(deps: Deps) -> None:
    jane = person(deps)
    new = tokens.create(deps, jane, "Sheet", [Scope.LISTENING], None)
    assert new.secret not in repr(new)
    assert new.secret not in repr(tokens.list_tokens(deps, jane))
    with deps.engine.begin() as conn:
        stored = repr(conn.execute(select(api_tokens)).all()) + repr(conn.execute(select(audit_log)).all())
    assert new.secret.removeprefix(rules.PREFIX) not in stored
    assert new.secret.encode().hex() not in stored


def test_a_revoked_token_is_refused_from_the_next_request_on(deps: Deps) -> None:
    jane = person(deps)
    secret, other = made(deps, jane), made(deps, jane)
    tokens.holder(deps, secret, HERE)
    newest, oldest = tokens.list_tokens(deps, jane)
    tokens.revoke(deps, jane, oldest.id)
    with pytest.raises(SignInNeeded):
        tokens.holder(deps, secret, HERE)
    assert tokens.holder(deps, other, HERE).token_id == newest.id


def test_a_token_ends_with_its_last_moment(deps: Deps, clock: Clock) -> None:
    secret = made(deps, person(deps), days=30)
    clock.advance(days=30, seconds=-1)
    tokens.holder(deps, secret, HERE)
    clock.advance(seconds=1)
    with pytest.raises(SignInNeeded):
        tokens.holder(deps, secret, HERE)


def test_the_last_day_of_use_is_kept(deps: Deps, clock: Clock) -> None:
    jane = person(deps)
    secret = made(deps, jane)
    assert tokens.list_tokens(deps, jane)[0].last_used_on is None
    tokens.holder(deps, secret, HERE)
    clock.advance(days=2)
    tokens.holder(deps, secret, HERE)
    assert tokens.list_tokens(deps, jane)[0].last_used_on == date(2026, 11, 24)


def test_nobody_revokes_or_sees_somebody_elses(deps: Deps) -> None:
    jane, joe = person(deps), person(deps)
    secret = made(deps, jane)
    [token] = tokens.list_tokens(deps, jane)
    with pytest.raises(NotFound):
        tokens.revoke(deps, joe, token.id)
    assert tokens.list_tokens(deps, joe) == []
    assert tokens.holder(deps, secret, HERE).visitor == jane


@pytest.mark.parametrize("visitor", [Visitor(), Visitor.demo(1), Visitor.person(1, Role.GUEST)])
def test_strangers_guests_and_the_sample_listener_make_none(deps: Deps, visitor: Visitor) -> None:
    with pytest.raises((SignInNeeded, AccessDenied)):
        made(deps, visitor)
    with pytest.raises((SignInNeeded, AccessDenied)):
        tokens.list_tokens(deps, visitor)


@pytest.mark.parametrize("role", list(Role))
def test_promoting_is_given_by_promoters_alone(role: Role) -> None:
    given = Scope.PROMOTER in rules.scopes_of(Visitor.person(1, role))
    assert given == (Permission.PROMOTE in MAY[role])


def test_a_scope_beyond_ones_own_role_is_refused(deps: Deps) -> None:
    with pytest.raises(AccessDenied):
        made(deps, person(deps), Scope.PROMOTER)


def test_a_token_has_no_more_than_the_role_its_person_has_now(deps: Deps) -> None:
    pat = person(deps, Role.PROMOTER)
    secret = made(deps, pat, Scope.PROMOTER)
    with deps.engine.begin() as conn:
        people.set_role(conn, pat.signed_in(), Role.REGULAR)
    assert tokens.holder(deps, secret, HERE).visitor.role is Role.REGULAR
    with deps.engine.begin() as conn:
        people.set_role(conn, pat.signed_in(), Role.GUEST)
    with pytest.raises(SignInNeeded):
        tokens.holder(deps, secret, HERE)


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        ("", [Scope.EVENTS], None),
        ("x" * 61, [Scope.EVENTS], None),
        ("\x00\u202e", [Scope.EVENTS], None),
        ("Sheet", [], None),
        ("Sheet", [Scope.EVENTS], 0),
        ("Sheet", [Scope.EVENTS], 367),
    ],
)
def test_what_cant_be_used_makes_no_token(deps: Deps, name: str, scopes: list[Scope], days: int | None) -> None:
    jane = person(deps)
    with pytest.raises(InvalidInput):
        tokens.create(deps, jane, name, scopes, days)
    assert tokens.list_tokens(deps, jane) == []


def test_there_are_never_more_than_the_limit_even_when_made_at_once(deps: Deps) -> None:
    jane = person(deps)
    for _ in range(rules.MOST_TOKENS - 2):
        made(deps, jane)

    def attempt(_: int) -> bool:
        try:
            made(deps, jane)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 2
    assert len(tokens.list_tokens(deps, jane)) == rules.MOST_TOKENS


def test_wrong_tokens_of_one_network_have_to_wait_and_right_ones_dont(deps: Deps) -> None:
    secret = made(deps, person(deps))
    for number in range(tokens._FREE_WRONG):
        with pytest.raises(SignInNeeded):
            tokens.holder(deps, f"{rules.PREFIX}{number:043}", HERE)
    with pytest.raises(TooMany):
        tokens.holder(deps, f"{rules.PREFIX}{'x' * 43}", HERE)
    with pytest.raises(SignInNeeded):
        tokens.holder(deps, "nonsense", "198.51.100.7")
    assert tokens.holder(deps, secret, HERE)


def test_tokens_go_with_their_account(deps: Deps) -> None:
    jane, joe = person(deps), person(deps)
    secret, other = made(deps, jane), made(deps, joe)
    accounts.delete_person(deps, jane.signed_in())
    with pytest.raises(SignInNeeded):
        tokens.holder(deps, secret, HERE)
    assert tokens.holder(deps, other, HERE).visitor == joe
    with deps.engine.begin() as conn:
        assert conn.scalars(select(api_tokens.c.user_id)).all() == [joe.user_id]
