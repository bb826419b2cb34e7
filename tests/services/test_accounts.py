"""Accounts against a real Postgres and Valkey: registering, signing in, throttling, changing, deleting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.errors import AccessDenied, Conflict, InvalidInput, NotFound, SignInNeeded, TooMany
from rewrapped.services import accounts, browsers, invitations, operators, passwords, profiles, sessions, throttle
from rewrapped.services.accounts import Caller, Registration
from rewrapped.services.profiles import Profile
from rewrapped.storage import people
from rewrapped.storage.people import NewPerson
from rewrapped.storage.tables import (
    absorbed_plays,
    audit_log,
    imports,
    labels,
    listening_history,
    repeated_plays,
    users,
)
from tests.conftest import Clock

PASSWORD = "horse lamp river"
FORM = Registration(
    "Jane@Example.org", PASSWORD, "Europe/Berlin", "de", "Jane", history_consent=True, terms_consent=True
)
LOCAL = Caller("127.0.0.1", is_local=True)
AWAY = Caller("203.0.113.9")


def dead_redis(deps: Deps) -> Deps:
    """The same, with a Redis that nobody listens for, and that isn't tried again: every call would take a second."""
    return replace(deps, redis=Redis.from_url("redis://127.0.0.1:9", retry=Retry(NoBackoff(), 0)))


def add_sample(deps: Deps) -> None:
    with deps.engine.begin() as conn:
        people.add_person(conn, NewPerson(None, Role.REGULAR, "Europe/Berlin", "Sample", is_demo=True))


def register(deps: Deps, email: str = "jane@example.org", caller: Caller = AWAY) -> Visitor:
    return Visitor.person(accounts.register(deps, replace(FORM, email=email), caller), Role.REGULAR)


def test_registering_records_both_consents_with_time_and_version(deps: Deps, clock: Clock) -> None:
    person = profiles.person(deps, register(deps))
    assert (person.email, person.zone, person.country, person.role) == (
        "jane@example.org",
        "Europe/Berlin",
        "DE",
        Role.REGULAR,
    )
    assert person.history_consent_at == person.terms_consent_at == clock.at
    assert person.terms_version
    assert person.consent_given_by == "self"


@pytest.mark.parametrize("missing", ["history_consent", "terms_consent"])
def test_nobody_registers_without_both_consents(deps: Deps, missing: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.register(deps, replace(FORM, **{missing: False}), AWAY)
    with deps.engine.begin() as conn:
        assert conn.execute(select(users)).all() == []


def test_the_password_is_stored_as_argon2id_alone(deps: Deps) -> None:
    register(deps)
    with deps.engine.begin() as conn:
        stored = conn.scalar(select(users.c.password_hash))
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_an_address_registers_once_however_it_is_written(deps: Deps) -> None:
    register(deps)
    with pytest.raises(Conflict, match="sign in instead"):
        accounts.register(deps, replace(FORM, email="JANE@example.ORG"), AWAY)


def test_the_first_to_register_from_this_machine_is_admin_and_the_second_is_not(deps: Deps) -> None:
    add_sample(deps)
    operators.add_account(deps, replace(FORM, email="cli@example.org"), Role.REGULAR)
    first, second = register(deps, "a@example.org", LOCAL), register(deps, "b@example.org", LOCAL)
    assert profiles.person(deps, first).role is Role.ADMIN
    assert profiles.person(deps, second).role is Role.REGULAR


def test_the_first_to_register_from_elsewhere_is_not_admin(deps: Deps) -> None:
    assert profiles.person(deps, register(deps, caller=AWAY)).role is Role.REGULAR
    assert profiles.person(deps, register(deps, "b@example.org", LOCAL)).role is Role.REGULAR


def test_of_many_who_register_at_once_one_is_admin(deps: Deps) -> None:
    def one(number: int) -> Role:
        caller = Caller(f"127.0.0.{number}", is_local=True)
        return profiles.person(deps, register(deps, f"p{number}@example.org", caller)).role

    with ThreadPoolExecutor(4) as pool:
        roles = list(pool.map(one, range(1, 7)))
    assert roles.count(Role.ADMIN) == 1


def test_closed_and_invited_registration_refuse_with_a_sentence(deps: Deps) -> None:
    for how in ("closed", "invite"):
        with pytest.raises(AccessDenied):
            accounts.register(replace(deps, site=replace(deps.site, registration=how)), FORM, LOCAL)


def test_an_invitation_lets_one_person_in_once(deps: Deps, clock: Clock) -> None:
    deps = replace(deps, site=replace(deps.site, registration="invite"))
    token = invitations.invite(deps, Role.PROMOTER).rpartition("=")[2]
    with pytest.raises(InvalidInput, match="password"):
        accounts.register(deps, replace(FORM, password="short", invite=token), AWAY)  # a slip doesn't use it up
    user_id = accounts.register(deps, replace(FORM, invite=token), AWAY)
    assert profiles.person(deps, Visitor.person(user_id, Role.REGULAR)).role is Role.PROMOTER
    with pytest.raises(InvalidInput, match="invitation"):
        accounts.register(deps, replace(FORM, email="b@example.org", invite=token), AWAY)
    late = invitations.invite(deps).rpartition("=")[2]
    clock.advance(days=8)
    with pytest.raises(InvalidInput, match="invitation"):
        accounts.register(deps, replace(FORM, email="b@example.org", invite=late), AWAY)


def test_the_first_admins_link_works_only_while_there_is_no_admin(deps: Deps) -> None:
    older, newer = invitations.first_admin_link(deps), invitations.first_admin_link(deps)
    assert older is not None
    assert newer is not None
    with pytest.raises(InvalidInput):
        accounts.register(deps, replace(FORM, invite=older.rpartition("=")[2]), AWAY)
    user_id = accounts.register(deps, replace(FORM, invite=newer.rpartition("=")[2]), AWAY)
    assert profiles.person(deps, Visitor.person(user_id, Role.ADMIN)).role is Role.ADMIN
    assert invitations.first_admin_link(deps) is None


def test_signing_in_takes_the_right_password_only(deps: Deps) -> None:
    visitor = register(deps)
    assert accounts.sign_in(deps, " JANE@example.org", PASSWORD, AWAY).user_id == visitor.user_id
    assert accounts.sign_in(deps, "jane@example.org", "horse\u2003lamp river", AWAY).user_id == visitor.user_id  # NFKC
    with pytest.raises(InvalidInput):
        accounts.sign_in(deps, "jane@example.org", PASSWORD.upper(), AWAY)


def test_a_wrong_password_and_an_unknown_address_get_one_answer_after_one_check(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(deps)
    checks: list[str | None] = []
    real = passwords.is_right
    monkeypatch.setattr(passwords, "is_right", lambda password, stored: checks.append(stored) or real(password, stored))
    answers = set()
    for email in ("jane@example.org", "nobody@example.org", "no address"):
        with pytest.raises(InvalidInput) as caught:
            accounts.sign_in(deps, email, "not this one, sorry", AWAY)
        answers.add(str(caught.value))
    assert len(answers) == 1
    assert len(checks) == 3
    assert not passwords.is_outdated(passwords.NOBODY)  # the check for nobody costs what a real one costs


def test_the_password_of_nobody_fits_nothing() -> None:
    assert not passwords.is_right("", None)
    assert not passwords.is_right(PASSWORD, None)
    assert not passwords.is_right(PASSWORD, "not a hash")


@pytest.mark.parametrize("redis_is", ["up", "down"])
def test_guessing_slows_down_to_fifteen_minutes_and_no_further(deps: Deps, clock: Clock, redis_is: str) -> None:
    throttle._memory.clear()
    deps = deps if redis_is == "up" else dead_redis(deps)
    budget = throttle.Budget("account", "jane@example.org", 5)
    for _ in range(5):
        throttle.count_try(deps, budget)
    waits = []
    for _ in range(14):
        with pytest.raises(TooMany) as caught:
            throttle.count_try(deps, budget)
        waits.append(caught.value.retry_after_s)
        clock.advance(seconds=waits[-1])
        throttle.count_try(deps, budget)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]


def test_tries_sent_together_do_not_slip_through(deps: Deps) -> None:
    def one(_: int) -> bool:
        try:
            throttle.count_try(deps, throttle.Budget("account", "jane@example.org", 5))
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(40))) == 5


def test_an_attacker_who_keeps_guessing_cannot_keep_the_owners_browser_out(deps: Deps) -> None:
    visitor = register(deps)
    device = browsers.device_cookie(deps.site, visitor.signed_in())
    for number in range(8):
        with pytest.raises((InvalidInput, TooMany)):
            accounts.sign_in(deps, "jane@example.org", f"guess number {number}", AWAY)
    with pytest.raises(TooMany):
        accounts.sign_in(deps, "jane@example.org", PASSWORD, AWAY)
    assert (
        accounts.sign_in(deps, "jane@example.org", PASSWORD, Caller("203.0.113.9", device)).user_id == visitor.user_id
    )


@pytest.mark.parametrize("cookie", ["", "x", "x.y", ".", "a.b.c", "é.ü", "x" * 5000])
def test_a_forged_device_cookie_is_nobodys(deps: Deps, cookie: str) -> None:
    assert browsers.known_device(deps.site, cookie, 1) is None


def test_one_persons_device_cookie_says_nothing_for_another(deps: Deps) -> None:
    assert browsers.known_device(deps.site, browsers.device_cookie(deps.site, 1), 1)
    assert browsers.known_device(deps.site, browsers.device_cookie(deps.site, 1), 2) is None


def test_one_address_cannot_try_many_accounts(deps: Deps) -> None:
    outcomes = []
    for number in range(35):
        with pytest.raises((InvalidInput, TooMany)) as caught:
            accounts.sign_in(deps, f"p{number}@example.org", "some password", AWAY)
        outcomes.append(caught.type)
    assert outcomes.index(TooMany) == 30


def test_right_passwords_do_not_use_up_a_shared_address(deps: Deps) -> None:
    register(deps)
    for _ in range(33):
        accounts.sign_in(deps, "jane@example.org", PASSWORD, AWAY)


def test_no_address_is_written_to_redis(deps: Deps, redis: Redis) -> None:
    register(deps)
    with pytest.raises(InvalidInput):
        accounts.sign_in(deps, "jane@example.org", "some password", AWAY)
    assert redis.dbsize() > 0
    assert not any(b"jane" in key or b"203.0.113" in key for key in redis.scan_iter())


def test_changing_the_password_ends_the_other_sessions_only(deps: Deps) -> None:
    visitor = register(deps)
    mine, other = sessions.start(deps, visitor.signed_in()), sessions.start(deps, visitor.signed_in())
    assert accounts.change_password(deps, visitor, PASSWORD, "six brass kettles", keep_token=mine) == 1
    assert sessions.visitor(deps, mine).user_id == visitor.user_id
    assert sessions.visitor(deps, other).user_id is None
    with pytest.raises(InvalidInput):
        accounts.sign_in(deps, "jane@example.org", PASSWORD, AWAY)
    assert accounts.sign_in(deps, "jane@example.org", "six brass kettles", AWAY)


def change_in_between(deps: Deps, monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    """Let the operator set Jane's password the moment after somebody's typed one was checked."""
    real = passwords.is_right

    def check_and_lose_time(typed: str, stored: str | None) -> bool:
        right = real(typed, stored)
        monkeypatch.setattr(passwords, "is_right", real)
        operators.set_password(deps, "jane@example.org", password)
        return right

    monkeypatch.setattr(passwords, "is_right", check_and_lose_time)


def session_count(deps: Deps) -> int:
    with deps.engine.begin() as conn:
        return conn.scalar(select(func.count()).select_from(users.metadata.tables["sessions"]))


@pytest.mark.parametrize("hashed_as", ["today", "formerly"])
def test_a_sign_in_checked_before_the_password_changed_neither_begins_nor_brings_the_old_one_back(
    deps: Deps, monkeypatch: pytest.MonkeyPatch, hashed_as: str
) -> None:
    visitor = register(deps)
    if hashed_as == "formerly":
        with deps.engine.begin() as conn:
            people.set_password_hash(conn, visitor.signed_in(), PasswordHasher(time_cost=1).hash(PASSWORD))
    change_in_between(deps, monkeypatch, "six brass kettles")
    with pytest.raises(InvalidInput):
        accounts.sign_in(deps, "jane@example.org", PASSWORD, AWAY)
    assert session_count(deps) == 0
    with pytest.raises(InvalidInput):
        accounts.sign_in(deps, "jane@example.org", PASSWORD, AWAY)
    assert accounts.sign_in(deps, "jane@example.org", "six brass kettles", AWAY).user_id == visitor.user_id


def test_signing_in_renews_a_hash_made_with_former_costs(deps: Deps) -> None:
    visitor = register(deps)
    with deps.engine.begin() as conn:
        people.set_password_hash(conn, visitor.signed_in(), PasswordHasher(time_cost=1).hash(PASSWORD))
    for _ in range(2):
        signed_in = accounts.sign_in(deps, "jane@example.org", PASSWORD, AWAY)
        assert sessions.visitor(deps, signed_in.token).user_id == visitor.user_id
    with deps.engine.begin() as conn:
        assert not passwords.is_outdated(people.find_password_hash(conn, visitor.signed_in()) or "")


def test_a_session_that_begins_while_the_password_changes_ends_with_the_others(deps: Deps) -> None:
    visitor = register(deps)
    with ThreadPoolExecutor(1) as pool:
        with deps.engine.begin() as signing_in:
            stored = people.find_password_hash(signing_in, visitor.signed_in())
            assert people.set_password_hash(signing_in, visitor.signed_in(), stored, expected=stored)
            changing = pool.submit(operators.set_password, deps, "jane@example.org", "six brass kettles")
            token = sessions.start_within(signing_in, visitor.signed_in(), sessions.WEB, deps.now())
        changing.result(30)
    assert sessions.visitor(deps, token) == Visitor()
    assert session_count(deps) == 0


def test_of_two_changes_of_one_password_the_later_is_refused(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = register(deps)
    change_in_between(deps, monkeypatch, "six brass kettles")
    with pytest.raises(InvalidInput):
        accounts.change_password(deps, visitor, PASSWORD, "nine paper boats", keep_token=None)
    assert accounts.sign_in(deps, "jane@example.org", "six brass kettles", AWAY)


def test_a_password_changes_with_its_sessions_and_its_note_or_not_at_all(deps: Deps) -> None:
    visitor = register(deps)
    token = sessions.start(deps, visitor.signed_in())
    with deps.engine.begin() as conn:
        conn.execute(text("ALTER TABLE audit_log ADD CONSTRAINT broken CHECK (action <> 'changed the password')"))
    try:
        with pytest.raises(IntegrityError):
            accounts.change_password(deps, visitor, PASSWORD, "six brass kettles", keep_token=None)
    finally:
        with deps.engine.begin() as conn:
            conn.execute(text("ALTER TABLE audit_log DROP CONSTRAINT broken"))
    assert sessions.visitor(deps, token).user_id == visitor.user_id
    assert accounts.sign_in(deps, "jane@example.org", PASSWORD, AWAY)


def test_the_password_is_not_changed_without_the_old_one_or_to_a_bad_one(deps: Deps) -> None:
    visitor = register(deps)
    for old, new in (("wrong password", "six brass kettles"), (PASSWORD, "password1234")):
        with pytest.raises(InvalidInput):
            accounts.change_password(deps, visitor, old, new, keep_token=None)
    assert accounts.sign_in(deps, "jane@example.org", PASSWORD, AWAY)


def test_guessing_the_old_password_in_a_stolen_session_is_throttled(deps: Deps) -> None:
    visitor = register(deps)
    outcomes = []
    for number in range(6):
        with pytest.raises((InvalidInput, TooMany)) as caught:
            accounts.check_password(deps, visitor, f"guess number {number}")
        outcomes.append(caught.type)
    assert outcomes == [InvalidInput] * 5 + [TooMany]


def test_a_profile_is_changed_as_a_whole_or_not_at_all(deps: Deps) -> None:
    visitor = register(deps)
    profiles.change_profile(deps, visitor, Profile("Zoë", "asia/calcutta", "in", "HALF"))
    person = profiles.person(deps, visitor)
    assert (person.display_name, person.zone, person.country, person.play_rule) == (
        "Zoë",
        "Asia/Calcutta",
        "IN",
        "half",
    )
    with pytest.raises(InvalidInput):
        profiles.change_profile(deps, visitor, Profile("New", "Nowhere/Land", "", "30s"))
    assert profiles.person(deps, visitor) == person


def test_the_sample_listener_can_be_read_and_never_changed(deps: Deps) -> None:
    add_sample(deps)
    token = sessions.start_demo(deps)
    demo = sessions.visitor(deps, token)
    assert profiles.listener(deps, demo).is_demo
    with pytest.raises(AccessDenied):
        profiles.change_profile(deps, demo, Profile("x", "UTC", "", "30s"))
    with pytest.raises(AccessDenied):
        accounts.delete(deps, demo, "")
    with pytest.raises(SignInNeeded):
        profiles.person(deps, demo)


def fill(deps: Deps, user_id: int) -> None:
    """Give a person rows in every kind of place there is."""
    now = deps.now()
    row = dict.fromkeys(("platform", "country", "reason_start", "reason_end", "flags"), 0)
    with deps.engine.begin() as conn:
        conn.execute(insert(labels).values(user_id=user_id, id=1, label="ios"))
        for table in (listening_history, absorbed_plays):
            conn.execute(
                insert(table).values(
                    user_id=user_id, reported_at=now, ended_at=now, track_id=1, ms_played=31_000, source=1, **row
                )
            )
        conn.execute(insert(repeated_plays).values(user_id=user_id, import_id=1, keys=b""))
        folder = f"{user_id}-upload"
        conn.execute(insert(imports).values(user_id=user_id, state="done", files=[], folder=folder))
    (deps.site.uploads / folder).mkdir()
    (deps.site.uploads / folder / "part").write_bytes(b"x")
    (deps.site.cache / f"{user_id}-1.arrow").write_bytes(b"x")


def test_deleting_an_account_leaves_nothing_of_it_and_all_of_others(deps: Deps) -> None:
    jane, other = register(deps), register(deps, "other@example.org")
    for visitor in (jane, other):
        fill(deps, visitor.signed_in())
    token = sessions.start(deps, jane.signed_in())
    assert sessions.visitor(deps, token).user_id == jane.user_id  # now there is a copy in Redis
    assert profiles.belongings(deps, jane).row_count == 1

    accounts.delete(deps, jane, PASSWORD)

    assert sessions.visitor(deps, token) == Visitor()
    with deps.engine.begin() as conn:
        for table in users.metadata.sorted_tables:
            column = "id" if table is users else "user_id"
            if column in table.c and (table is users or "user_id" in table.c):
                found = set(conn.scalars(select(table.c[column])))
                assert jane.user_id not in found, table.name
        assert conn.scalar(select(audit_log.c.action).where(audit_log.c.user_id.is_(None))) == "an account was deleted"
    left = [path.name for folder in (deps.site.uploads, deps.site.cache) for path in folder.iterdir()]
    assert sorted(left) == [f"{other.user_id}-1.arrow", f"{other.user_id}-upload"]
    with pytest.raises(NotFound):
        profiles.person(deps, jane)
    assert register(deps).user_id != jane.user_id  # the address is free again


def test_deleting_needs_the_password(deps: Deps) -> None:
    visitor = register(deps)
    with pytest.raises(InvalidInput):
        accounts.delete(deps, visitor, "wrong password")
    assert profiles.person(deps, visitor)


def test_the_only_admin_among_others_cant_leave_them_without_one(deps: Deps) -> None:
    visitor = register(deps)
    admin = Visitor.person(visitor.signed_in(), Role.ADMIN)
    with deps.engine.begin() as conn:
        people.set_role(conn, visitor.signed_in(), Role.ADMIN)
    other = register(deps, "other@example.org")
    with pytest.raises(Conflict, match="only admin"):
        accounts.delete(deps, admin, PASSWORD)
    assert profiles.person(deps, visitor)
    with deps.engine.begin() as conn:
        people.set_role(conn, other.signed_in(), Role.ADMIN)
    accounts.delete(deps, admin, PASSWORD)
    accounts.delete(deps, Visitor.person(other.signed_in(), Role.ADMIN), PASSWORD)  # nobody is left behind


def test_nobody_becomes_admin_by_being_first_where_the_terminal_made_one(deps: Deps) -> None:
    with deps.engine.begin() as conn:
        people.add_person(conn, NewPerson("boss@example.org", Role.ADMIN, "UTC"))
    visitor = register(deps, caller=Caller("127.0.0.1", is_local=True))
    with deps.engine.connect() as conn:
        assert visitor.signed_in() not in people.list_admins(conn)


def test_two_admins_who_go_at_once_dont_both_go(deps: Deps) -> None:
    admins = [register(deps), register(deps, "second@example.org")]
    register(deps, "other@example.org")
    with deps.engine.begin() as conn:
        for admin in admins:
            people.set_role(conn, admin.signed_in(), Role.ADMIN)

    def go(visitor: Visitor) -> bool:
        try:
            accounts.delete(deps, Visitor.person(visitor.signed_in(), Role.ADMIN), PASSWORD)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(go, admins)) == [False, True]
    with deps.engine.connect() as conn:
        assert len(people.list_admins(conn)) == 1


def test_deleting_waits_for_a_running_import_and_gives_up_in_one_piece(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = register(deps)
    monkeypatch.setattr(accounts, "IMPORT_WAIT_S", 1)
    with deps.engine.begin() as busy:
        busy.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": visitor.user_id})
        with pytest.raises(Conflict):
            accounts.delete(deps, visitor, PASSWORD)
    assert profiles.person(deps, visitor)
    accounts.delete(deps, visitor, PASSWORD)


def test_an_upload_folder_that_points_elsewhere_is_not_followed(deps: Deps) -> None:
    visitor = register(deps)
    keep = deps.site.cache / "keep"
    keep.mkdir()
    with deps.engine.begin() as conn:
        conn.execute(insert(imports).values(user_id=visitor.user_id, state="done", files=[], folder="../cache/keep"))
    accounts.delete(deps, visitor, PASSWORD)
    assert keep.exists()


def test_an_account_is_deleted_while_redis_is_away(deps: Deps) -> None:
    visitor = register(deps)
    throttle._memory.clear()
    accounts.delete(dead_redis(deps), visitor, PASSWORD)
    with pytest.raises(NotFound):
        profiles.person(deps, visitor)


def test_an_operator_adds_people_and_answers_for_their_consents(deps: Deps) -> None:
    user_id = operators.add_account(deps, Registration("op@example.org", PASSWORD, "Asia/Tokyo"), Role.ANALYST)
    person = profiles.person(deps, Visitor.person(user_id, Role.ANALYST))
    assert (person.role, person.consent_given_by) == (Role.ANALYST, "operator")
    assert person.history_consent_at
    with pytest.raises(Conflict):
        operators.add_account(deps, Registration("op@example.org", PASSWORD), Role.REGULAR)
    with pytest.raises(InvalidInput):
        operators.add_account(deps, Registration("b@example.org", PASSWORD), Role.GUEST)
    with pytest.raises(NotFound):
        operators.set_role(deps, "nobody@example.org", Role.ADMIN)


@pytest.mark.parametrize("written", ["ann@münchen.de", " Ann@MÜNCHEN.de ", "ann@xn--mnchen-3ya.de"])
def test_an_operator_finds_somebody_by_any_way_to_write_their_address(deps: Deps, written: str) -> None:
    user_id = operators.add_account(deps, Registration("ann@münchen.de", PASSWORD), Role.REGULAR)
    assert operators.find_user_id(deps, written) == user_id


@pytest.mark.parametrize("written", ["", "ann", "nobody@example.org\x00"])
def test_an_address_that_is_none_is_nobodys(deps: Deps, written: str) -> None:
    with pytest.raises((InvalidInput, NotFound)):
        operators.find_user_id(deps, written)


def test_a_new_role_holds_at_the_next_look_and_a_set_password_ends_sessions(deps: Deps) -> None:
    visitor = register(deps)
    token = sessions.start(deps, visitor.signed_in())
    assert sessions.visitor(deps, token).role is Role.REGULAR
    operators.set_role(deps, "jane@example.org", Role.PROMOTER)
    assert sessions.visitor(deps, token).role is Role.PROMOTER
    operators.set_password(deps, "jane@example.org", "six brass kettles")
    assert sessions.visitor(deps, token) == Visitor()
    assert accounts.sign_in(deps, "jane@example.org", "six brass kettles", AWAY)


def test_a_session_ends_when_left_alone_and_polling_does_not_keep_it(deps: Deps, clock: Clock) -> None:
    token = sessions.start(deps, register(deps).signed_in())
    for _ in range(3):
        clock.advance(days=13)
        deps.redis.flushall()  # the copy's ten seconds are long over
        assert sessions.visitor(deps, token, page_load=True).user_id
    deps.redis.flushall()
    clock.advance(days=13)
    assert sessions.visitor(deps, token).user_id  # a poll
    clock.advance(days=1)
    assert sessions.visitor(deps, token) == Visitor()


def test_a_session_ends_after_ninety_days_however_much_it_is_used(deps: Deps, clock: Clock) -> None:
    token = sessions.start(deps, register(deps).signed_in())
    for _ in range(8):
        clock.advance(days=11)
        deps.redis.flushall()
        assert sessions.visitor(deps, token, page_load=True).user_id
    clock.advance(days=2, seconds=1)
    assert sessions.visitor(deps, token, page_load=True) == Visitor()
    assert accounts.purge_ended(deps) == 1


def test_a_wiped_or_dead_redis_signs_nobody_out(deps: Deps) -> None:
    token = sessions.start(deps, register(deps).signed_in())
    deps.redis.flushall()
    assert sessions.visitor(deps, token).user_id
    assert sessions.visitor(dead_redis(deps), token).user_id


def test_a_session_ended_while_a_look_up_was_under_way_does_not_come_back(deps: Deps) -> None:
    token = sessions.start(deps, register(deps).signed_in())
    digest = sessions._digest(token)
    with deps.engine.begin() as conn:
        seen = sessions.rows.find_session(conn, digest)
    assert seen is not None
    sessions.end(deps, token)
    deps.redis.set(sessions._key(digest), sessions._encoded(seen), ex=10, nx=True)  # the slow look-up's last step
    assert sessions.visitor(deps, token) == Visitor()


def test_a_former_role_does_not_come_back_with_a_look_up_that_was_under_way(deps: Deps) -> None:
    token = sessions.start(deps, register(deps).signed_in())
    digest = sessions._digest(token)
    with deps.engine.begin() as conn:
        seen = sessions.rows.find_session(conn, digest)
    assert seen is not None
    operators.set_role(deps, "jane@example.org", Role.ADMIN)
    deps.redis.set(sessions._key(digest), sessions._encoded(seen), ex=10, nx=True)  # the slow look-up's last step
    for _ in range(2):
        assert sessions.visitor(deps, token).role is Role.ADMIN
    assert 0 < deps.redis.pttl(sessions._key(digest)) <= 10_000


def test_a_copy_in_redis_lasts_ten_seconds_and_holds_no_token(deps: Deps, redis: Redis) -> None:
    token = sessions.start(deps, register(deps).signed_in())
    sessions.visitor(deps, token)
    [key] = redis.keys("session:*")
    assert 0 < redis.pttl(key) <= 10_000
    assert token.encode() not in key + (redis.get(key) or b"")


@pytest.mark.parametrize("rubbish", [b"", b"null", b"[]", b"[1]", b"{", b"\xff", b'["a","b","c","d","e"]'])
def test_an_unreadable_copy_is_no_copy(deps: Deps, rubbish: bytes) -> None:
    token = sessions.start(deps, register(deps).signed_in())
    deps.redis.set(sessions._key(sessions._digest(token)), rubbish)
    assert sessions.visitor(deps, token).user_id


@pytest.mark.parametrize("token", [None, "", "x", "x" * 5000, "\ud800", "' or 1=1 --"])
def test_a_token_nobody_gave_out_is_nobodys(deps: Deps, token: str | None) -> None:
    assert sessions.visitor(deps, token) == Visitor()


def test_sign_out_everywhere_ends_every_session(deps: Deps) -> None:
    visitor = register(deps)
    tokens = [sessions.start(deps, visitor.signed_in()) for _ in range(3)]
    assert all(sessions.visitor(deps, token).user_id for token in tokens)
    assert sessions.end_all(deps, visitor.signed_in()) == 3
    assert all(sessions.visitor(deps, token) == Visitor() for token in tokens)


def test_a_demo_session_ends_sooner(deps: Deps, clock: Clock) -> None:
    assert sessions.start_demo(deps) is None
    add_sample(deps)
    token = sessions.start_demo(deps)
    assert sessions.visitor(deps, token).read_only
    clock.advance(days=1)
    assert sessions.visitor(deps, token) == Visitor()
    clock.at -= timedelta(days=1)
    assert sessions.visitor(deps, token).read_only
